package store

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/eolinker/apinto/resources"
)

// clockFake is a Redis whose clock is off by this much from one call to the next, and that takes long to tell it.
type clockFake struct {
	resources.ICache
	clock int64
	takes time.Duration
	ran   []int64 // the deadlines
}

func (c *clockFake) Run(_ context.Context, text any, _ []string, args ...any) resources.InterfaceResult {
	if text == scriptClock {
		time.Sleep(c.takes)
		return resources.NewInterfaceResult([]any{c.clock}, nil)
	}
	c.ran = append(c.ran, args[0].(int64))
	return resources.NewInterfaceResult([]any{int64(late)}, nil)
}

// A deadline is by the clock of Redis, whatever the node's says, and never later than the node waits.
func TestDeadline(t *testing.T) {
	for _, clock := range []int64{0, 1_000_000, 9_999_999_999_999} {
		c := &clockFake{clock: clock, takes: 100 * time.Millisecond}
		s := newRedis(func() (resources.ICache, bool) { return c, true }, nil)
		if _, err := s.Rotate("f", 1, "", time.Hour); !errors.Is(err, errSlow) {
			t.Errorf("a script that came too late: %v", err)
		}
		most := clock + (callTimeout - c.takes).Milliseconds()
		if len(c.ran) != 1 || c.ran[0] > most || c.ran[0] < most-100 {
			t.Errorf("at %d: the deadlines %d, want at most %d", clock, c.ran, most)
		}
	}
	c := &clockFake{takes: callTimeout + 50*time.Millisecond}
	s := newRedis(func() (resources.ICache, bool) { return c, true }, nil)
	if _, err := s.Rotate("f", 1, "", time.Hour); !errors.Is(err, errSlow) {
		t.Errorf("a clock that comes too late: %v", err)
	}
	time.Sleep(100 * time.Millisecond)
	if len(c.ran) != 0 {
		t.Error("a script is sent that nobody waits for")
	}
}

// A store that does not answer is waited for by nobody, and what was called ends by itself.
func TestNothingLeaks(t *testing.T) {
	f := inRedis(t)
	id := NewFamily("o") + ".1"
	if _, err := f.Ended(id); err != nil { // there is a connection now
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	f.server.Freeze()
	start := time.Now()
	for range 5 {
		if _, err := f.Ended(id); !errors.Is(err, errSlow) {
			t.Fatalf("got %v", err)
		}
	}
	if took := time.Since(start); took > 5*callTimeout+time.Second {
		t.Errorf("five calls took %s", took)
	}
	f.server.Thaw()
	for deadline := time.Now().Add(20 * time.Second); runtime.NumGoroutine() > before+2; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
	if n := len(f.Store.(*redisStore).slots); n != 0 {
		t.Errorf("%d calls are under way", n)
	}
}
