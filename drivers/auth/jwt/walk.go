package jwt

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/eolinker/eosc"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/metrics"
	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/revocation"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// driver is what all authenticators of a process share.
type driver struct {
	id       string // of the authenticators whose rules are in force; no rule has it
	compiler rule.Compiler
	registry *registry.Registry
	limits   limits
	memories *memories
	clock    clock
	faults   panics.Counter
	counters *metrics.Counters
	hints    hints
	// fingerprints stand for refused tokens.
	fingerprints *fingerprints
	// refusals are the plain refusals of the present generation, by reason, once they are there.
	refusals [token.ReasonCount]atomic.Pointer[resolution]
	// formless are the same for what has not the form of a token.
	formless [token.ReasonCount]atomic.Pointer[resolution]
	// revocations tell which tokens have been ended early.
	revocations revocation.List
	// stores are opened for the rules that name one.
	stores stores
	// origin says where the configuration comes from that the host hands over now.
	origin func() rule.Origin
	// workers is the host's list. The admin process injects it when what is stored has been loaded; nil until then.
	workers eosc.IWorkers
}

// refusedByFault is what a fault of ours has refused, for the log.
const refusedByFault = "the request or configuration"

// resolutionKey finds the resolution among a request's values. Pointers are compared fastest.
var resolutionKey any = new(struct{ _ byte })

// known is the request's resolution, if it has been made, and with the rules as they are.
func (d *driver) known(ctx http_service.IHttpContext) *resolution {
	if r, ok := ctx.Value(resolutionKey).(*resolution); ok && r.generation == d.registry.Generation() {
		return r
	}
	return nil
}

// keep leaves the resolution with the request, for whoever asks next.
func (r *resolution) keep(ctx http_service.IHttpContext) { ctx.WithValue(resolutionKey, r) }

// refusal is what all requests have in common that are plainly refused for the same reason.
func (d *driver) refusal(r *resolution) *resolution {
	refusals := &d.refusals
	if r.formless {
		refusals = &d.formless
	}
	one := refusals[r.reason].Load()
	if one == nil || one.generation != r.generation {
		one = &resolution{generation: r.generation, reason: r.reason, refused: true, formless: r.formless}
		refusals[r.reason].Store(one)
	}
	return one
}

// resolve is the walk of a request's token, made once a request: from the places where it may stand, through the keys
// that could have signed it, to the rules that demand something of its claims and know its user. A refusal while the
// rules were changing is no answer, as the token may be good before and after; then the walk is made again.
func (d *driver) resolve(ctx http_service.IHttpContext) *resolution {
	r := newResolution()
	r.generation, r.reason, r.now = d.registry.Generation(), token.TokenMissing, d.clock.arrived(ctx)
	d.walk(ctx, r, nil)
	for range maxWalks - 1 {
		if r.reason == token.Accepted || r.end || !d.registry.Settled(r.generation) {
			break
		}
		earlier := slices.Clone(r.found)
		*r = resolution{
			generation: d.registry.Generation(), reason: token.TokenMissing, now: r.now,
			deadline: r.deadline, trial: r.trial, home: r.home,
		}
		d.walk(ctx, r, earlier)
	}
	r.formless = r.unformed()
	return r
}

// maxWalks bounds how often a request's walk is made while the rules change.
const maxWalks = 3

// walk finds the request's token at the places that rules look at, and puts it to the rules until it is accepted.
func (d *driver) walk(ctx http_service.IHttpContext, r *resolution, earlier []found) {
	if !d.gather(ctx, r, earlier) {
		return
	}
	for i := range r.found {
		switch f := &r.found[i]; {
		case f.Damaged:
			r.end = true
			r.note(token.TokenMalformed, "", "")
		case f.Large:
			r.end = r.end || f.Spent
			if r.token == "" || !token.HasForm(r.token) { // what another place has says more than a body that nobody has looked into
				r.note(token.TokenTooLarge, "", "")
			}
		case f.Several:
			r.several = true
			r.note(token.TokenMalformed, f.Token, "")
		case f.Token != "":
			if f.shelf.InBody() { // the client may have taken its time to send it
				r.now = d.clock.now()
			}
			d.judge(ctx, f.shelf, f.Token, r)
		}
		if r.reason == token.Accepted {
			r.shelf = r.found[i].shelf
		}
		if r.reason == token.Accepted || r.end {
			break
		}
	}
}

// gather looks at every rule.Location, and reports whether the request has no two tokens. The body comes last, and is not read for
// a request that has two already.
func (d *driver) gather(ctx http_service.IHttpContext, r *resolution, earlier []found) bool {
	r.shelves = d.registry.Locations()
	for _, s := range *r.shelves {
		if s.InBody() && !r.agree() {
			return false
		}
		r.look(ctx, s, d.limits, earlier)
	}
	return r.agree()
}

// judge takes one token from parse to verdict. A token that was verified before is not parsed and verified again, and
// one that was accepted before is asked only for what can have changed. One whose key is gone since is refused like a
// token that was never seen.
func (d *driver) judge(ctx http_service.IHttpContext, s *registry.LocationIndex, raw string, r *resolution) {
	var c registry.Candidates
	m, v, number := d.memories.recall(raw, &r.digest)
	if m != nil {
		if d.again(ctx, s, m, v, raw, r) {
			return
		}
		if s.Candidates(v.Lookup(), &c) == token.Accepted && d.ask(ctx, s, &c, nil, m, v, raw, r) {
			return
		}
	}
	u, err := token.Parse(raw)
	if err != nil {
		r.note(token.ReasonOf(err), raw, "")
		return
	}
	var from *registry.KeyGroup
	reason := s.Candidates(u.Lookup(), &c)
	if reason == token.Accepted {
		v, from, reason = verify(&c, s, u, r)
	}
	if reason != token.Accepted {
		r.note(reason, raw, strings.Clone(u.Lookup().KeyID))
		u.Discard()
		return
	}
	m = d.memories.remember(number, v, from) // nil for a token that is seen for the first time
	if r.trial.shuffled {
		from = nil
	}
	d.ask(ctx, s, &c, from, m, v, raw, r)
	if m == nil && r.verified == v {
		r.once = u
	}
}

// ask puts a verified token to the rules that have its key; false where there is none. If it is known where the key was
// found, the groups before that one do not have it.
func (d *driver) ask(ctx http_service.IHttpContext, s *registry.LocationIndex, c *registry.Candidates, from *registry.KeyGroup, m *memory, v *token.Verified, raw string, r *resolution) bool {
	var room [4]*registry.KeyGroup
	groups, asked := c.Having(v, from, room[:0]), false
	put := func(b *registry.Binding) {
		if b.Ended() {
			return
		}
		asked = true
		user, reason := d.verdict(b, v, r.now)
		if user != nil && d.registry.Signers.ForAnother(v, user.App) {
			user, reason = nil, token.UserUnknown
		}
		if reason == token.Accepted && d.contradicted(ctx, b.Rule, raw, r) {
			r.several = true
			user, reason = nil, token.TokenMalformed
		}
		r.take(match{b, user}, reason, v, raw)
	}
	left := groups[:0] // groups of which not every rule has been asked
	for _, g := range groups {
		if g.EachKnowing(v, put) {
			left = append(left, g)
			continue
		}
		for _, b := range g.Rules() {
			put(b)
		}
	}
	if r.reason != token.Accepted { // then every rule is asked, for the reason that comes furthest
		for _, g := range left {
			for _, b := range g.Rules() {
				put(b)
			}
		}
	}
	if m != nil && r.reason == token.Accepted {
		r.counter = d.counterOf(r)
		m.verdict.Store(r.verdict(s))
	}
	return asked
}

// again accepts a token for the same reasons as before, where nothing has changed since: not the rules and users, and
// time, the applications and the users' expiry still allow it.
func (d *driver) again(ctx http_service.IHttpContext, s *registry.LocationIndex, m *memory, v *token.Verified, raw string, r *resolution) bool {
	last := m.verdict.Load()
	if last == nil || last.generation != r.generation || last.shelf != s || !last.window.Has(r.now) {
		return false
	}
	if last.simple {
		if last.app.Disable() || d.listed(v, last.oneMatch[0].user, r.now) {
			return false
		}
		r.reason, r.matches, r.verified, r.counter, r.simple = token.Accepted, last.matches, v, last.counter, true
		return true
	}
	for i := range last.matches {
		m := &last.matches[i]
		if m.user.App.Disable() || d.revoked(v, m.user, m.binding.Rule, r.now) ||
			d.contradicted(ctx, m.binding.Rule, raw, r) {
			return false
		}
	}
	r.reason, r.matches, r.verified, r.counter = token.Accepted, last.matches, v, last.counter
	return true
}

// contradicted tells whether a place that the rule looks at has a different token. That is known already, unless the
// rule looks at a place that no rule did when the walk began.
func (d *driver) contradicted(ctx http_service.IHttpContext, of *rule.Rule, raw string, r *resolution) bool {
	if len(of.Locations) == 1 || r.shelves == d.registry.Locations() {
		return false
	}
	other := func(credential string) bool {
		return credential != "" && credential != raw && token.HasForm(credential)
	}
	for _, p := range of.Locations {
		if f := bearer.Extract(ctx, p, d.limits.body); f.Damaged || f.Formed || other(f.Token) || other(f.Foreign) {
			return true
		}
	}
	return false
}
