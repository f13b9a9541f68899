package store

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/eolinker/apinto/resources"
)

// cacheFake is a Redis that lets through one round trip for each value in gate. Keys in faulty fail.
type cacheFake struct {
	resources.ICache
	gate chan struct{}

	mu     sync.Mutex
	trips  []int // the questions of each
	dead   map[string]bool
	faulty map[string]bool
}

func (c *cacheFake) answer(key string) resources.ArrayInterfaceResult {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.faulty[key]:
		return resources.NewArrayInterfaceResult(nil, errors.New("MOVED"))
	case c.dead[key]:
		return resources.NewArrayInterfaceResult([]any{"1", "7", nil}, nil)
	}
	return resources.NewArrayInterfaceResult([]any{nil, "7", nil}, nil)
}

// trip makes one round trip.
func (c *cacheFake) trip(questions int) {
	c.mu.Lock()
	c.trips = append(c.trips, questions)
	c.mu.Unlock()
	<-c.gate
}

func (c *cacheFake) HMGet(_ context.Context, key string, _ ...string) resources.ArrayInterfaceResult {
	a := c.answer(key)
	c.trip(1)
	return a
}

func (c *cacheFake) Tx() resources.TX { return &txFake{cacheFake: c} }

// txFake asks all at once when it is executed.
type txFake struct {
	*cacheFake
	asked []*lateResult
}

type lateResult struct {
	key string
	resources.ArrayInterfaceResult
}

func (x *txFake) HMGet(_ context.Context, key string, _ ...string) resources.ArrayInterfaceResult {
	x.asked = append(x.asked, &lateResult{key: key})
	return x.asked[len(x.asked)-1]
}

func (x *txFake) Exec(context.Context) error {
	for _, result := range x.asked {
		result.ArrayInterfaceResult = x.answer(result.key)
	}
	x.trip(len(x.asked))
	return errors.New("one of them has failed")
}

// started waits until this many round trips are under way, or this many questions wait for the next one.
func started(t *testing.T, s *redisStore, c *cacheFake, trips, waiting int) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		c.mu.Lock()
		s.mu.Lock()
		gone, wait := len(c.trips), 0
		if s.waiting != nil {
			wait = len(s.waiting.questions)
		}
		s.mu.Unlock()
		c.mu.Unlock()
		if gone == trips && wait == waiting {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d round trips and %d questions that wait, want %d and %d", gone, wait, trips, waiting)
		}
	}
}

// completed waits until no batch is under way.
func completed(t *testing.T, s *redisStore) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		s.mu.Lock()
		running := s.running
		s.mu.Unlock()
		if running == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d batches are still under way", running)
		}
	}
}

// Requests at the same time share a round trip. None is answered by one that had gone before it came, and what is wrong
// with one is not the others' concern.
func TestBatch(t *testing.T) {
	c := &cacheFake{gate: make(chan struct{}), dead: make(map[string]bool), faulty: make(map[string]bool)}
	s := newRedis(func() (resources.ICache, bool) { return c, true }, nil)
	var wg sync.WaitGroup
	ask := func(id string, want bool, fails bool) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if ended, err := s.Ended(id); ended != want || (err != nil) != fails {
				t.Errorf("%s: %v, %v", id, ended, err)
			}
		}()
	}
	for i := range batchesAtOnce { // these go at once, one after another
		ask("f.1", false, false)
		started(t, s, c, i+1, 0)
	}
	c.mu.Lock()
	c.dead[familyKey("f")] = true
	c.faulty[familyKey("bad")] = true
	c.mu.Unlock()
	const more = 20
	for i := range more {
		ask("f.1", true, false)
		ask("live."+strconv.Itoa(i), false, false)
	}
	ask("bad.1", false, true)
	started(t, s, c, batchesAtOnce, 2*more+1)
	c.gate <- struct{}{}
	started(t, s, c, batchesAtOnce+1, 0)
	for range batchesAtOnce {
		c.gate <- struct{}{}
	}
	wg.Wait()
	completed(t, s)
	if n := c.trips[batchesAtOnce]; n != 2*more+1 || len(c.trips) != batchesAtOnce+1 {
		t.Errorf("round trips %v", c.trips)
	}
	go func() { c.gate <- struct{}{} }()
	if ok, err := s.Current("f", 7); ok || err != nil {
		t.Errorf("an ended family: %v, %v", ok, err)
	}
}

// Nobody waits longer than the limit, also who waits for a round trip to begin; and those that never come back do not
// keep others from going.
func TestBatchTimes(t *testing.T) {
	c := &cacheFake{gate: make(chan struct{})}
	s := newRedis(func() (resources.ICache, bool) { return c, true }, nil)
	start := time.Now()
	var wg sync.WaitGroup
	for range 3 * batchesAtOnce {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := s.Ended("f.1"); !errors.Is(err, errSlow) {
				t.Errorf("got %v", err)
			}
		}()
	}
	wg.Wait()
	if took := time.Since(start); took > callTimeout+callTimeout/2 {
		t.Errorf("it took %s", took)
	}
	completed(t, s)
	close(c.gate)
	if _, err := s.Ended("f.1"); err != nil {
		t.Errorf("when it answers again: %v", err)
	}
}

// A panic in a batch, as of the host's list of outputs, is an answer for those who wait, and the batches go on.
func TestBatchPanics(t *testing.T) {
	broken, caught := true, 0
	s := newRedis(func() (resources.ICache, bool) {
		if broken {
			panic("the test's panic")
		}
		gate := make(chan struct{})
		close(gate)
		return &cacheFake{gate: gate}, true
	}, func(_, _ string) { caught++ })
	for range 2 * batchesAtOnce {
		if _, err := s.read(question{"key", "-"}); !errors.Is(err, errUnreadable) {
			t.Fatalf("got %v", err)
		}
	}
	if caught != 2*batchesAtOnce {
		t.Errorf("%d panics were told of", caught)
	}
	broken = false
	if values, err := s.read(question{"key", "-"}); err != nil || values[1] != "7" {
		t.Errorf("afterwards: %v, %v", values, err)
	}
}
