package revocation

import (
	"sync/atomic"
	"testing"
	"time"

	"apinto-jwt/jwttest"
)

// noon is the time that it is in these tests: 2024-03-01T12:00:00Z.
const noon = 1709294400

// What the goroutine has read is relied on for a moment, and no longer; a clock that is put back does not lengthen it.
func TestRequestsReadAgain(t *testing.T) {
	h := new(jwttest.Hashes)
	r, start := &List{Hashes: h}, time.Unix(noon, 0)
	if r.Snapshot(start).EndsID("a") {
		t.Fatal("nothing is listed yet")
	}
	r.polled.Store(start.UnixNano())
	h.Put(HashRevoked, "a", "1")
	for _, tt := range []struct {
		after time.Duration
		want  bool
	}{{maxAge - 1, false}, {1 - maxAge, false}, {maxAge, true}} {
		if got := r.Snapshot(start.Add(tt.after)).EndsID("a"); got != tt.want {
			t.Errorf("after %s: %v", tt.after, got)
		}
	}
	h.Put(HashRevoked)
	for _, after := range []time.Duration{-maxAge, time.Hour, -time.Hour} {
		if r.Snapshot(start.Add(after)).EndsID("a") {
			t.Errorf("after %s it is still ended when the list is empty again", after)
		}
	}
}

// The goroutine reads at each tick, and requests do not.
func TestPolling(t *testing.T) {
	h := new(jwttest.Hashes)
	r := &List{Hashes: h}
	ticks, done := make(chan time.Time), make(chan struct{})
	go func() { r.keepPolling(ticks); close(done) }()
	for _, listed := range []bool{true, false, true} {
		if listed {
			h.Put(HashRevoked, "a", "1")
		} else {
			h.Put(HashRevoked)
		}
		ticks <- time.Time{}
		ticks <- time.Time{} // the first has been dealt with
		if got := r.Snapshot(time.Now()).EndsID("a"); got != listed {
			t.Errorf("listed %v, ended %v", listed, got)
		}
	}
	close(ticks)
	<-done
	asked := h.Asked()
	for range 10 {
		r.Snapshot(time.Now())
	}
	if got := h.Asked(); got != asked {
		t.Errorf("10 requests have read the hashes %d times", got-asked)
	}
}

// In a process that serves requests the goroutine starts with the first request.
func TestFollows(t *testing.T) {
	h := new(jwttest.Hashes)
	h.Put(HashRevoked, "a", "1")
	r := &List{Hashes: h, Follows: true}
	for deadline := time.Now().Add(5 * time.Second); r.polled.Load() == 0; time.Sleep(time.Millisecond) {
		if !r.Snapshot(time.Now()).EndsID("a") {
			t.Fatal("what is listed is not ended")
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody polls the hashes")
		}
	}
	h.Put(HashRevoked)
	for deadline := time.Now().Add(5 * time.Second); r.Snapshot(time.Now()).EndsID("a"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a change is not seen")
		}
	}
}

// brokenHashes panic while they are broken.
type brokenHashes struct{ broken atomic.Bool }

func (h *brokenHashes) GetAll(string) (map[string]string, bool) {
	if h.broken.Load() {
		panic("the test's panic")
	}
	return map[string]string{"a": "0"}, true
}

// A panic in the goroutine does not end the process, and the next poll is made.
func TestPanicWhilePolling(t *testing.T) {
	h := new(brokenHashes)
	h.broken.Store(true)
	var caught atomic.Int64
	r := &List{Hashes: h, Panicked: func(string) { caught.Add(1) }}
	ticks, done := make(chan time.Time), make(chan struct{})
	go func() { r.keepPolling(ticks); close(done) }()
	ticks <- time.Now()
	ticks <- time.Now() // the first poll has ended
	h.broken.Store(false)
	ticks <- time.Now()
	close(ticks)
	<-done
	if caught.Load() == 0 {
		t.Error("no panic is counted")
	}
	if !r.listed.Load().EndsID("a") {
		t.Error("nothing is read any more")
	}
}
