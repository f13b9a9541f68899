package jwt

import (
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/eosc"

	"apinto-jwt/token"
)

// The hashes by which an administrator ends tokens before their time: PUT /hash/<hash>/<field> on the admin address, or
// jwtctl revoke. The host replicates them to every node, and keeps them over a restart.
const (
	// HashRevoked has single tokens: the field is the token's "jti", as it is or URL-escaped; the value is when the
	// token expires, in unix seconds, and only says when the field can be dropped. That the field is there ends the token.
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
	escaped   bool              // a field of it has an escape
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
func (r *revocations) judge(v *token.Verified, user *application.UserInfo, of *rule, now time.Time) token.Reason {
	if r.inHashes(v, user, now) || of.issue != nil && r.endedByStore(v) {
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
	if !there && l.escaped {
		_, there = l.tokens[url.PathEscape(id)]
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
		r.read()
		r.looked.Store(time.Now().UnixNano())
	}
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
		l = &listed{tokens, anyEscaped(tokens), notBefore, newCutoffs(notBefore)}
	case identity(l.tokens) != identity(tokens):
		l = &listed{tokens, anyEscaped(tokens), notBefore, l.cutoffs}
	}
	if l != before {
		r.listed.CompareAndSwap(before, l) // else another has looked since
	}
	return l
}

// identity tells two maps apart by where they are, which is sound for maps that are held on to.
func identity(m map[string]string) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&m)) } //nolint:gosec // a map is a pointer

// cutoffs is HashNotBefore made ready for requests, by the applications' names.
type cutoffs map[string]*cutoff

// cutoff is what is ended of one application: tokens issued before these times.
type cutoff struct {
	app   float64 // for all its users
	users map[string]float64
}

// The cutoffs that no token meets, and that every token does.
const (
	never  = -1 << 62
	always = 1 << 62
)

// newCutoffs reads the hash. Where it says two things of the same application or user, the later time counts.
func newCutoffs(hash map[string]string) cutoffs {
	all := make(cutoffs, len(hash))
	for field, value := range hash {
		app, user := parseSubject(field)
		c, known := all[app]
		if !known {
			c = &cutoff{app: never, users: make(map[string]float64)}
			all[app] = c
		}
		at := parseCutoff(value)
		if user == "" {
			c.app = max(c.app, at)
		} else if earlier, known := c.users[user]; !known || at > earlier {
			c.users[user] = at
		}
	}
	return all
}

// parseSubject reads a field. With an empty user it is about the whole application.
func parseSubject(field string) (app, user string) {
	app, user, _ = strings.Cut(field, "|")
	return appName(unescaped(app)), unescaped(user)
}

// unescaped is the text without its URL escapes, or the text itself where they cannot be read.
func unescaped(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

// parseCutoff reads a unix time; what is none ends every token.
func parseCutoff(value string) float64 {
	seconds, ok := token.ParseSeconds(strings.TrimSpace(value))
	if !ok {
		return always
	}
	return seconds
}

// end tells whether a token of the user that was issued at this time has been ended.
func (c cutoffs) end(user *application.UserInfo, issued token.NumericDate) bool {
	return c.endAt(user, issued.IsSet(), issued.Seconds())
}

// endAt is end of a token whose time stands outside it.
func (c cutoffs) endAt(user *application.UserInfo, hasTime bool, issued float64) bool {
	if len(c) == 0 {
		return false
	}
	of, known := c[appName(user.App.Id())]
	if !known {
		return false
	}
	at := of.app
	if own, known := of.users[user.Name]; known && own > at {
		at = own
	}
	return at != never && (!hasTime || issued < at)
}

// appSuffix is what the host makes an application's ID of, behind its name.
const appSuffix = "@app"

// appName is an application's name, given that or its ID.
func appName(id string) string { return strings.TrimSuffix(id, appSuffix) }

// anyEscaped tells whether a field has an escape.
func anyEscaped(hash map[string]string) bool {
	for field := range hash {
		if strings.Contains(field, "%") {
			return true
		}
	}
	return false
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
