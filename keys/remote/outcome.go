package remote

import (
	"slices"
	"time"

	"apinto-jwt/keys"
)

// firstRetry is how long after a first failure the set is fetched again; each further failure doubles it.
const firstRetry = time.Second

// succeeded takes a good answer over.
func (f *fetcher) succeeded(r *fetched, now time.Time) {
	f.demand.schedule(now.Add(f.pool.options.jitter(r.interval)))
	f.mu.Lock()
	before := f.state
	f.state.endpoint, f.state.lastSuccess, f.state.fromDisk = r.endpoint, now, false
	f.state.lastError, f.state.failures = "", 0
	old := f.current.Load()
	changed := r.set != nil && (!r.set.Same(old.set) || r.issuer != old.issuer)
	if r.set != nil {
		f.state.warnings = r.warnings
	}
	if changed {
		f.current.Store(f.snapshot(r.set, r.issuer))
	}
	f.mu.Unlock()
	if before.failures > 0 && !changed {
		f.logf(Info, "is fetched again after %d failures", before.failures)
	}
	if r.set != nil && !slices.Equal(before.warnings, r.warnings) {
		f.logWarnings(r.warnings)
	}
	if changed {
		f.logf(Info, "has %s", listing(r.set))
		f.announce()
	}
	f.keep(now, changed)
}

// failed keeps what there is, and tries again after a time that doubles with each failure, up to the refresh interval.
func (f *fetcher) failed(err error, now time.Time) {
	f.mu.Lock()
	f.state.failures++
	failures, last := f.state.failures, f.state.lastSuccess
	f.state.lastError = err.Error()
	f.mu.Unlock()
	retry := min(firstRetry<<min(failures-1, 20), f.config.Refresh)
	f.demand.schedule(now.Add(f.pool.options.jitter(retry)))
	if failures&(failures-1) != 0 { // the 1st, 2nd, 4th, 8th, … is told
		return
	}
	if n := f.current.Load().set.Len(); n > 0 {
		f.logf(Warn, "cannot be fetched (failure %d): %s; the %d keys of %s are used until %s", failures, err, n,
			last.Format(time.RFC3339), last.Add(f.config.MaxStale).Format(time.RFC3339))
		return
	}
	f.logf(Error, "cannot be fetched (failure %d), and there are no keys: %s", failures, err)
}

// expire gives up a set that is too old; otherwise the result is when it will be, zero where there is none.
func (f *fetcher) expire(now time.Time) time.Time {
	f.mu.Lock()
	expiry := f.state.lastSuccess.Add(f.config.MaxStale)
	if f.current.Load().set.Len() == 0 {
		f.mu.Unlock()
		return time.Time{}
	}
	if now.Before(expiry) {
		f.mu.Unlock()
		return expiry
	}
	f.current.Store(f.snapshot(keys.NewSet(), ""))
	f.mu.Unlock()
	f.origin.forget()
	f.logf(Error, "%s: it was last fetched more than %s ago; there are no keys now", ErrTooOld, f.config.MaxStale)
	f.announce()
	return time.Time{}
}
