package store

import (
	"fmt"
	"strconv"
	"testing"
	"time"
)

// filled returns a store that knows this many ended tokens, none of which expires soon.
func filled(size int) *Cached {
	c := NewCached("test", newMemory(time.Now), time.Now)
	for i := range size {
		c.record("f"+strconv.Itoa(i)+".x", time.Now().Add(time.Hour+time.Duration(i)*time.Second))
	}
	return c
}

// What a request does takes no longer when the process knows of as many ended tokens as it may: ten thousand are over
// before one look at all of them each would be.
func TestKnownAtAnySize(t *testing.T) {
	c := filled(maxKnown)
	start := time.Now()
	const more = 10_000
	for i := range more {
		c.record("g"+strconv.Itoa(i)+".x", time.Now().Add(100*time.Hour))
		c.knows("other.x", time.Now())
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("%d took %s", more, took)
	}
	if n := c.known.len(); n != maxKnown {
		t.Errorf("%d are known, at most %d may be", n, maxKnown)
	}
	now := time.Now()
	if !c.knows("g0.x", now) || !c.knows("g9999.x", now) {
		t.Error("the newest are not known")
	}
	if c.knows("f0.x", now) || !c.knows("f50000.x", now) {
		t.Error("those that matter for the shortest time make room, and no others")
	}
}

// What is known, of a token and of its whole family, ends at its time; the later time counts.
func TestKnownEnds(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	c := NewCached("test", nil, func() time.Time { return now })
	c.record("a.1", now.Add(time.Minute))
	c.record(wholeFamily("b"), now.Add(time.Hour))
	c.record(wholeFamily("b"), now.Add(time.Minute))
	c.record("without a dot", now.Add(time.Minute))
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{0, "true false true true"}, {59 * time.Second, "true false true true"}, {time.Second, "false false true false"}, {time.Hour, "false false false false"}} {
		now = now.Add(step.after)
		got := fmt.Sprint(c.knows("a.1", now), c.knows("a.2", now), c.knows("b.9", now), c.knows("without a dot", now))
		if got != step.want {
			t.Errorf("at %s: %s, want %s", now, got, step.want)
		}
	}
}

// What a request asks of what the process knows, and what it notes: the same at any size.
func BenchmarkKnown(b *testing.B) {
	for _, size := range []int{0, 1000, maxKnown} {
		b.Run(fmt.Sprintf("knows,%d", size), func(b *testing.B) {
			c, now := filled(size), time.Now()
			b.ReportAllocs()
			for b.Loop() {
				c.knows("AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBB", now)
			}
		})
		b.Run(fmt.Sprintf("record,%d", size), func(b *testing.B) {
			c := filled(size)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c.record("g"+strconv.Itoa(i), time.Now().Add(2*time.Hour))
			}
		})
	}
}
