// Package refused remembers the last refusals of a process, for who asks after the fact why a request was refused.
package refused

import (
	"cmp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"apinto-jwt/internal/printable"
)

// How many refusals are kept. What has no token has a place of its own: a probe that asks every second without one would
// else push all others out. Each takes less than 1 KiB, so that all take at most 1.25 MiB, and mostly a third of that.
const (
	Kept          = 1024 // With a token.
	KeptTokenless = 256
)

// Request is one refused request. It has neither the token nor a claim's value.
type Request struct {
	// Number grows with every refusal of the process.
	Number uint64    `json:"number"`
	Time   time.Time `json:"time"`
	Reason string    `json:"reason"`
	// Filter tells that a route's filter refused a token that the driver accepts.
	Filter bool `json:"filter,omitempty"`
	// RequestID is the host's ID of the request, as it stands in its access log.
	RequestID   string `json:"request_id,omitempty"`
	Fingerprint string `json:"fingerprint,omitempty"`
	// Application and Rule are those that refused a token whose signature is good, if only one did.
	Application string `json:"application,omitempty"`
	Rule        string `json:"rule,omitempty"`
	KeyID       string `json:"kid,omitempty"`
	Place       string `json:"place,omitempty"` // Where the token stood.
	Hint        string `json:"hint,omitempty"`  // Where what looks like a token stood, if none was found.
	Route       string `json:"route,omitempty"`
	Client      string `json:"client,omitempty"` // Address.
}

// Log is the last refusals. Adding takes no lock: a number, and a pointer that is stored. The zero value is empty.
type Log struct {
	last      atomic.Uint64
	tokens    [Kept]atomic.Pointer[Request]
	tokenless [KeptTokenless]atomic.Pointer[Request]
	without   atomic.Uint64 // How many had no token.
	with      atomic.Uint64
}

// Add remembers a refusal, and gives it its number. The texts must outlive the request, but for KeyID.
func (l *Log) Add(r Request) {
	r.KeyID = strings.Clone(r.KeyID)
	for _, text := range [...]*string{&r.RequestID, &r.KeyID, &r.Route, &r.Client} {
		if !plain(*text) {
			*text = printable.Text(*text)
		}
	}
	r.Number = l.last.Add(1)
	if r.Fingerprint == "" {
		l.tokenless[l.without.Add(1)%KeptTokenless].Store(&r)
		return
	}
	l.tokens[l.with.Add(1)%Kept].Store(&r)
}

// plain reports whether a text is short and fit for a log as it is, as nearly all are.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] < 0x20 || text[i] >= 0x7f {
			return false
		}
	}
	return len(text) <= longest
}

// longest is the longest text that printable.Text leaves whole, in bytes.
const longest = 128

// Number returns the number of the last refusal; 0 if there was none.
func (l *Log) Number() uint64 { return l.last.Load() }

// After returns the refusals that are kept and have a greater number, in the order of their numbers. A view that shows
// refusals as they come asks again with the last number that it has seen.
func (l *Log) After(number uint64) []Request {
	var list []Request
	for _, ring := range [...][]atomic.Pointer[Request]{l.tokens[:], l.tokenless[:]} {
		for i := range ring {
			if r := ring[i].Load(); r != nil && r.Number > number {
				list = append(list, *r)
			}
		}
	}
	slices.SortFunc(list, func(a, b Request) int { return cmp.Compare(a.Number, b.Number) })
	return list
}

// Last returns the last refusal that is kept of a token with the fingerprint, or of the request with the ID, and how many more
// there are.
func (l *Log) Last(fingerprint, requestID string) (last Request, more int, found bool) {
	for _, r := range l.After(0) {
		if fingerprint != "" && r.Fingerprint != fingerprint || requestID != "" && r.RequestID != requestID {
			continue
		}
		if found {
			more++
		}
		last, found = r, true
	}
	return last, more, found
}
