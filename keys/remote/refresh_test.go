package remote

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"apinto-jwt/keys"
)

// Tokens of a new key are good at once, those of a removed key no longer.
func TestRotation(t *testing.T) {
	b := newBench(t, nil)
	var changes atomic.Int32
	s, err := b.pool.Acquire(b.config(), func() { changes.Add(1) })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	b.clock.asleep(t, 1)
	old, generation := s.Set(), s.Generation()

	b.server.SetKeys(keyA, keyB)
	now := s.Refresh(t.Context(), old)
	b.wantIDs(now, "a b")
	if now != s.Set() || s.Generation() == generation || changes.Load() != 2 {
		t.Errorf("generation %d, %d changes", s.Generation(), changes.Load())
	}
	if n := b.server.Requests(""); n != 2 {
		t.Errorf("%d requests", n)
	}
	// One that has looked into the set before it changed need not wait, nor is there a fetch.
	b.clock.asleep(t, 1)
	if s.Refresh(t.Context(), old) != now || s.Status().NextFetch.Sub(b.clock.Now()) != DefaultRefresh {
		t.Errorf("the next fetch is at %s", s.Status().NextFetch)
	}

	b.server.SetKeys(keyB)
	b.advance(DefaultRefresh)
	b.wantIDs(s.Set(), "b")
}

// 10,000 requests with key IDs that nobody knows cause one fetch, and one more when ten seconds have passed.
func TestUnknownKeyStorm(t *testing.T) {
	b := newBench(t, nil)
	s := b.acquire(b.config())
	storm := func() {
		var group sync.WaitGroup
		for range 100 {
			group.Add(1)
			go func() {
				defer group.Done()
				for range 100 {
					s.Refresh(t.Context(), s.Set())
				}
			}()
		}
		group.Wait()
		b.clock.asleep(t, 1)
	}
	storm()
	if n := b.server.Requests(""); n != 2 {
		t.Errorf("%d requests at first", n)
	}
	b.advance(DefaultDemandInterval - time.Millisecond)
	storm()
	if n := b.server.Requests(""); n != 2 {
		t.Errorf("%d requests before the interval has passed", n)
	}
	b.server.SetKeys(keyA, keyB) // a rotation in the midst of it is seen all the same
	b.clock.advance(time.Millisecond)
	eventually(t, "the new key", func() bool { return s.Set().Len() == 2 })
	b.clock.asleep(t, 1)
	storm()
	if n := b.server.Requests(""); n != 3 {
		t.Errorf("%d requests at the end", n)
	}
	if d := s.Status().NextFetch.Sub(b.clock.Now()); d != DefaultDemandInterval {
		t.Errorf("the next fetch is in %s", d)
	}
}

// A storm while the issuer is down is no worse.
func TestUnknownKeyStormWhileDown(t *testing.T) {
	b := newBench(t, nil)
	s := b.acquire(b.config())
	b.server.Fail(500)
	for range 1000 {
		s.Refresh(t.Context(), s.Set())
	}
	b.clock.asleep(t, 1)
	b.wantIDs(s.Set(), "a")
	if n := b.server.Requests(""); n != 2 {
		t.Errorf("%d requests", n)
	}
}

// Waiting ends with the request, and with the source.
func TestWaitingEnds(t *testing.T) {
	tests := []struct {
		name string
		end  func(s *Source, cancel func())
	}{
		{"the request is over", func(_ *Source, cancel func()) { cancel() }},
		{"the source is released", func(s *Source, _ func()) { s.Release() }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, func(o *Options) { o.Wait, o.Timeout = time.Minute, time.Minute })
			b.server.Delay(time.Minute)
			s := b.acquireFrom(b.pool, b.config())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			done := make(chan *keys.Set)
			go func() { done <- s.Refresh(ctx, s.Set()) }()
			eventually(t, "the request to wait", func() bool {
				return b.server.Requests("") == 1
			})
			test.end(s, cancel)
			select {
			case <-done:
			case <-time.After(5 * time.Second):
				t.Error("it waits on")
			}
		})
	}
}

// The first request after the start waits for the first fetch.
func TestFirstRequestWaits(t *testing.T) {
	b := newBench(t, nil)
	b.server.Delay(50 * time.Millisecond)
	s := b.acquireFrom(b.pool, b.config())
	b.wantIDs(s.Refresh(t.Context(), s.Set()), "a")
	if n := b.server.Requests(""); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// Who waits for the first fetch has not asked for another: an unknown key is fetched at once after it.
func TestFirstFetchIsNotAskedFor(t *testing.T) {
	var d demand
	d.init(Options{Clock: newFakeClock()}.withDefaults())
	if f, _ := d.ask(d.completedFetches()); f == nil || !d.due().IsZero() {
		t.Error("who comes before the first fetch must wait for it")
	}
	d.start(d.clock.Now())
	d.finish(true)
	d.schedule(d.clock.Now().Add(time.Hour))
	if f, _ := d.ask(d.completedFetches()); f == nil || !d.due().Equal(d.clock.Now()) {
		t.Error("an unknown key after the first fetch must be fetched")
	}
}

// A fetch that ends between one's look at the set and one's asking is the one that is wanted: another would be for nothing,
// and keep a new key out for as long as fetches must be apart.
func TestFetchEndsBeforeItIsAskedFor(t *testing.T) {
	var d demand
	d.init(Options{Clock: newFakeClock()}.withDefaults())
	looked := d.completedFetches()
	d.start(d.clock.Now())
	d.finish(true)
	later := d.clock.Now().Add(time.Hour)
	d.schedule(later)
	if f, _ := d.ask(looked); f != nil || !d.due().Equal(later) {
		t.Error("another fetch was begun")
	}
	if f, _ := d.ask(d.completedFetches()); f == nil || !d.due().Equal(d.clock.Now()) {
		t.Error("who has looked since and misses a key must have it fetched")
	}
}
