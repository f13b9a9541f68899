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
	onChange func()
	view     atomic.Pointer[view]
	released atomic.Bool
}

// view is a snapshot as the user sees it.
type view struct {
	of  *snapshot
	set *keys.Set
}

// Set is the set as it is now, narrowed to the user's algorithms; empty where nothing usable is at hand. It takes no
// lock. As long as the set does not change, it is the same pointer. After Release it is no longer kept fresh.
func (s *Source) Set() *keys.Set { return s.now().set }

// Generation changes with every change of the set, and is never the same for two sets of a pool.
func (s *Source) Generation() uint64 { return s.now().of.generation }

// now is the present view; it is made once for each snapshot.
func (s *Source) now() *view {
	current := s.fetcher.current.Load()
	if v := s.view.Load(); v != nil && v.of == current {
		return v
	}
	set, first := current.narrow(s.want)
	if first && set.Len() == 0 && current.set.Len() > 0 {
		s.fetcher.logf(Error, "has no key for who wants it: %s", s.lacks(current))
	}
	v := &view{of: current, set: set}
	s.view.Store(v)
	return v
}

// lacks tells why there is no key in the set for the user; empty where that is not known.
func (s *Source) lacks(current *snapshot) string {
	switch {
	case current.set.Len() == 0:
		return ""
	case !accepts(s.want.issuer, current.issuer):
		return fmt.Sprintf("%s: it is of %.200q, %.200q is wanted", ErrIssuer, current.issuer, s.want.issuer)
	default:
		return fmt.Sprintf("none can be used for %s", s.want.algorithms)
	}
}

// Refresh is for a request whose key is not in the set that it has seen, or that has seen an empty one. The result is the
// set to look in next; it is seen itself where there is nothing new.
//
// A set that has changed since is given at once. Otherwise the set is fetched, once in Options.DemandInterval for all who
// ask, and they wait for it, at most Options.Wait each, until ctx is done, and at most Options.MaxWaiters at a time; who
// comes too soon after a fetch, or beyond that number, or wants another issuer, is answered at once. Who came too soon has the next fetch made as
// soon as it may be.
func (s *Source) Refresh(ctx context.Context, seen *keys.Set) *keys.Set {
	landings := s.fetcher.demand.landed() // before the look
	v := s.now()
	if v.set != seen || !accepts(s.want.issuer, v.of.issuer) {
		return v.set
	}
	s.fetcher.await(ctx, landings)
	return s.Set()
}

// Release ends the use. The last release of a set ends its fetching. Calling it again does nothing.
func (s *Source) Release() {
	if !s.released.Swap(true) {
		s.pool.release(s)
	}
}
