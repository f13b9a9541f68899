package cachelib

import (
	"io"
	"testing"
	"time"

	"apinto-jwt/bench/timing"
)

func TestRun(t *testing.T) {
	outcome := Run(Options{
		Options: timing.Options{Rounds: 1, Slice: time.Microsecond}, Requests: 2 * batch, Capacity: 4 * batch, Progress: io.Discard,
	})
	if len(outcome.Tables) != 4 {
		t.Errorf("%d tables", len(outcome.Tables))
	}
}

// The own stores hold what they promise, so that the comparison with them is fair.
func TestBound(t *testing.T) {
	for _, m := range makers[uint64]() {
		s := m.make(bound{bytes: 100 * entrySize, entries: 100}, byHash.hash)
		for i := range uint64(100_000) {
			s.put(i*0x9e3779b97f4a7c15, &entry{size: entrySize})
		}
		if n := s.length(); n < 50 || n > 140 {
			t.Errorf("%s: %d entries, want about 100", m.name, n)
		}
		s.close()
	}
}
