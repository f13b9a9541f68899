package remote

import (
	"errors"
	"fmt"
	"time"

	"apinto-jwt/keys"
)

// restore puts the sets on disk in use, where there are any. What is too old by the terms is put aside: a user may come who takes
// them.
func (f *fetcher) restore() {
	if f.file.path == "" {
		return
	}
	now := f.pool.options.Clock.Now()
	f.pool.sweep.Do(func() { sweep(f.pool.options.Dir, time.Now()) }) // the time of files is real
	list, err := f.file.load(now)
	if err != nil {
		f.diskError(fmt.Errorf("was not used at the start: %w", err))
		f.logf(Warn, "on disk is not used: %s", err)
		return
	}
	if len(list) == 0 {
		return
	}
	at := list[0].confirmed.Format(time.RFC3339)
	if !f.restored(list, now) {
		f.logf(Warn, "on disk is not used: the file of %s %s", at, ErrTooOld)
		return
	}
	f.logf(Info, "is from disk, fetched %s: it has %s", at, listing(f.current.Load().latest().set))
}

// restored puts the sets from disk in use; false where they are too old.
func (f *fetcher) restored(list []edition, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.aside, f.state.fromDisk = list, true // until the next success
	return f.revive(now)
}

// keep writes the sets to disk where they have changed, or where the time in the file is a refresh interval old.
func (f *fetcher) keep(now time.Time, changed bool) {
	list, refresh := f.inUse()
	if f.file.path == "" || !changed && now.Sub(f.file.written) < refresh/10*9 {
		return
	}
	err := f.file.save(list)
	secret := len(withoutSecrets(list[0].set).Keys()) < list[0].set.Len()
	switch {
	case errors.Is(err, keys.ErrSecretKey):
		f.diskError(nil)
		if changed {
			f.logf(Info, "is not kept on disk: it has shared secrets only")
		}
	case errors.Is(err, ErrFile):
		if f.diskError(fmt.Errorf("will not be used at the next start: %w", err)) {
			f.logf(Warn, "is kept on disk, and will not be used at the next start: %s", err)
		}
	case err != nil:
		if f.diskError(fmt.Errorf("cannot be written: %w", err)) {
			f.logf(Warn, "cannot be kept on disk: %s", err)
		}
	default:
		f.diskError(nil)
		if changed && secret {
			f.logf(Info, "is kept on disk without its shared secrets")
		}
	}
}

// inUse are the sets in use, with their times, and the refresh interval.
func (f *fetcher) inUse() ([]edition, time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dated(f.current.Load()), f.terms.refresh
}

// diskError notes what is wrong with the file, nil for nothing, and tells whether that is new.
func (f *fetcher) diskError(err error) (changed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	text := ""
	if err != nil {
		text = err.Error()
	}
	changed = text != f.state.diskError
	f.state.diskError = text
	return changed
}
