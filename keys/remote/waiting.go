package remote

import (
	"context"
	"time"

	"apinto-jwt/keys"
)

// Waiting is one request's wait for a set that it has asked for. Who needs several sets asks for all of them before it waits for
// the first, so that a slow server does not keep it from another's answer.
type Waiting struct {
	source *Source
	seen   *keys.Set
	fetch  *fetch // nil if there is nothing to wait for
	late   bool   // it had started before
}

// Ask does the first half of Refresh, which does not wait.
func (s *Source) Ask(seen *keys.Set) Waiting {
	completed := s.fetcher.demand.completedFetches() // before the look
	w := Waiting{source: s, seen: seen}
	if v := s.now(); v.set == seen && s.want.accepts(v.of.latest().origin) {
		w.fetch, w.late = s.fetcher.demand.ask(completed)
	}
	return w
}

// Await does the second half of Refresh.
func (w Waiting) Await(ctx context.Context) *keys.Set {
	if until, ok := ctx.Deadline(); !ok || time.Until(until) > w.source.pool.options.Wait {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, w.source.pool.options.Wait)
		defer cancel()
	}
	if w.ended(ctx) && w.late && w.fetch.good { // perhaps it had started before the key was published
		w.source.Ask(w.seen).ended(ctx)
	}
	return w.source.Set()
}

// ended waits for the end of the fetch, and reports whether it has come.
func (w Waiting) ended(ctx context.Context) bool {
	if w.fetch == nil {
		return false
	}
	select {
	case <-w.fetch.done:
		return true
	case <-ctx.Done():
	case <-w.source.fetcher.ctx.Done():
	}
	return false
}
