package jwt

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/eosc"

	"apinto-jwt/rule"
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

// revocations tell which tokens have been ended early. They are asked on every request, whatever is remembered of its
// token.
type revocations struct {
	// hashes are the host's; nil where the process has none. The interface is put in by the host's container before
	// the first request.
	hashes eosc.ICustomerVar
	// follows has a goroutine look at the hashes from the first request on: the process serves requests.
	follows bool
	follow  sync.Once
	// listed is what the hashes had when the goroutine last looked, which was at looked, in unix nanoseconds.
	listed atomic.Pointer[listed]
	looked atomic.Int64
	// stores are what the endpoints keep of tokens that they have issued.
	stores atomic.Pointer[[]Revocations]
}

// How often the hashes are looked at, and when a request no longer relies on what they had. Requests do not look
// themselves: that takes two locks that all of them share, and most of the time that the check would cost. The host
// tells nobody of a change.
const (
	lookEvery = 20 * time.Millisecond
	lookedAgo = 500 * time.Millisecond
)

// listed is both hashes as they are read on requests; nil maps where they are empty.
type listed struct {
	tokens    map[string]string // HashRevoked itself: the host replaces its maps, and never changes one
	unescaped tokenIDs          // the fields of it that have an escape, without it; nil if none has
	notBefore map[string]string // HashNotBefore itself
	cutoffs   cutoffs
}

// Revocations are tokens that were ended early, as an endpoint keeps them.
type Revocations interface {
	// Revoked tells whether the token with this "jti" was ended; it may keep the text. It is asked on every request with a
	// token of a rule that issues, must be quick and must not wait for long. A token that expires at the zero time never
	// does.
	Revoked(id string, expires time.Time) bool
}

// judge tells whether the token has been ended, in any of the ways there are.
func (r *revocations) judge(v *token.Verified, user *application.UserInfo, of *rule.Rule, now time.Time) token.Reason {
	if r.inHashes(v, user, now) || of.Issue != nil && r.endedByStore(v) {
		return token.TokenRevoked
	}
	return token.Accepted
}

// inHashes tells whether the hashes end the token.
func (r *revocations) inHashes(v *token.Verified, user *application.UserInfo, now time.Time) bool {
	l := r.look(now)
	return l != nil && (l.ended(v.ID()) || l.cutoffs.end(user, v.IssuedAt()))
}

// ended tells whether the token with this ID was ended, whoever its user is.
func (r *revocations) ended(id string, now time.Time) bool { return r.look(now).ended(id) }

// ended tells whether the token with this ID was ended.
func (l *listed) ended(id string) bool {
	if l == nil || len(l.tokens) == 0 || id == "" {
		return false
	}
	_, there := l.tokens[id]
	if !there && l.unescaped != nil {
		_, there = l.unescaped[id]
	}
	return there
}

// look is what the hashes have; nil where they are empty. Where nobody has looked for too long, as in a process that
// stood still or has just started, the request does.
func (r *revocations) look(now time.Time) *listed {
	if since := now.UnixNano() - r.looked.Load(); since < int64(lookedAgo) && since > -int64(lookedAgo) {
		return r.listed.Load()
	}
	if r.hashes == nil {
		return nil
	}
	if r.follows {
		r.follow.Do(func() { go r.keepLooking(time.Tick(lookEvery)) })
	}
	return r.read()
}

// keepLooking looks at the hashes at each tick.
func (r *revocations) keepLooking(ticks <-chan time.Time) {
	for range ticks {
		r.lookNow()
	}
}

// lookNow looks at the hashes. Where that panics, requests look themselves after a while, and the next tick looks again.
func (r *revocations) lookNow() {
	defer guardWork("the look at the hashes of ended tokens")
	r.read()
	r.looked.Store(time.Now().UnixNano())
}

// read is what the hashes have now. What has not changed is taken over from what they had.
func (r *revocations) read() *listed {
	tokens, _ := r.hashes.GetAll(HashRevoked)
	notBefore, _ := r.hashes.GetAll(HashNotBefore)
	before := r.listed.Load()
	l := before
	switch {
	case len(tokens) == 0 && len(notBefore) == 0:
		l = nil
	case l == nil || identity(l.notBefore) != identity(notBefore):
		l = &listed{tokens, unescapedOf(tokens), notBefore, newCutoffs(notBefore)}
	case identity(l.tokens) != identity(tokens):
		l = &listed{tokens, unescapedOf(tokens), notBefore, l.cutoffs}
	}
	if l != before {
		r.listed.CompareAndSwap(before, l) // else another has looked since
	}
	return l
}

// identity tells two maps apart by where they are, which is sound for maps that are held on to.
func identity(m map[string]string) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&m)) } //nolint:gosec // a map is a pointer

// tokenIDs is a set of token IDs.
type tokenIDs map[string]struct{}

// unescapedOf is the IDs of the fields that have an escape. One whose escapes cannot be read stands for itself alone.
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

// endedByStore tells whether an endpoint has ended the token.
func (r *revocations) endedByStore(v *token.Verified) bool {
	stores := r.stores.Load()
	if stores == nil || v.ID() == "" {
		return false
	}
	var expires time.Time
	if v.Expires().IsSet() {
		expires = v.Expires().Time()
	}
	id := strings.Clone(v.ID()) // the token may be given back
	for _, s := range *stores {
		if s.Revoked(id, expires) {
			return true
		}
	}
	return false
}

// add puts a store in force, for as long as the process lives: what it has ended must stay ended, also when nobody
// issues with it any more.
func (r *revocations) add(s Revocations) {
	for {
		old := r.stores.Load()
		var list []Revocations
		if old != nil {
			list = append(list, *old...)
		}
		list = append(list, s)
		if r.stores.CompareAndSwap(old, &list) {
			return
		}
	}
}
