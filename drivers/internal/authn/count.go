package authn

import (
	"apinto-jwt/drivers/internal/metrics"
)

// count counts a request.
func (a *Authenticator) count(r *outcome) {
	one := r.counter
	if one == nil {
		one = a.counterOf(r)
	}
	one.Count(r.now)
}

// counterOf returns the counter that the request belongs to. The application of a refused token is the one whose rule
// refused it; it is empty if several applications have that rule, or several rules refuse it alike.
func (a *Authenticator) counterOf(r *outcome) *metrics.Counter {
	key := metrics.Key{Reason: r.reason}
	m := r.best()
	switch {
	case m.user != nil:
		key.Application, key.KeyID = m.user.App.Id(), r.verified.Key().ID()
	case r.refuser.key != nil:
		if key.KeyID = r.refuser.key.ID(); r.refuser.binding == nil {
			return a.Counters.Of(key)
		}
		m.binding = r.refuser.binding
		key.Application = m.binding.Owner()
	default:
		return a.Counters.Plain(r.reason)
	}
	return m.binding.Counter.Of(key, a.Counters)
}
