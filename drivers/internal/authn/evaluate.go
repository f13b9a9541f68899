package authn

import (
	"time"

	"github.com/eolinker/apinto/application"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/token"
)

// evaluateRules puts a verified token to the rules that have its key; false if there is none. If it is known where the key was
// found, the groups before that one do not have it.
func (a *Authenticator) evaluateRules(ctx http_service.IHttpContext, s *registry.LocationIndex, c *registry.Candidates, from *registry.KeyGroup, m *cachedToken, v *token.Verified, raw string, r *outcome) bool {
	var room [4]*registry.KeyGroup
	groups, asked := c.Having(v, from, room[:0]), false
	put := func(b *registry.Binding) {
		if b.Ended() {
			return
		}
		asked = true
		user, unlisted, reason := a.evaluateRule(b, v, r.now, m == nil)
		if user != nil && (a.Registry.Signers.ForAnother(v, user.App) || unlisted && a.Registry.Signers.Made(v)) {
			user, reason = nil, token.UserUnknown
		}
		if reason == token.Accepted && a.contradicted(ctx, b.Rule, raw, r) {
			r.several = true
			user, reason = nil, token.TokenMalformed
		}
		if r.trace != nil {
			r.trace.judge(b, user, reason)
		}
		r.recordEvaluation(match{b, user, unlisted}, reason, v, raw)
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
		r.counter = a.counterOf(r)
		a.cache.keep(m, r.decide(s))
	}
	return asked
}

// evaluateRule returns what a rule says of a verified token: whether its claims hold, and whom it names. The user is there also
// if nothing but the application's being disabled or the user's expiry stands against it. For fleeting and unlisted see
// [registry.Binding.UserOf].
func (a *Authenticator) evaluateRule(b *registry.Binding, v *token.Verified, now time.Time, fleeting bool) (user *application.UserInfo, unlisted bool, reason token.Reason) {
	anyUser := b.AnyUser()
	name, err := b.Rule.Judge(v, now, anyUser != nil)
	reason = token.ReasonOf(err)
	// A token whose claims hold may have been ended, whether or not it names a user.
	if (reason == token.Accepted || reason.Further(token.TokenRevoked)) && a.Revocations.Snapshot(now).EndsID(v.ID()) {
		return nil, false, token.TokenRevoked
	}
	if reason != token.Accepted {
		return nil, false, reason
	}
	if user, unlisted, err = b.UserOf(v, name, anyUser, fleeting); err != nil {
		return nil, false, token.ReasonOf(err)
	}
	if a.Revoked(v, user, b.Rule, now) {
		return nil, false, token.TokenRevoked
	}
	return user, unlisted, Standing(user, now)
}
