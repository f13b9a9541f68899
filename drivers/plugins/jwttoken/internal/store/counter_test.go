package store

import (
	"testing"
	"time"
)

// An attempt whose outcome nobody tells counts as failed, and is waited for no longer.
func TestLeaseEnds(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	m := newMemory(func() time.Time { return now })
	l := Limit{1, time.Minute, time.Second}
	for _, step := range []struct {
		after time.Duration
		id    string
		want  Standing
	}{{0, "a", Reserved}, {0, "b", Open}, {time.Second, "b", Refused}, {58 * time.Second, "b", Refused}, {time.Second, "b", Reserved}} {
		now = now.Add(step.after)
		if got, _, err := m.Reserve("c", step.id, l); got != step.want || err != nil {
			t.Errorf("at %s: %v, %v, want %v", now, got, err, step.want)
		}
	}
	for range 2 {
		if err := m.Settle("c", "b", false); err != nil || m.counters.len() != 0 {
			t.Errorf("taken back: %d counters, %v", m.counters.len(), err)
		}
	}
}
