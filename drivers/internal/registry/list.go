package registry

import (
	"slices"
	"sync/atomic"
)

// list is read without a lock, and a change of it costs what changes: it grows at its end, and what has ended stays in it
// until it is the half of it. A reader sees what was there when it looked, and passes over what has ended.
type list[T interface{ Ended() bool }] struct {
	items atomic.Pointer[[]T]
	idle  int // items that have ended
}

// all is what is there, and what has ended.
func (l *list[T]) all() []T {
	if items := l.items.Load(); items != nil {
		return *items
	}
	return nil
}

// add appends one. Readers of the list before do not see past its length, so the room behind it can be used.
func (l *list[T]) add(item T) {
	items := append(l.all(), item)
	l.items.Store(&items)
}

// end notes that one more has ended, and says how many have not.
func (l *list[T]) end() (left int) {
	items := l.all()
	if l.idle++; 2*l.idle >= len(items) {
		items = slices.DeleteFunc(slices.Clone(items), T.Ended)
		l.items.Store(&items)
		l.idle = 0
	}
	return len(items) - l.idle
}
