// Package authn authenticates a request by the rules in force.
//
// Reading it top-down is reading a request. [Authenticator.GetUser] (getuser.go) authenticates it once
// (authenticate.go): its token is found at the locations of the rules (package bearer), parsed (package token) and verified
// (verify.go) with the keys that the registry's indexes offer, and evaluated by the rules that have its key (evaluate.go).
// What can change while the rules do not is asked on every request (standing.go).
package authn

import (
	"sync/atomic"
	"time"

	"apinto-jwt/drivers/internal/metrics"
	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/drivers/internal/refused"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/revocation"
	"apinto-jwt/token"
)

// Authenticator authenticates requests by the rules in force. All entries of a process share one.
type Authenticator struct {
	Registry    *registry.Registry
	Counters    *metrics.Counters
	Panics      panics.Counter
	Revocations revocation.List // Tokens that have been ended early.
	Refused     *refused.Log    // The last refusals. What each request reads stands round the pointer.
	Clock       Clock
	BodyLimit   int // Longest body that is read for a token, in bytes.

	cache        *tokenCache
	hints        hints
	fingerprints *fingerprints // Of refused tokens.
	// refusals are the plain refusals of the present generation by reason, once they are there.
	refusals [token.ReasonCount]atomic.Pointer[outcome]
	// formless are the same for what has not the form of a token.
	formless [token.ReasonCount]atomic.Pointer[outcome]
}

// New makes an authenticator for the rules of the registry. Limits are in bytes; a cacheLimit of 0 keeps no verified tokens.
func New(rules *registry.Registry, clock Clock, bodyLimit, cacheLimit int) *Authenticator {
	a := &Authenticator{
		Registry: rules, Counters: metrics.New(), Clock: clock, BodyLimit: bodyLimit, Refused: new(refused.Log), fingerprints: newFingerprints(),
	}
	a.cache = newTokenCache(cacheLimit, &a.Panics)
	a.Revocations.Panicked = a.Panics.Stopped
	return a
}

// Cached returns the number of verified tokens in the cache, and the bytes that they take; 0 if there is no cache.
func (a *Authenticator) Cached() (tokens int, bytes uint64) { return a.cache.tokens.Size() }

// Sweep drops the verified tokens from the cache that could not be accepted at this time.
func (a *Authenticator) Sweep(now time.Time) { a.cache.sweep(now) }

// Holds reports whether the cache holds a decision on the token.
func (a *Authenticator) Holds(raw string) bool {
	m, _, _ := a.cache.get(raw, new(token.Digest))
	return m != nil && m.decision.Load() != nil
}

// Hints are the hints that requests were given, with their number.
func (a *Authenticator) Hints() []HintState { return a.hints.states() }
