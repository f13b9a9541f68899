package remote

import (
	"sync"
	"testing"
	"time"
)

// fakeClock is a clock that a test moves.
type fakeClock struct {
	mu     sync.Mutex
	now    time.Time
	timers map[*fakeTimer]bool
	made   int
}

type fakeTimer struct {
	at time.Time
	c  chan time.Time
}

func newFakeClock() *fakeClock {
	return &fakeClock{now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), timers: make(map[*fakeTimer]bool)}
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Timer(d time.Duration) (<-chan time.Time, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	timer := &fakeTimer{at: c.now.Add(d), c: make(chan time.Time, 1)}
	c.timers[timer] = true
	c.made++
	c.fire()
	return timer.c, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.timers, timer)
	}
}

// advance moves the time.
func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.fire()
}

func (c *fakeClock) fire() {
	for timer := range c.timers {
		if !timer.at.After(c.now) {
			timer.c <- c.now
			delete(c.timers, timer)
		}
	}
}

// asleep waits until this many fetchers have done their work and wait for the clock.
func (c *fakeClock) asleep(t testing.TB, fetchers int) {
	t.Helper()
	eventually(t, "the fetchers to sleep", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.timers) == fetchers
	})
}

// timersMade returns how many timers were set.
func (c *fakeClock) timersMade() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.made
}

// eventually waits for what other goroutines bring about.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
