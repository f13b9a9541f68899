package store

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// The map does what a plain map with times does, whatever comes after what.
func TestExpiring(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	m := newExpiring[int]()
	plain := make(map[string]time.Time)
	now := time.Unix(1_700_000_000, 0)
	for i := range 20_000 {
		key := fmt.Sprint(random.IntN(300))
		switch random.IntN(10) {
		case 0:
			m.remove(key)
			delete(plain, key)
		case 1:
			now = now.Add(time.Duration(random.IntN(20)) * time.Second)
		case 2:
			m.expired(now)
		default:
			until := now.Add(time.Duration(random.IntN(600)) * time.Second)
			m.put(key, i, until)
			if before, there := plain[key]; !there || until.After(before) {
				plain[key] = until
			}
		}
		_, got := m.get(key, now)
		if want := plain[key].After(now); got != want {
			t.Fatalf("step %d: %s is there: %v, want %v", i, key, got, want)
		}
		soonest, ok := m.next()
		if ok != (m.len() > 0) {
			t.Fatalf("step %d: %d entries, and one that ends first: %v", i, m.len(), ok)
		}
		for _, e := range m.entries {
			if e.until.Before(soonest) {
				t.Fatalf("step %d: %s ends before the one that is said to end first", i, e.key)
			}
		}
	}
	for ok := true; ok; {
		_, _, ok = m.expired(now.Add(time.Hour))
	}
	if m.len() != 0 || len(m.soonest) != 0 {
		t.Errorf("%d entries are left when all have ended", m.len())
	}
	m.dropSoonest() // of an empty one
}
