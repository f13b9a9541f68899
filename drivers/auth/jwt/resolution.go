package jwt

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/drivers/internal/metrics"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// resolution is what one request came to. It is made once, however often the host asks.
type resolution struct {
	generation uint64 // of the registry it was made with
	now        time.Time
	reason     token.Reason
	found      []found                    // what stands at the places that were looked at
	matches    []match                    // the rules that accept the token, in their order; or the one that almost does
	verified   *token.Verified            // the token that they match
	once       *token.Unverified          // what it stands in, where that is not remembered
	shelves    *[]*registry.LocationIndex // Places that were looked at.
	token      string                     // The request's one token; empty if there is none.
	deadline   time.Time                  // When waiting for keys ends; zero if there was none.
	trial      trial                      // Search for the token's key.
	shelf      *registry.LocationIndex    // Place of the accepted token; nil if there is none.
	counter    *metrics.Counter           // Counts it; nil if not known yet.
	refuser    refuser                    // what refused a verified token
	raw        string                     // the token that came furthest
	keyID      string
	home       *pooled // What it goes back to.
	several    bool    // two different tokens contradict each other
	end        bool    // the request must not go on, whoever else might accept it
	refused    bool    // the host has been told no
	simple     bool    // nothing is to be done to the accepted request
	formless   bool    // What was refused has not the form of a token.
	stray      bool    // No rule looks for the token that is there.

	// What nearly every request needs of the above stands here, so that it is made at once.
	oneFound [1]found
	oneMatch [1]match
	digest   token.Digest
}

// resolutions are those that nobody holds.
var resolutions = sync.Pool{New: func() any { return new(pooled) }}

// pooled is a resolution that serves one request after another. Whoever still has the result of an earlier one is told
// from the present one's by the use.
type pooled struct {
	resolution
	use atomic.Uint64 // Number of results that were released.
}

// newResolution takes one that nobody holds.
func newResolution() *resolution {
	p := resolutions.Get().(*pooled)
	p.home = p
	return &p.resolution
}

// release gives the resolution back for another request; nobody may hold it, or a list of it, or a text of its token.
func (r *resolution) release() {
	if r.once != nil {
		r.once.Discard()
	}
	home := r.home
	*r = resolution{}
	resolutions.Put(home)
}

// fromBody tells whether the body has been looked into.
func (r *resolution) fromBody() bool {
	for i := range r.found {
		if r.found[i].shelf.InBody() {
			return true
		}
	}
	return false
}

// plain tells whether there is no more to know than the reason: no key has signed the token, or there is none.
func (r *resolution) plain() bool {
	return r.reason != token.Accepted && len(r.matches) == 0 && r.verified == nil && !r.several && !r.end
}

// match is a rule with the user whom it found by a token. The user may be of a disabled application, or expired.
type match struct {
	binding *registry.Binding
	user    *application.UserInfo
}

// best is the match that counts: of several rules that accept a token it is the first in the rules' order, so that the
// answer is the same every time. It is the zero match where there is none.
func (r *resolution) best() match {
	if len(r.matches) == 0 {
		return match{}
	}
	return r.matches[0]
}

// found is a place with what stands there.
type found struct {
	shelf *registry.LocationIndex
	bearer.Extraction
}

// look notes what stands at the shelf's rule.Location, if there is anything. What an earlier walk has found is not looked for
// again: a body's stream may be read once.
func (r *resolution) look(ctx http_service.IHttpContext, s *registry.LocationIndex, l limits, earlier []found) {
	for i := range earlier {
		if earlier[i].shelf.Location == s.Location {
			r.found = append(r.found, found{s, earlier[i].Extraction})
			return
		}
	}
	f := bearer.Extract(ctx, s.Location, l.body)
	if f.Empty() {
		return
	}
	if r.found == nil {
		r.found = r.oneFound[:0]
	}
	r.found = append(r.found, found{s, f})
}

// agree finds the request's one token; false where there are two: what has the form of a token ([token.HasForm]) must be
// the same at every place (RFC 6750 §2), whichever of them is good. Else the upstream might take the other one.
func (r *resolution) agree() bool {
	if len(r.found) == 1 && r.found[0].Foreign == "" && !r.found[0].Several { // as nearly always
		r.token = r.found[0].Token
		return true
	}
	var one string
	r.token = ""
	for i := range r.found {
		f := &r.found[i]
		for _, credential := range [...]string{f.Token, f.Foreign} {
			if credential == "" || credential == one || !token.HasForm(credential) {
				continue
			}
			if one != "" {
				return r.disagree(one)
			}
			one = credential
		}
		if f.Unread && one != "" {
			return r.disagree(one)
		}
		if f.Several && f.Formed {
			return r.disagree(f.Token)
		}
		if f.Token == one {
			r.token = one
		}
	}
	return true
}

// disagree notes that there are two tokens, of which this is one.
func (r *resolution) disagree(one string) bool {
	r.several = true
	r.note(token.TokenMalformed, one, "")
	return false
}

// unformed reports whether all that was refused is no token by its form.
func (r *resolution) unformed() bool {
	if r.several || r.end || r.reason != token.TokenMalformed && r.reason != token.TokenTooLarge {
		return false
	}
	return !slices.ContainsFunc(r.found, func(f found) bool { return f.Large || token.HasForm(f.Token) })
}

// admit does to the request what the rule and the user ask for when the token is accepted.
func (r *resolution) admit(m match, ctx http_service.IHttpContext) {
	if r.shelf != nil && r.shelf.Private {
		hosthttp.MarkPrivate(ctx, r.shelf.Location.SelectedBy(), Faults())
	}
	if r.simple {
		return
	}
	if m.binding.WritesLabels {
		writeLabels(ctx, m.binding.Rule, r.verified)
	}
	if m.hides() {
		r.hide(ctx)
	}
}

// hides tells whether the user's token is to be taken out of the request.
func (m match) hides() bool { return m.user.Additional == hides(true) }

// hides tells that the user's token is hidden. The driver does that itself; what the host would do after it changes
// nothing, but in a query, where it would write all other parameters anew. So it is not told of those.
type hides bool

// hide takes the token out of the request that goes to the upstream, wherever any rule looks for it.
func (r *resolution) hide(ctx http_service.IHttpContext) {
	for i := range r.found {
		if f := &r.found[i]; f.Token == r.token || f.Foreign == r.token {
			bearer.Remove(ctx, f.shelf.Location)
		}
	}
}

// note takes a refusal that came further than what is known.
func (r *resolution) note(reason token.Reason, raw, keyID string) {
	if r.reason == token.Accepted || !reason.Further(r.reason) {
		return
	}
	r.reason, r.raw, r.keyID, r.refuser = reason, raw, keyID, refuser{}
}

// refuser is the rule that refuses a verified token, and the key that made the token.
type refuser struct {
	binding *registry.Binding // nil where several rules refuse it for the same reason
	key     *keys.Key
}

// blame notes which rule refuses a verified token. The reason was known before of what came furthest.
func (r *resolution) blame(b *registry.Binding, reason, before token.Reason, v *token.Verified) {
	switch {
	case r.reason != reason:
	case reason != before || r.refuser.key == nil:
		r.refuser = refuser{b, v.Key()}
	case r.refuser.binding != b:
		r.refuser.binding = nil
	}
}

// take notes a rule's verdict on a verified token.
func (r *resolution) take(m match, reason token.Reason, v *token.Verified, raw string) {
	switch {
	case reason != token.Accepted:
		if m.user != nil && r.reason != token.Accepted && (reason.Further(r.reason) || reason == r.reason && r.before(m)) {
			r.matches, r.verified = r.alone(m), v
		}
		keyID, _ := v.KeyID()
		before := r.reason
		r.note(reason, raw, keyID)
		r.blame(m.binding, reason, before, v)
	case r.reason == token.Accepted:
		at, _ := slices.BinarySearchFunc(r.matches, m, func(a, b match) int { return registry.ByOrder(a.binding, b.binding) })
		r.matches = slices.Insert(r.matches, at, m)
	default:
		r.reason, r.matches, r.verified = token.Accepted, r.alone(m), v
	}
}

// before tells whether the match comes before the one that is known, in the rules' order.
func (r *resolution) before(m match) bool {
	return len(r.matches) > 0 && registry.ByOrder(m.binding, r.matches[0].binding) < 0
}

// alone is a list of the one match.
func (r *resolution) alone(m match) []match {
	r.oneMatch[0] = m
	return r.oneMatch[:]
}
