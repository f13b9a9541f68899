package remote

import (
	"context"
	"fmt"
	"sync/atomic"

	"apinto-jwt/keys"
)

// Source is one user's hold on a key set. It is safe for concurrent use.
type Source struct {
	pool     *Pool
	fetcher  *fetcher
	want     want
	terms    terms
	onChange func()
	view     atomic.Pointer[view]
	released atomic.Bool
}

// view is a snapshot as the user sees it.
type view struct {
	of  *snapshot
	set *keys.Set
}

// Set returns the set as it is now, narrowed to the user's algorithms; empty if nothing usable is at hand. It takes no
// lock. As long as the set does not change, it is the same pointer. After Release it is no longer kept fresh.
func (s *Source) Set() *keys.Set { return s.now().set }

// Generation changes with every change of the set, and is never the same for two sets of a pool.
func (s *Source) Generation() uint64 { return s.now().of.generation }

// now returns the present view; it is made once for each snapshot.
func (s *Source) now() *view {
	current := s.fetcher.current.Load()
	if v := s.view.Load(); v != nil && v.of == current {
		return v
	}
	set, first := current.restrict(s.want)
	if first {
		s.explain(current, set)
	}
	v := &view{of: current, set: set}
	s.view.Store(v)
	return v
}

// explain logs that the latest set is of no use to the user, if that is true.
func (s *Source) explain(current *snapshot, set *keys.Set) {
	switch lacks := s.lacks(current); {
	case lacks == "":
	case set.Len() > 0:
		s.fetcher.logf(Warn, "is no longer for all who want it: %s; they have the %d keys from before until those are too old", lacks, set.Len())
	default:
		s.fetcher.logf(Error, "has no key for who wants it: %s", lacks)
	}
}

// lacks returns the reason why the latest set is of no use to the user; empty if it is of use, or if there is none.
func (s *Source) lacks(current *snapshot) string {
	switch latest := current.latest(); {
	case latest.set.Len() == 0:
		return ""
	case !s.want.accepts(latest.origin):
		return s.want.refusal(latest.origin)
	case latest.set.Restrict(s.want.algorithms).Len() == 0:
		return fmt.Sprintf("none can be used for %s", s.want.algorithms)
	}
	return ""
}

// Refresh is for a request whose key is not in the set that it has seen, or that has seen an empty one. The result is the
// set to look in next; it is seen itself if there is nothing new.
//
// A set that has changed since is given at once. Otherwise the set is fetched, once in Options.DemandInterval for all who
// ask, and they wait for it, until ctx is done, and at most Options.Wait: a request that may ask for several sets gives ctx the
// deadline that it has for all of them. However many wait, all get what the one fetch brings. If that fetch had begun before,
// and has brought nothing new, they wait for another one, as it may have begun before the key was published. Who comes too soon
// after a fetch, or wants another issuer, is answered at once. Who came too soon has the next fetch made as soon as it may be.
func (s *Source) Refresh(ctx context.Context, seen *keys.Set) *keys.Set {
	return s.Ask(seen).Await(ctx)
}

// Release ends the use. The last release of a set ends its fetching. Calling it again does nothing.
func (s *Source) Release() {
	if !s.released.Swap(true) {
		s.pool.release(s)
	}
}
