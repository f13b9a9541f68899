// Package revocation ends tokens before their time: what the hashes say that an administrator writes (list.go,
// notbefore.go), and what the stores of endpoints say that have issued them (store.go). It knows nothing of the host.
package revocation

import (
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"apinto-jwt/token"
)

// The hashes by which an administrator ends tokens before their time: PUT /hash/<hash>/<field> on the admin address, or
// jwtctl revoke. The host replicates them to every node, and keeps them over a restart.
const (
	// HashRevoked has single tokens: the field is the token's "jti", as it is or URL-escaped, in any of the spellings that
	// RFC 3986 §2.1 allows; the value is when the token expires, in unix seconds, and only says when the field can be
	// dropped. That the field is there ends the token.
	HashRevoked = "jwt_revoked"
	// HashNotBefore has whole applications, field "<app>", and users, field "<app>|<user>", both URL-escaped; the
	// application by ID or name ("shop@app" or "shop"). The value is a unix time: tokens whose "iat" is before it, or
	// that have none, are ended. A value that is no number ends them all, whenever they were issued; a field whose
	// escapes cannot be read stands for itself.
	HashNotBefore = "jwt_not_before"
)

// Hashes are where the hashes can be read, as they are now. A map that was handed out never changes.
type Hashes interface {
	GetAll(name string) (fields map[string]string, ok bool)
}

// List tells which tokens have been ended early. It is asked on every request, whatever is cached of its token. Its
// exported fields are set before the first request.
type List struct {
	// Hashes are nil in a process that has none.
	Hashes Hashes
	// Follows has a goroutine poll the hashes from the first request on: the process serves requests.
	Follows bool
	// Panicked counts a panic of that goroutine. Nil: nobody counts.
	Panicked func(place string)

	follow sync.Once
	// listed is what the hashes had at the last poll, which was at polled, in unix nanoseconds.
	listed atomic.Pointer[Snapshot]
	polled atomic.Int64
	stores stores
}

// How often the hashes are polled, and when a request no longer relies on what they had. Requests do not poll: that takes
// two locks that all of them share, and most of the time that the check would cost. The host tells nobody of a change.
const (
	pollEvery = 20 * time.Millisecond
	maxAge    = 500 * time.Millisecond
)

// Snapshot is both hashes as they are read on requests. Nil ends nothing.
type Snapshot struct {
	tokens    map[string]string // HashRevoked itself.
	unescaped tokenIDs          // Its fields that have an escape, without it; nil if none has.
	hash      map[string]string // HashNotBefore itself.
	notBefore notBefore
}

// EndsID reports whether the token with this ID was ended, whoever its user is.
func (s *Snapshot) EndsID(id string) bool {
	if s == nil || len(s.tokens) == 0 || id == "" {
		return false
	}
	_, there := s.tokens[id]
	if !there && s.unescaped != nil {
		_, there = s.unescaped[id]
	}
	return there
}

// Ends reports whether the token was ended, which is that of a user of the application, given by ID.
func (s *Snapshot) Ends(v *token.Verified, app, user string) bool {
	issued := v.IssuedAt()
	return s.EndsID(v.ID()) || s != nil && s.notBefore.ends(app, user, issued.IsSet(), issued.Seconds())
}

// EndsIssued reports whether HashNotBefore ends tokens of the user that were issued at this time.
func (s *Snapshot) EndsIssued(app, user string, issued time.Time) bool {
	return s != nil && s.notBefore.ends(app, user, true, float64(issued.Unix()))
}

// Held returns how long tokens of the user that are issued now would be ended from the beginning, as HashNotBefore lies
// ahead; 0 if they are good.
func (s *Snapshot) Held(app, user string, now time.Time) time.Duration {
	if s == nil {
		return 0
	}
	return s.notBefore.held(app, user, now)
}

// Snapshot returns what the hashes have; nil if they are empty. If nobody has polled for too long, as in a process that
// stood still or has just started, the request does.
func (r *List) Snapshot(now time.Time) *Snapshot {
	if since := now.UnixNano() - r.polled.Load(); since < int64(maxAge) && since > -int64(maxAge) {
		return r.listed.Load()
	}
	if r.Hashes == nil {
		return nil
	}
	if r.Follows {
		r.follow.Do(func() { go r.keepPolling(time.Tick(pollEvery)) })
	}
	return r.read()
}

// keepPolling polls at each tick.
func (r *List) keepPolling(ticks <-chan time.Time) {
	for range ticks {
		r.poll()
	}
}

// poll reads the hashes. If that panics, requests read them after a while, and the next tick polls again.
func (r *List) poll() {
	defer func() {
		if p := recover(); p != nil && r.Panicked != nil {
			r.Panicked("the look at the hashes of ended tokens")
		}
	}()
	r.read()
	r.polled.Store(time.Now().UnixNano())
}

// read returns what the hashes have now. What has not changed is taken over from what they had.
func (r *List) read() *Snapshot {
	tokens, _ := r.Hashes.GetAll(HashRevoked)
	hash, _ := r.Hashes.GetAll(HashNotBefore)
	before := r.listed.Load()
	l := before
	switch {
	case len(tokens) == 0 && len(hash) == 0:
		l = nil
	case l == nil || identity(l.hash) != identity(hash):
		l = &Snapshot{tokens, unescapedOf(tokens), hash, newNotBefore(hash)}
	case identity(l.tokens) != identity(tokens):
		l = &Snapshot{tokens, unescapedOf(tokens), hash, l.notBefore}
	}
	if l != before {
		r.listed.CompareAndSwap(before, l) // else another has read since
	}
	return l
}

// identity tells two maps apart by their addresses, which is sound for maps that are held on to.
func identity(m map[string]string) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&m)) } //nolint:gosec // a map is a pointer

// tokenIDs is a set of token IDs.
type tokenIDs map[string]struct{}

// unescapedOf returns the IDs of the fields that have an escape. One whose escapes cannot be read stands for itself alone.
func unescapedOf(hash map[string]string) tokenIDs {
	var ids tokenIDs
	for field := range hash {
		if plain := unescaped(field); plain != field {
			if ids == nil {
				ids = make(tokenIDs)
			}
			ids[plain] = struct{}{}
		}
	}
	return ids
}
