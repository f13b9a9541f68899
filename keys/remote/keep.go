package remote

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"apinto-jwt/keys"
	"apinto-jwt/keys/remote/internal/diskcache"
	"apinto-jwt/keys/remote/internal/origin"
)

// restore puts the sets on disk in use, if there are any. What is too old by the terms is put aside: a user may come who takes
// them.
func (f *fetcher) restore() {
	if f.file == nil {
		return
	}
	now := f.pool.options.Clock.Now()
	f.pool.sweep.Do(func() { diskcache.Sweep(f.pool.options.Dir, time.Now().Add(-MaxMaxStale)) }) // the time of files is real
	kept, err := f.file.Load(now)
	if err != nil {
		f.diskError(fmt.Errorf("was not used at the start: %w", err))
		f.logf(Warn, "on disk is not used: %s", err)
		return
	}
	list := editionsOf(kept)
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

// restored puts the sets from disk in use; false if they are too old.
func (f *fetcher) restored(list []edition, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.aside, f.state.fromDisk = list, true // until the next success
	return f.revive(now)
}

// keep writes the sets to disk if they have changed, or if the time in the file is a refresh interval old.
func (f *fetcher) keep(now time.Time, changed bool) {
	list, refresh := f.inUse()
	if f.file == nil || !changed && now.Sub(f.file.Written()) < refresh/10*9 {
		return
	}
	err := f.file.Save(entriesOf(list))
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
		if changed && hasSecret(list[0].set) {
			f.logf(Info, "is kept on disk without its shared secrets")
		}
	}
}

// entriesOf returns the sets as they are kept on disk.
func entriesOf(list []edition) []diskcache.Entry {
	entries := make([]diskcache.Entry, 0, len(list))
	for _, e := range list {
		entries = append(entries, diskcache.Entry{Set: e.set, Issuer: e.origin.Issuer, HTTP: e.origin.HTTP, Confirmed: e.confirmed})
	}
	return entries
}

// editionsOf returns the sets that were kept on disk.
func editionsOf(entries []diskcache.Entry) []edition {
	list := make([]edition, 0, len(entries))
	for _, e := range entries {
		list = append(list, edition{set: e.Set, origin: origin.Provenance{Issuer: e.Issuer, HTTP: e.HTTP}, confirmed: e.Confirmed})
	}
	return list
}

// hasSecret reports whether a key of the set is a shared secret.
func hasSecret(set *keys.Set) bool {
	return slices.ContainsFunc(set.Keys(), func(k *keys.Key) bool { return k.Kind() == keys.KindSecret })
}

// inUse returns the sets in use, with their times, and the refresh interval.
func (f *fetcher) inUse() ([]edition, time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dated(f.current.Load()), f.terms.refresh
}

// diskError notes what is wrong with the file, nil for nothing, and reports whether that is new.
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
