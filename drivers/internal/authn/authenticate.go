package authn

import (
	"slices"
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/token"
)

// outcomeKey finds the outcome among a request's values. Pointers are compared fastest.
var resultKey any = new(struct{ _ byte })

// known is the request's outcome, if it has been made, and with the rules as they are.
func (a *Authenticator) known(ctx http_service.IHttpContext) *outcome {
	if r, ok := ctx.Value(resultKey).(*outcome); ok && r.generation == a.Registry.Generation() {
		return r
	}
	return nil
}

// keep leaves the outcome with the request, for whoever asks next.
func (r *outcome) keep(ctx http_service.IHttpContext) { ctx.WithValue(resultKey, r) }

// refusal is what all requests have in common that are plainly refused for the same reason.
func (a *Authenticator) refusal(r *outcome) *outcome {
	refusals := &a.refusals
	if r.formless {
		refusals = &a.formless
	}
	one := refusals[r.reason].Load()
	if one == nil || one.generation != r.generation {
		one = &outcome{generation: r.generation, reason: r.reason, refused: true, formless: r.formless}
		refusals[r.reason].Store(one)
	}
	return one
}

// authenticate is the walk of a request's token, made once a request: from the places where it may stand, through the keys
// that could have signed it, to the rules that demand something of its claims and know its user. A refusal while the
// rules were changing is no answer, as the token may be good before and after; then the walk is made again.
func (a *Authenticator) authenticate(ctx http_service.IHttpContext) *outcome {
	r := newOutcome()
	r.now = a.Clock.Arrived(ctx)
	a.walk(ctx, r)
	return r
}

// walk makes the walk of a request that came at r.now, or that is traced as if it had.
func (a *Authenticator) walk(ctx http_service.IHttpContext, r *outcome) {
	r.generation, r.reason = a.Registry.Generation(), token.TokenMissing
	a.tryLocations(ctx, r, nil)
	for range MaxTries - 1 {
		if r.reason == token.Accepted || r.end || !a.Registry.Settled(r.generation) {
			break
		}
		earlier := slices.Clone(r.extractions)
		*r = outcome{
			generation: a.Registry.Generation(), reason: token.TokenMissing, now: r.now,
			deadline: r.deadline, trial: r.trial, home: r.home, trace: r.trace,
		}
		if r.trace != nil {
			r.trace.again()
		}
		a.tryLocations(ctx, r, earlier)
	}
	r.formless = r.unformed()
}

// MaxTries bounds how often a request's walk is made while the rules change.
const MaxTries = 3

// tryLocations finds the request's token at the places that rules look at, and puts it to the rules until it is accepted.
func (a *Authenticator) tryLocations(ctx http_service.IHttpContext, r *outcome, earlier []extraction) {
	if !a.gather(ctx, r, earlier) {
		return
	}
	for i := range r.extractions {
		switch f := &r.extractions[i]; {
		case f.Damaged:
			r.end = true
			r.record(token.TokenMalformed, "", "")
		case f.Large:
			r.end = r.end || f.Spent
			if r.token == "" || !token.HasForm(r.token) { // what another place has says more than a body that nobody has looked into
				r.record(token.TokenTooLarge, "", "")
			}
		case f.Several:
			r.several = true
			r.record(token.TokenMalformed, f.Token, "")
		case f.Token != "":
			if f.location.InBody() && r.trace == nil { // the client may have taken its time to send it
				r.now = a.Clock.Now()
			}
			a.authenticateToken(ctx, f.location, f.Token, r)
		}
		if r.reason == token.Accepted {
			r.location = r.extractions[i].location
		}
		if r.reason == token.Accepted || r.end {
			break
		}
	}
}

// gather looks at every rule.Location, and reports whether the request has no two tokens. The body comes last, and is not read for
// a request that has two already.
func (a *Authenticator) gather(ctx http_service.IHttpContext, r *outcome, earlier []extraction) bool {
	r.locations = a.Registry.Locations()
	for _, s := range *r.locations {
		if s.InBody() && !r.agree() {
			return false
		}
		r.extract(ctx, s, a.BodyLimit, earlier)
	}
	return r.agree()
}

// authenticateToken takes one token from parse to verdict. A token that was verified before is not parsed and verified again, and
// one that was accepted before is asked only for what can have changed. One whose key is gone since is refused like a
// token that was never seen.
func (a *Authenticator) authenticateToken(ctx http_service.IHttpContext, s *registry.LocationIndex, raw string, r *outcome) {
	var c registry.Candidates
	m, v, number := a.recall(raw, r)
	if m != nil {
		if a.reuseDecision(ctx, s, m, v, raw, r) {
			return
		}
		if s.Candidates(v.Lookup(), &c) == token.Accepted && a.evaluateRules(ctx, s, &c, nil, m, v, raw, r) {
			return
		}
	}
	u, err := token.Parse(raw)
	if r.trace != nil {
		r.trace.parse(s, raw, u, err)
	}
	if err != nil {
		r.record(token.ReasonOf(err), raw, "")
		return
	}
	var from *registry.KeyGroup
	reason := s.Candidates(u.Lookup(), &c)
	if reason == token.Accepted {
		v, from, reason = verify(&c, s, u, r)
	}
	if r.trace != nil {
		r.trace.try(&c, v, reason, r.trial.failed)
	}
	if reason != token.Accepted {
		r.record(reason, raw, strings.Clone(u.Lookup().KeyID))
		r.discard(u)
		return
	}
	if r.trace == nil {
		m = a.cache.put(number, v, from) // nil for a token that is seen for the first time
	}
	if m != nil {
		u.Discard()
		v = m.Verified()
	}
	if r.trial.shuffled {
		from = nil
	}
	a.evaluateRules(ctx, s, &c, from, m, v, raw, r)
	if m == nil && r.verified == v {
		r.once = u
	}
}

// recall finds the token if it has been verified before. A walk that is traced verifies it anew.
func (a *Authenticator) recall(raw string, r *outcome) (m *cachedToken, v *token.Verified, number uint64) {
	if r.trace != nil {
		return nil, nil, 0
	}
	return a.cache.get(raw, &r.digest)
}
