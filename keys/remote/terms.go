package remote

import "time"

// terms are the common demands of the users of one set.
type terms struct {
	refresh   time.Duration // the shortest
	maxStale  time.Duration // the longest
	allowHTTP bool          // anybody allows it
}

// termsOf returns those of one user.
func termsOf(c Config) terms { return terms{c.Refresh, c.MaxStale, c.AllowHTTP} }

// with adds a user's terms.
func (t terms) with(other terms) terms {
	if t == (terms{}) {
		return other
	}
	return terms{min(t.refresh, other.refresh), max(t.maxStale, other.maxStale), t.allowHTTP || other.allowHTTP}
}

// join adds a user. What has become due by the user's terms is fetched, and what has not become too old yet is in use again.
func (f *fetcher) join(s *Source) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.users[s] = struct{}{}
	f.agree(f.terms.with(s.terms))
	f.revive(f.pool.options.Clock.Now())
}

// leave takes a user away; the result is how many are left.
func (f *fetcher) leave(s *Source) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.users, s)
	if len(f.users) > 0 {
		var left terms
		for s := range f.users {
			left = left.with(s.terms)
		}
		f.agree(left)
	}
	return len(f.users)
}

// agree puts new terms in force. A shorter refresh brings the next fetch nearer; a longer one counts from the next fetch on.
// The lock is held.
func (f *fetcher) agree(now terms) {
	if now == f.terms {
		return
	}
	f.terms = now
	switch {
	case f.state.lastFetch.IsZero(): // the first one is due
	case f.state.failures > 0:
		f.demand.nearer(f.state.lastFetch.Add(f.pool.options.jitter(now.retry(f.state.failures))))
	default:
		f.demand.nearer(f.state.lastSuccess.Add(f.pool.options.jitter(now.interval(f.state.fresh))))
	}
	f.demand.rouse() // a set may be too old now
}
