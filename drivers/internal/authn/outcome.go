package authn

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/metrics"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// outcome is what one request came to. It is made once, however often the host asks.
type outcome struct {
	generation    uint64 // Of the registry it was made with.
	now           time.Time
	reason        token.Reason
	extractions   []extraction               // What stands at the places that were looked at.
	matches       []match                    // Rules that accept the token, in their order; or the one that almost does.
	verified      *token.Verified            // Token that they match; nil if there is none.
	once          *token.Unverified          // What it was parsed into; nil if cached.
	locations     *[]*registry.LocationIndex // Places that were looked at.
	token         string                     // The request's one token; empty if there is none.
	deadline      time.Time                  // When waiting for keys ends; zero if there was none.
	trial         trial                      // Search for the token's key.
	location      *registry.LocationIndex    // Place of the accepted token; nil if there is none.
	counter       *metrics.Counter           // Counts it; nil if not known yet.
	refuser       refuser                    // Rule that refused a verified token.
	trace         *Trace                     // Is told each step; nil for a request.
	raw           string                     // Token that came furthest; empty if there is none.
	keyID         string
	home          *pooled // What it goes back to.
	several       bool    // Two different tokens contradict each other.
	end           bool    // The request must not go on, whoever else might accept it.
	refused       bool    // The host has been told no.
	unconditional bool    // Nothing is to be done to the accepted request.
	formless      bool    // What was refused has not the form of a token.
	hidden        bool    // The token has been taken out of the request.
	stray         bool    // No rule looks for the token that is there.

	// What nearly every request needs of the above stands here, so that it is made at once.
	oneExtraction [1]extraction
	oneMatch      [1]match
	digest        token.Digest
}

// outcomes are those that nobody holds.
var outcomes = sync.Pool{New: func() any { return new(pooled) }}

// pooled is an outcome that serves one request after another. Whoever still has the result of an earlier one is told
// from the present one's by the use.
type pooled struct {
	outcome
	use atomic.Uint64 // Number of results that were released.
}

// newOutcome takes one that nobody holds.
func newOutcome() *outcome {
	p := outcomes.Get().(*pooled)
	p.home = p
	return &p.outcome
}

// release gives the outcome back for another request; nobody may hold it, or a list of it, or a text of its token.
func (r *outcome) release() {
	if r.once != nil {
		r.once.Discard()
	}
	home := r.home
	*r = outcome{}
	outcomes.Put(home)
}

// discard gives back what a refused token was parsed into; a trace holds on to it.
func (r *outcome) discard(u *token.Unverified) {
	if r.trace == nil {
		u.Discard()
	}
}

// plain reports whether there is no more to know than the reason: no key has signed the token, or there is none.
func (r *outcome) plain() bool {
	return r.reason != token.Accepted && len(r.matches) == 0 && r.verified == nil && !r.several && !r.end
}

// match is a rule with the user whom it found by a token. The user may be of a disabled application, or expired.
type match struct {
	binding *registry.Binding
	user    *application.UserInfo
	// unlisted tells that the user was made for the token, as the rule takes any.
	unlisted bool
}

// compare orders matches: listed users first, then by the rules' order.
func (m match) compare(other match) int {
	if m.unlisted != other.unlisted {
		if other.unlisted {
			return -1
		}
		return 1
	}
	return registry.ByOrder(m.binding, other.binding)
}

// best is the match that counts: of several rules that accept a token it is the first, a listed user before any other, and
// then in the rules' order, so that the answer is the same every time. It is the zero match if there is none.
func (r *outcome) best() match {
	if len(r.matches) == 0 {
		return match{}
	}
	return r.matches[0]
}

// record takes a refusal that came further than what is known.
func (r *outcome) record(reason token.Reason, raw, keyID string) {
	if r.reason == token.Accepted || !reason.Further(r.reason) {
		return
	}
	r.reason, r.raw, r.keyID, r.refuser = reason, raw, keyID, refuser{}
}

// refuser is the rule that refuses a verified token, and the key that made the token.
type refuser struct {
	binding *registry.Binding // Nil if several rules refuse it for the same reason
	key     *keys.Key
}

// blame notes which rule refuses a verified token. The reason was known before of what came furthest.
func (r *outcome) blame(b *registry.Binding, reason, before token.Reason, v *token.Verified) {
	switch {
	case r.reason != reason:
	case reason != before || r.refuser.key == nil:
		r.refuser = refuser{b, v.Key()}
	case r.refuser.binding != b:
		r.refuser.binding = nil
	}
}

// recordEvaluation notes what a rule says of a verified token.
func (r *outcome) recordEvaluation(m match, reason token.Reason, v *token.Verified, raw string) {
	switch {
	case reason != token.Accepted:
		if m.user != nil && r.reason != token.Accepted && (reason.Further(r.reason) || reason == r.reason && r.before(m)) {
			r.matches, r.verified = r.alone(m), v
		}
		keyID, _ := v.KeyID()
		before := r.reason
		r.record(reason, raw, keyID)
		r.blame(m.binding, reason, before, v)
	case r.reason == token.Accepted:
		at, _ := slices.BinarySearchFunc(r.matches, m, match.compare)
		r.matches = slices.Insert(r.matches, at, m)
	default:
		r.reason, r.matches, r.verified = token.Accepted, r.alone(m), v
	}
}

// before reports whether the match comes before the one that is known.
func (r *outcome) before(m match) bool {
	return len(r.matches) > 0 && m.compare(r.matches[0]) < 0
}

// alone is a list of the one match.
func (r *outcome) alone(m match) []match {
	r.oneMatch[0] = m
	return r.oneMatch[:]
}

// extraction is a location with what stands there.
type extraction struct {
	location *registry.LocationIndex
	bearer.Extraction
}
