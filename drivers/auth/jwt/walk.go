package jwt

import (
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
	now      func() time.Time
	faults   faultCounter
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
	r := &resolution{generation: generation, reason: token.TokenMissing}
	for _, s := range d.registry.index.shelves() {
		f := s.place.find(ctx, d.limits)
		switch {
		case f.large:
			r.end = r.end || f.spent
			r.note(token.TokenTooLarge, "", "")
		case f.several:
			r.note(token.TokenMalformed, f.token, "")
		case f.token != "":
			d.judge(s, f.token, r)
		}
		if r.reason == token.Accepted || r.end {
			break
		}
	}
	r.label(ctx)
	ctx.WithValue(resolutionKey{}, r)
	return r
}

// judge takes one token from parse to verdict.
func (d *driver) judge(s *shelf, raw string, r *resolution) {
	unverified, err := token.Parse(raw)
	if err != nil {
		r.note(token.ReasonOf(err), raw, "")
		return
	}
	keyID, _ := unverified.UntrustedKeyID()
	var c candidates
	if reason := d.registry.index.candidates(s, unverified, &c); reason != token.Accepted {
		r.note(reason, raw, keyID)
		return
	}
	verified, from, reason := c.verify(unverified)
	if verified == nil {
		r.note(reason, raw, keyID)
		return
	}
	now := d.now()
	for g := range c.with(verified, from) {
		for _, b := range *g.rules.Load() {
			user, reason := b.verdict(verified, now)
			r.take(b, s.place, user, reason, verified)
		}
	}
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
	switch {
	case !ok:
		return nil, token.UserUnknown
	case user.App.Disable():
		return user, token.AppDisabled
	case user.Expire != 0 && user.Expire <= now.Unix():
		return user, token.UserExpired
	}
	return user, token.Accepted
}

// candidates are the groups of rules that could have keys for a token, in the lists of the index.
type candidates [4][]*group

// candidates looks a token up. Where there is no group the reason says at which step it failed.
func (x *index) candidates(s *shelf, u *token.Unverified, c *candidates) token.Reason {
	key := bucketKey{place: s.place, algorithm: keys.Algorithm(u.UntrustedAlgorithm()), issuer: u.UntrustedIssuer()}
	kid, hasKid := u.UntrustedKeyID()
	modes := [2]bucketKey{key, key}
	if hasKid {
		modes[0].kid, modes[0].kidMode = kid, kidExact
		modes[1].kidMode = kidAny
	}
	found := 0
	for i, issuer := range [2]string{key.issuer, ""} {
		if i == 1 && key.issuer == "" { // looked up already
			break
		}
		for j := range modes {
			if modes[j].issuer = issuer; j == 1 && !hasKid {
				continue
			}
			c[2*i+j] = x.load(modes[j])
			found += len(c[2*i+j])
		}
	}
	if found > 0 {
		return token.Accepted
	}
	return x.whyNone(s, key)
}

// whyNone says why no group fits: the algorithm, the issuer, or the key ID.
func (x *index) whyNone(s *shelf, key bucketKey) token.Reason {
	if !keys.AlgorithmSet(s.algorithms.Load()).Has(key.algorithm) { //nolint:gosec // an AlgorithmSet was stored
		return token.AlgorithmNotAllowed
	}
	if len(x.load(key)) > 0 {
		return token.KeyUnknown
	}
	if key.issuer = ""; len(x.load(key)) > 0 {
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

// with walks the groups that have the key which verified the token, beginning with the one where it was found: those
// before it do not have it.
func (c *candidates) with(v *token.Verified, from *group) func(func(*group) bool) {
	return func(yield func(*group) bool) {
		thumb, reached := v.Key().Thumbprint(), false
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
