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
	flight *flight // nil where there is nothing to wait for
	late   bool    // it had begun before
}

// Ask is the first half of Refresh, which does not wait.
func (s *Source) Ask(seen *keys.Set) Waiting {
	landings := s.fetcher.demand.landed() // before the look
	w := Waiting{source: s, seen: seen}
	if v := s.now(); v.set == seen && s.want.accepts(v.of.latest().origin) {
		w.flight, w.late = s.fetcher.demand.ask(landings)
	}
	return w
}

// Await is the second half of Refresh.
func (w Waiting) Await(ctx context.Context) *keys.Set {
	if until, ok := ctx.Deadline(); !ok || time.Until(until) > w.source.pool.options.Wait {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, w.source.pool.options.Wait)
		defer cancel()
	}
	if w.ended(ctx) && w.late && w.flight.good { // perhaps it had begun before the key was published
		w.source.Ask(w.seen).ended(ctx)
	}
	return w.source.Set()
}

// ended waits for the end of the fetch, and tells whether it has come.
func (w Waiting) ended(ctx context.Context) bool {
	if w.flight == nil {
		return false
	}
	select {
	case <-w.flight.ended:
		return true
	case <-ctx.Done():
	case <-w.source.fetcher.ctx.Done():
	}
	return false
}
