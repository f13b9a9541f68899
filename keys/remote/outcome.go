package remote

import (
	"slices"
	"time"

	"apinto-jwt/keys/remote/internal/origin"
)

// firstRetry is how long after a first failure the set is fetched again; each further failure doubles it.
const firstRetry = time.Second

// succeeded takes a good answer over.
func (f *fetcher) succeeded(r *origin.Result, now time.Time) {
	before, changed := f.take(r, now)
	latest := f.current.Load().latest()
	if before.failures > 0 && !changed {
		f.logf(Info, "is fetched again after %d failures", before.failures)
	}
	if r.Set != nil && !slices.Equal(before.warnings, r.Warnings) {
		f.logWarnings(r.Warnings)
	}
	if changed {
		f.logf(Info, "has %s", listing(latest.set))
		f.announce()
	}
	f.keep(now, changed)
}

// take puts a good answer in use and has the set fetched again when the terms and the answer say. The results are what was
// before, and whether the set is another one, or another issuer's.
func (f *fetcher) take(r *origin.Result, now time.Time) (before state, changed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before = f.state
	f.state.endpoint, f.state.lastSuccess, f.state.fromDisk, f.state.fresh = r.Endpoint, now, false, r.Freshness
	f.state.lastError, f.state.failures = "", 0
	f.demand.schedule(now.Add(f.pool.options.jitter(f.terms.interval(r.Freshness))))
	f.aside = nil
	old := f.current.Load()
	latest := edition{set: r.Set, origin: r.Provenance}
	if r.Set == nil { // the same: only the document may be of another issuer
		latest.set = old.latest().set
	} else {
		f.state.warnings = r.Warnings
	}
	changed = !latest.set.Equal(old.latest().set) || latest.origin != old.latest().origin
	if changed {
		f.current.Store(f.snapshot(f.editions(latest, old, before.lastSuccess)...))
	}
	return before, changed
}

// editions returns the latest set and those before it that users have who may not use it: what one application's issuer says takes
// nothing from another's. The one before was confirmed last at that time. The lock is held.
func (f *fetcher) editions(latest edition, before *snapshot, confirmed time.Time) []edition {
	list := []edition{latest}
	for i, e := range before.editions {
		if i == 0 {
			e.confirmed = confirmed
		}
		if e.set.Len() > 0 && f.needed(e, list) {
			list = append(list, e)
		}
	}
	return list
}

// needed reports whether a user may use this set, and none of those that came later. The lock is held.
func (f *fetcher) needed(e edition, later []edition) bool {
	for s := range f.users {
		if s.want.accepts(e.origin) && !slices.ContainsFunc(later, func(l edition) bool { return s.want.accepts(l.origin) }) {
			return true
		}
	}
	return false
}

// retry returns how long after so many failures in a row the set is fetched again.
func (t terms) retry(failures int) time.Duration {
	return min(firstRetry<<min(failures-1, 20), t.refresh)
}

// failed keeps what there is, and tries again after a time that doubles with each failure, up to the refresh interval.
func (f *fetcher) failed(err error, now time.Time) {
	s, t := f.fail(err, now)
	if s.failures&(s.failures-1) != 0 { // the 1st, 2nd, 4th, 8th, … is told
		return
	}
	if n := f.current.Load().latest().set.Len(); n > 0 {
		f.logf(Warn, "cannot be fetched (failure %d): %s; the %d keys of %s are used until %s", s.failures, err, n,
			s.lastSuccess.Format(time.RFC3339), s.lastSuccess.Add(t.maxStale).Format(time.RFC3339))
		return
	}
	f.logf(Error, "cannot be fetched (failure %d), and there are no keys: %s", s.failures, err)
}

// fail notes a failure and when to try again.
func (f *fetcher) fail(err error, now time.Time) (state, terms) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state.failures++
	f.state.lastError = err.Error()
	f.demand.schedule(now.Add(f.pool.options.jitter(f.terms.retry(f.state.failures))))
	return f.state, f.terms
}
