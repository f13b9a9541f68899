package remote

import (
	"errors"
	"time"

	"apinto-jwt/keys"
)

// restore puts the set on disk in use, where there is one and no better one was inherited.
func (f *fetcher) restore() {
	if f.file.path == "" {
		return
	}
	now := f.pool.options.Clock.Now()
	f.pool.sweep.Do(func() { sweep(f.pool.options.Dir, time.Now()) }) // the time of files is real
	k, err := f.file.load(now)
	if err != nil {
		f.logf(Warn, "on disk is not used: %s", err)
		return
	}
	if k == nil || f.current.Load().set.Len() > 0 {
		return
	}
	f.mu.Lock()
	f.state.lastSuccess, f.state.fromDisk = k.fetchedAt, true
	f.current.Store(f.snapshot(k.set, k.issuer))
	f.mu.Unlock()
	f.logf(Info, "is from disk, fetched %s: it has %s", k.fetchedAt.Format(time.RFC3339), listing(k.set))
}

// keep writes the set to disk where it has changed, or where the time in the file is a refresh interval old.
func (f *fetcher) keep(now time.Time, changed bool) {
	if f.file.path == "" || !changed && now.Sub(f.file.written) < f.config.Refresh/10*9 {
		return
	}
	current := f.current.Load()
	err := f.file.save(kept{set: current.set, issuer: current.issuer, fetchedAt: now})
	switch {
	case errors.Is(err, keys.ErrSecretKey):
		if changed {
			f.logf(Info, "is not kept on disk: it has shared secrets")
		}
	case err != nil:
		f.logf(Warn, "cannot be kept on disk: %s", err)
	}
}
