package store

import (
	"context"
	"fmt"
	"time"

	"github.com/eolinker/apinto/resources"
)

// callTimeout is how long the store may take to answer.
const callTimeout = 500 * time.Millisecond

// callsAtOnce bounds the calls under way. The host's client gives up a call only after seconds. Those that nobody waits
// for any more are counted until then.
const callsAtOnce = 256

// reply is the outcome of a call.
type reply struct {
	list []any // Nil with an error.
	err  error
}

// script is one of the scripts, on keys that one node has.
type script struct {
	text   string
	keys   []string
	length int  // The least length of the list that it answers with.
	timely bool // Whether it takes a deadline before the other arguments.
}

// run runs a script.
func (s *redisStore) run(of script, args ...any) ([]any, error) {
	r, err := call(s, func(ctx context.Context, cache resources.ICache) reply {
		if !of.timely {
			return of.run(ctx, cache, args)
		}
		deadline, err := nodeDeadline(ctx, cache, of.keys[0])
		if err != nil {
			return reply{err: err}
		}
		return of.run(ctx, cache, append([]any{deadline}, args...))
	})
	if err != nil {
		return nil, err
	}
	return r.list, r.err
}

// run runs the script once.
func (of script) run(ctx context.Context, cache resources.ICache, args []any) reply {
	value, err := cache.Run(ctx, of.text, of.keys, args...).Result()
	if err != nil {
		return reply{err: fmt.Errorf("redis: %w", err)}
	}
	list, ok := value.([]any)
	switch {
	case ok && len(list) > 0 && list[0] == int64(late):
		return reply{err: errSlow}
	case !ok || len(list) < of.length:
		return reply{err: errUnreadable}
	}
	return reply{list: list}
}

// nodeDeadline returns when the call is no longer waited for, by the clock of the node that has the key. The clocks need
// not agree: the node's time was read before now, and what is left of the call's time is counted from there.
func nodeDeadline(ctx context.Context, cache resources.ICache, key string) (int64, error) {
	clock := script{text: scriptClock, keys: []string{key}, length: 1}.run(ctx, cache, nil)
	if clock.err != nil {
		return 0, clock.err
	}
	at, ok := clock.list[0].(int64)
	until, bounded := ctx.Deadline()
	left := time.Until(until).Milliseconds()
	switch {
	case !ok || !bounded:
		return 0, errUnreadable
	case left <= 0: // nobody waits any more
		return 0, errSlow
	}
	return at + left - 1, nil
}

// call calls the host's cache, and waits no longer than callTimeout: the host's client does not heed the deadline of a
// context once it has a connection.
func call[T any](s *redisStore, do func(context.Context, resources.ICache) T) (came T, err error) {
	cache, found := s.find()
	if !found {
		return came, errNoStore
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return came, errSlow
	}
	done := make(chan T, 1)
	go func() {
		defer func() { <-s.slots }()
		defer func() {
			if p := recover(); p != nil { // the cache may panic when its output is stopped meanwhile
				s.panicked("a call of the store", "the call")
				close(done)
			}
		}()
		done <- do(ctx, cache)
	}()
	select {
	case c, ok := <-done:
		if !ok {
			return came, errUnreadable
		}
		return c, nil
	case <-ctx.Done():
		return came, errSlow
	}
}
