package store

import (
	"container/heap"
	"time"
)

// expiring is a map whose entries end, each at its time. No call looks at more than a few entries, whatever the size:
// those that end are found by a heap.
type expiring[V any] struct {
	entries map[string]*timed[V]
	soonest timedHeap[V]
}

// timed is an entry of the map.
type timed[V any] struct {
	key   string
	value V
	until time.Time
	place int // In the heap.
}

func newExpiring[V any]() *expiring[V] { return &expiring[V]{entries: make(map[string]*timed[V])} }

// len returns the number of entries, ended ones included that have not been removed yet.
func (m *expiring[V]) len() int { return len(m.entries) }

// get returns the entry's value; false if there is none, or it has ended.
func (m *expiring[V]) get(key string, now time.Time) (value V, ok bool) {
	if e := m.entries[key]; e != nil && e.until.After(now) {
		return e.value, true
	}
	return value, false
}

// put sets an entry, which ends at this time or when it would have ended, whichever is later.
func (m *expiring[V]) put(key string, value V, until time.Time) {
	e := m.entries[key]
	if e == nil {
		e = &timed[V]{key: key, value: value, until: until}
		m.entries[key] = e
		heap.Push(&m.soonest, e)
		return
	}
	e.value = value
	if until.After(e.until) {
		e.until = until
		heap.Fix(&m.soonest, e.place)
	}
}

// remove removes an entry, if it is there.
func (m *expiring[V]) remove(key string) {
	if e := m.entries[key]; e != nil {
		heap.Remove(&m.soonest, e.place)
		delete(m.entries, key)
	}
}

// expired removes one entry that has ended, and returns it; false if there is none. Two for each entry that is put keep
// up.
func (m *expiring[V]) expired(now time.Time) (key string, value V, ok bool) {
	if len(m.soonest) == 0 || m.soonest[0].until.After(now) {
		return "", value, false
	}
	e := m.soonest[0]
	m.remove(e.key)
	return e.key, e.value, true
}

// next returns when the entry ends that ends first; false if there is none.
func (m *expiring[V]) next() (time.Time, bool) {
	if len(m.soonest) == 0 {
		return time.Time{}, false
	}
	return m.soonest[0].until, true
}

// dropSoonest removes the entry that ends first.
func (m *expiring[V]) dropSoonest() {
	if len(m.soonest) > 0 {
		m.remove(m.soonest[0].key)
	}
}

// timedHeap has the entry that ends first in front (container/heap).
type timedHeap[V any] []*timed[V]

func (h timedHeap[V]) Len() int           { return len(h) }
func (h timedHeap[V]) Less(i, j int) bool { return h[i].until.Before(h[j].until) }
func (h timedHeap[V]) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i, j
}

// Push implements heap.Interface.
func (h *timedHeap[V]) Push(entry any) {
	e := entry.(*timed[V])
	e.place = len(*h)
	*h = append(*h, e)
}

// Pop implements heap.Interface.
func (h *timedHeap[V]) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return e
}
