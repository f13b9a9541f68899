package authn

import (
	"unsafe"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/token"
)

// decide returns what the rules have just said of an accepted token.
func (r *outcome) decide(s *registry.LocationIndex) *decision {
	v := &decision{generation: r.generation, location: s, counter: r.counter, window: token.Always}
	v.matches = append(v.oneMatch[:0], r.matches...)
	for _, m := range r.matches {
		v.window = v.window.And(m.binding.Rule.Expected.Window(r.verified))
		if m.user.Expire != 0 {
			v.window = v.window.Until(m.user.Expire)
		}
	}
	m := r.best()
	v.unconditional = len(r.matches) == 1 && m.effects() == (effects{})
	v.app = m.user.App
	return v
}

// extra is what the decision takes beyond what every decision takes, in bytes: users who were made for the token, and
// more matches than one.
func (v *decision) extra() uint32 {
	size := 0
	if len(v.matches) > len(v.oneMatch) {
		size = cap(v.matches) * int(unsafe.Sizeof(match{}))
	}
	for _, m := range v.matches {
		if m.unlisted {
			size += int(unsafe.Sizeof(*m.user)) + len(m.user.Name)
		}
	}
	return uint32(size + size/sizeClass)
}

// sizeClass is which part of what was asked for the allocator adds to it, about.
const sizeClass = 16

// reuseDecision accepts a token for the same reasons as before, if nothing has changed since: not the rules and users, and
// time, the applications and the users' expiry still allow it.
func (a *Authenticator) reuseDecision(ctx http_service.IHttpContext, s *registry.LocationIndex, m *cachedToken, v *token.Verified, raw string, r *outcome) bool {
	last := m.decision.Load()
	if last == nil || last.generation != r.generation || last.location != s || !last.window.Has(r.now) {
		return false
	}
	if last.unconditional {
		if last.app.Disable() || a.listed(v, last.oneMatch[0].user, r.now) {
			return false
		}
		r.reason, r.matches, r.verified, r.counter, r.unconditional = token.Accepted, last.matches, v, last.counter, true
		return true
	}
	for i := range last.matches {
		m := &last.matches[i]
		if m.user.App.Disable() || a.Revoked(v, m.user, m.binding.Rule, r.now) ||
			a.contradicted(ctx, m.binding.Rule, raw, r) {
			return false
		}
	}
	r.reason, r.matches, r.verified, r.counter = token.Accepted, last.matches, v, last.counter
	return true
}
