package remote

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A crowd that comes with a new key shares one fetch, however many strangers ask at the same time: none is turned away.
func TestCrowdSharesOneFetch(t *testing.T) {
	const honest, strangers = 1000, 4000
	b := newBench(t, nil)
	s := b.acquire(b.config())
	b.server.SetKeys(keyA, keyB)
	b.server.Delay(350 * time.Millisecond)
	seen := s.Set()
	var without atomic.Int32
	var group sync.WaitGroup
	for i := range honest + strangers {
		group.Add(1)
		go func() {
			defer group.Done()
			set := s.Refresh(t.Context(), seen)
			if i >= strangers && len(set.WithID("b")) == 0 {
				without.Add(1)
			}
		}()
	}
	group.Wait()
	if n := without.Load(); n > 0 {
		t.Errorf("%d of %d did not get the new key", n, honest)
	}
	if n := b.server.Requests(""); n != 2 {
		t.Errorf("%d requests", n)
	}
}

// Waiting is bounded by time, and leaves nothing behind.
func TestWaitersAreLetGo(t *testing.T) {
	const wait, all = 300 * time.Millisecond, 2000
	b := newBench(t, func(o *Options) { o.Wait, o.Timeout = wait, time.Minute })
	s := b.acquire(b.config())
	b.server.Delay(time.Minute)
	before, seen := runtime.NumGoroutine(), s.Set()
	var early atomic.Int32
	var group sync.WaitGroup
	start := time.Now()
	for range all {
		group.Add(1)
		go func() {
			defer group.Done()
			begun := time.Now()
			s.Refresh(t.Context(), seen)
			if time.Since(begun) < wait {
				early.Add(1)
			}
		}()
	}
	group.Wait()
	if n := early.Load(); n != 0 {
		t.Errorf("%d of %d did not wait", n, all)
	}
	if took := time.Since(start); took > 10*wait {
		t.Errorf("it took %s", took)
	}
	if n := b.server.Requests(""); n != 2 {
		t.Errorf("%d requests", n)
	}
	s.Release() // ends the fetch
	eventually(t, "the goroutines to end", func() bool { return runtime.NumGoroutine() <= before })
}

// A request brings the time that it has left: what it has waited for other sets is not added.
func TestWaitEndsAtTheCallersDeadline(t *testing.T) {
	b := newBench(t, nil)
	s := b.acquire(b.config())
	b.server.Delay(time.Minute)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	for range 10 {
		s.Refresh(ctx, s.Set())
	}
	if took := time.Since(start); took < 100*time.Millisecond || took > time.Second {
		t.Errorf("it took %s", took)
	}
}

// Who has no time left has the set fetched all the same, for the next one.
func TestNoTimeLeft(t *testing.T) {
	b := newBench(t, nil)
	s := b.acquire(b.config())
	b.server.SetKeys(keyB)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.Refresh(ctx, s.Set())
	eventually(t, "the new key", func() bool { return len(s.Set().WithID("b")) == 1 })
}

// A fetch that was under way when a key was asked for may have begun before the key was published: another follows.
func TestFetchUnderWayIsNotEnough(t *testing.T) {
	for _, old := range [][]string{{"a"}, {"a", "c"}} {
		t.Run(fmt.Sprint(old), func(t *testing.T) {
			b := newBench(t, nil)
			s := b.acquire(b.config())
			if len(old) > 1 {
				b.server.SetKeys(keyA, keyR)
			}
			b.server.Delay(200 * time.Millisecond)
			b.clock.advance(DefaultRefresh)
			eventually(t, "the regular fetch", func() bool { return b.server.Requests("") == 2 })
			b.server.SetKeys(keyA, keyB)
			set := s.Set()
			for range 2 { // as a request does that does not find its key in what it gets
				if set = s.Refresh(t.Context(), set); len(set.WithID("b")) > 0 {
					break
				}
			}
			b.wantIDs(set, "a b")
			if n := b.server.Requests(""); n != 3 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// A fetch that fails is not repeated by those who have waited for it.
func TestFailedFetchIsNotRepeated(t *testing.T) {
	b := newBench(t, nil)
	b.server.Fail(500)
	b.server.Delay(50 * time.Millisecond)
	s := b.acquireFrom(b.pool, b.config())
	eventually(t, "the first fetch", func() bool { return b.server.Requests("") == 1 })
	var group sync.WaitGroup
	for range 50 {
		group.Add(1)
		go func() {
			defer group.Done()
			s.Refresh(t.Context(), s.Set())
		}()
	}
	group.Wait()
	b.clock.asleep(t, 1)
	if n := b.server.Requests(""); n != 1 {
		t.Errorf("%d requests", n)
	}
}
