package jwt

import (
	"strings"
	"time"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// driver is what all authenticators of a process share.
type driver struct {
	compiler compiler
	registry *registry
	limits   limits
	memories *memories
	now      func() time.Time
	faults   faultCounter
	tallies  *tallies
}

// resolutionKey finds the resolution among a request's values.
type resolutionKey struct{}

// resolve is the walk of a request's token, made once a request: from the places where it may stand, through the keys
// that could have signed it, to the rules that demand something of its claims and know its user.
func (d *driver) resolve(ctx http_service.IHttpContext) *resolution {
	generation := d.registry.generation.Load()
	if r, ok := ctx.Value(resolutionKey{}).(*resolution); ok && r.generation == generation {
		return r
	}
	r := &resolution{generation: generation, reason: token.TokenMissing, now: d.now()}
	for _, s := range d.registry.index.shelves() {
		f := r.at(ctx, &s.place, d.limits)
		switch {
		case f.large:
			r.end = r.end || f.spent
			r.note(token.TokenTooLarge, "", "")
		case f.several:
			r.several = true
			r.note(token.TokenMalformed, f.token, "")
		case f.token != "":
			d.judge(ctx, s, f.token, r)
		}
		if r.reason == token.Accepted || r.end {
			break
		}
	}
	r.label(ctx)
	d.tallies.count(r)
	ctx.WithValue(resolutionKey{}, r)
	return r
}

// judge takes one token from parse to verdict. A token that was verified before is not parsed and verified again, and
// one that was accepted before is asked only for what can have changed.
func (d *driver) judge(ctx http_service.IHttpContext, s *shelf, raw string, r *resolution) {
	m, verified, number := d.memories.recall(raw)
	if m != nil && d.again(ctx, s, m, verified, raw, r) {
		return
	}
	var c candidates
	from := (*group)(nil)
	if m == nil {
		var reason token.Reason
		var keyID string
		if verified, from, reason, keyID = s.verify(strings.Clone(raw), &c); verified == nil {
			r.note(reason, raw, keyID)
			return
		}
		m = d.memories.remember(number, verified, from) // nil for a token that is seen for the first time
	} else if reason := s.candidates(verified.Lookup(), &c); reason != token.Accepted {
		r.note(reason, raw, "")
		return
	}
	d.ask(ctx, s, &c, from, m, verified, raw, r)
}

// ask puts a verified token to every rule that has its key.
func (d *driver) ask(ctx http_service.IHttpContext, s *shelf, c *candidates, from *group, m *memory, v *token.Verified, raw string, r *resolution) {
	asked := false
	for g := range c.with(v, from) {
		for _, b := range *g.rules.Load() {
			asked = true
			user, reason := b.verdict(v, r.now)
			if reason == token.Accepted && d.contradicted(ctx, b.rule, raw, r) {
				r.several = true
				user, reason = nil, token.TokenMalformed
			}
			r.take(match{b, user}, reason, v, raw)
		}
	}
	if !asked { // the key that verified it once is no longer one of ours
		r.note(token.KeyUnknown, raw, "")
	}
	if m != nil && r.reason == token.Accepted {
		r.tally = d.tallies.of(r)
		m.verdict.Store(&verdict{generation: r.generation, shelf: s, matches: r.matches, tally: r.tally})
	}
}

// again accepts a token for the same reasons as before, where nothing has changed since: not the rules and users, and
// time, the applications and the users' expiry still allow it.
func (d *driver) again(ctx http_service.IHttpContext, s *shelf, m *memory, v *token.Verified, raw string, r *resolution) bool {
	last := m.verdict.Load()
	if last == nil || last.generation != r.generation || last.shelf != s {
		return false
	}
	for _, m := range last.matches {
		if m.binding.rule.expected.CheckTime(v, r.now) != nil || standing(m.user, r.now) != token.Accepted ||
			d.contradicted(ctx, m.binding.rule, raw, r) {
			return false
		}
	}
	r.reason, r.matches, r.verified, r.tally = token.Accepted, last.matches, v, last.tally
	return true
}

// verify parses a token and checks its signature with the keys that could have made it. Where it is refused the reason
// says why, and keyID is what it says of its key.
func (s *shelf) verify(raw string, c *candidates) (v *token.Verified, from *group, reason token.Reason, keyID string) {
	u, err := token.Parse(raw)
	if err != nil {
		return nil, nil, token.ReasonOf(err), ""
	}
	if reason = s.candidates(u.Lookup(), c); reason == token.Accepted {
		v, from, reason = c.verify(u)
	}
	if v == nil {
		keyID = strings.Clone(u.Lookup().KeyID)
		u.Discard()
	}
	return v, from, reason, keyID
}

// contradicted tells whether another place that the rule looks at has a different token: which of the two counts must
// not be left to chance.
func (d *driver) contradicted(ctx http_service.IHttpContext, of *rule, raw string, r *resolution) bool {
	if len(of.places) == 1 {
		return false
	}
	for i := range of.places {
		if f := r.at(ctx, &of.places[i], d.limits); f.several || f.token != "" && f.token != raw {
			return true
		}
	}
	return false
}

// verdict is what a rule says of a verified token: whether its claims hold, and whom it names. The user is there also
// where nothing but the application's being disabled or the user's expiry stands against it.
func (b *binding) verdict(v *token.Verified, now time.Time) (*application.UserInfo, token.Reason) {
	if err := b.rule.expected.Check(v, now); err != nil {
		return nil, token.ReasonOf(err)
	}
	name := b.rule.user
	if name == "" {
		var err error
		if name, err = v.Name(b.rule.path); err != nil {
			return nil, token.ReasonOf(err)
		}
	}
	user, ok := b.users.Load(name)
	if !ok {
		return nil, token.UserUnknown
	}
	return user, standing(user, now)
}

// standing is whether a user may come in now.
func standing(user *application.UserInfo, now time.Time) token.Reason {
	switch {
	case user.App.Disable():
		return token.AppDisabled
	case user.Expire != 0 && user.Expire <= now.Unix():
		return token.UserExpired
	}
	return token.Accepted
}

// candidates are the groups of rules that could have keys for a token, in the lists of the index.
type candidates [4][]*group

// candidates looks a token up. Where there is no group the reason says at which step it failed.
func (s *shelf) candidates(l token.Lookup, c *candidates) token.Reason {
	key := bucketKey{algorithm: keys.NewAlgorithmSet(l.Algorithm), issuer: l.Issuer}
	modes := [2]bucketKey{key, key}
	if l.HasKeyID {
		modes[0].kid, modes[0].kidMode = l.KeyID, kidExact
		modes[1].kidMode = kidAny
	}
	found := 0
	for i, issuer := range [2]string{key.issuer, ""} {
		if i == 1 && key.issuer == "" { // looked up already
			break
		}
		for j := range modes {
			if modes[j].issuer = issuer; j == 1 && !l.HasKeyID {
				continue
			}
			c[2*i+j] = s.load(modes[j])
			found += len(c[2*i+j])
		}
	}
	if found > 0 {
		return token.Accepted
	}
	return s.whyNone(key)
}

// whyNone says why no group fits: the algorithm, the issuer, or the key ID.
func (s *shelf) whyNone(key bucketKey) token.Reason {
	if keys.AlgorithmSet(s.algorithms.Load())&key.algorithm == 0 { //nolint:gosec // an AlgorithmSet was stored
		return token.AlgorithmNotAllowed
	}
	if len(s.load(key)) > 0 {
		return token.KeyUnknown
	}
	if key.issuer = ""; len(s.load(key)) > 0 {
		return token.KeyUnknown
	}
	return token.IssuerMismatch
}

// verify checks the signature with each distinct key once, until one made it, and says in which group that was.
func (c *candidates) verify(u *token.Unverified) (v *token.Verified, from *group, reason token.Reason) {
	var failed map[[32]byte]struct{}
	several := len(c[0])+len(c[1])+len(c[2])+len(c[3]) > 1
	for _, groups := range c {
		for _, g := range groups {
			set, err := u.Candidates(g.source.keys())
			if err != nil {
				reason = max(reason, token.ReasonOf(err))
				continue
			}
			for _, key := range set {
				if _, known := failed[key.Thumbprint()]; known {
					continue
				}
				v, err := u.VerifyWith(key)
				if err == nil {
					return v, g, token.Accepted
				}
				reason = max(reason, token.ReasonOf(err))
				if several {
					if failed == nil {
						failed = make(map[[32]byte]struct{})
					}
					failed[key.Thumbprint()] = struct{}{}
				}
			}
		}
	}
	return nil, nil, reason
}

// with walks the groups that have the key which verified the token, beginning with the one where it was found, if that
// is known: those before it do not have it.
func (c *candidates) with(v *token.Verified, from *group) func(func(*group) bool) {
	return func(yield func(*group) bool) {
		thumb, reached := v.Key().Thumbprint(), from == nil
		for _, groups := range c {
			for _, g := range groups {
				if reached = reached || g == from; !reached {
					continue
				}
				if (g == from || g.has(v, thumb)) && !yield(g) {
					return
				}
			}
		}
	}
}

// has tells whether one of the group's keys that could have signed the token is the one that did.
func (g *group) has(v *token.Verified, thumb [32]byte) bool {
	for _, key := range v.Candidates(g.source.keys()) {
		if key.Thumbprint() == thumb {
			return true
		}
	}
	return false
}
