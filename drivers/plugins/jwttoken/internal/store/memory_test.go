package store

import (
	"errors"
	"strconv"
	"testing"
	"time"
)

// The process's store is bounded, and what has expired makes room.
func TestMemoryIsBounded(t *testing.T) {
	const period = 5 * time.Minute
	now := time.Unix(1_700_000_000, 0)
	m := newMemory(func() time.Time { return now })
	l := Limit{10, period, 10 * time.Second}
	for i := range maxCounters {
		if _, _, err := m.Reserve(strconv.Itoa(i), "a", l); err != nil {
			t.Fatalf("counter %d: %v", i, err)
		}
	}
	if _, _, err := m.Reserve("one more", "a", l); !errors.Is(err, errFull) {
		t.Errorf("beyond the bound: %v", err)
	}
	for i := range maxFamilies / 2 {
		if err := m.Revoke(strconv.Itoa(i), time.Minute); err != nil {
			t.Fatalf("revoked token %d: %v", i, err)
		}
	}
	if err := m.Revoke("one.more", time.Minute); !errors.Is(err, errFull) {
		t.Errorf("revoked tokens beyond the bound: %v", err)
	}
	if err := m.Begin("f", "o", 1, time.Hour); err != nil {
		t.Errorf("counters and revoked tokens take the families' room: %v", err)
	}
	now = now.Add(period)
	if _, _, err := m.Reserve("one more", "a", l); err != nil || m.counters.len() >= maxCounters {
		t.Errorf("after they have expired: %v, %d counters", err, m.counters.len())
	}
	now = now.Add(time.Hour)
	if alive, _ := m.Current("f", 1); alive {
		t.Error("a family outlives its time")
	}
}
