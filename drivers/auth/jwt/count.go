package jwt

import "apinto-jwt/drivers/internal/metrics"

// count counts a request.
func (d *driver) count(r *resolution) {
	one := r.counter
	if one == nil {
		one = d.counterOf(r)
	}
	one.Count(r.now)
}

// counterOf returns the counter that the request belongs to. The application of a refused token is the one whose rule
// refused it; it is empty if several applications have that rule, or several rules refuse it alike.
func (d *driver) counterOf(r *resolution) *metrics.Counter {
	key := metrics.Key{Reason: r.reason}
	m := r.best()
	switch {
	case m.user != nil:
		key.Application, key.KeyID = m.user.App.Id(), r.verified.Key().ID()
	case r.refuser.key != nil:
		if key.KeyID = r.refuser.key.ID(); r.refuser.binding == nil {
			return d.counters.Of(key)
		}
		m.binding = r.refuser.binding
		key.Application = m.binding.Owner()
	default:
		return d.counters.Plain(r.reason)
	}
	return m.binding.Counter.Of(key, d.counters)
}
