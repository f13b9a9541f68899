package remote

import (
	"time"

	"apinto-jwt/keys"
)

// expire gives up what is too old; otherwise the result is when it will be, zero if there is nothing.
func (f *fetcher) expire(now time.Time) time.Time {
	left, next, t := f.outdate(now)
	switch {
	case left == nil:
	case left.latest().set.Len() == 0:
		f.origin.Forget()
		f.logf(Error, "%s: it was last fetched more than %s ago; there are no keys now", ErrTooOld, t.maxStale)
	default:
		f.logf(Error, "%s for some who want it: it is of another issuer since more than %s", ErrTooOld, t.maxStale)
	}
	return next
}

// outdate is expire without telling; left is the sets in use from now on, nil if they are the same as before. A set that is given up is
// put aside.
func (f *fetcher) outdate(now time.Time) (left *snapshot, next time.Time, t terms) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t = f.terms
	current := f.current.Load()
	if current.latest().set.Len() == 0 {
		return nil, time.Time{}, t
	}
	list := f.dated(current)
	young, next := younger(list, t.maxStale, now)
	switch {
	case len(young) == len(list):
		return nil, next, t
	case len(young) == 0: // the latest is the youngest
		f.aside = list
		young = []edition{{set: keys.NewSet()}}
	}
	left = f.snapshot(young...)
	f.current.Store(left)
	return left, next, t
}

// dated returns the sets in use with the times when they were last confirmed. The lock is held.
func (f *fetcher) dated(s *snapshot) []edition {
	list := append([]edition(nil), s.editions...)
	list[0].confirmed = f.state.lastSuccess
	return list
}

// younger returns the sets that have not reached the age, and when the first of them will.
func younger(list []edition, age time.Duration, now time.Time) (young []edition, next time.Time) {
	for _, e := range list {
		end := e.confirmed.Add(age)
		if !now.Before(end) {
			continue
		}
		young = append(young, e)
		if next.IsZero() || end.Before(next) {
			next = end
		}
	}
	return young, next
}

// revive puts what was put aside in use again, as far as it is not too old by the terms, and there is nothing else. The lock is
// held.
func (f *fetcher) revive(now time.Time) bool {
	if len(f.aside) == 0 || f.current.Load().latest().set.Len() > 0 {
		return false
	}
	young, _ := younger(f.aside, f.terms.maxStale, now)
	if len(young) == 0 {
		return false
	}
	f.state.lastSuccess, f.aside = young[0].confirmed, nil
	f.current.Store(f.snapshot(young...))
	return true
}
