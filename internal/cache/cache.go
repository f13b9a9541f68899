// Package cache is a bounded cache for concurrent use. It knows nothing of what it holds.
package cache

import "github.com/maypok86/otter/v2"

// Cache keeps values by number up to a total size in bytes; what is used least goes first. A nil *Cache is off: it
// holds nothing.
type Cache[V any] struct {
	entries *otter.Cache[uint64, V]
}

// New makes a cache of at most so many bytes, as size counts them; nil, which is off, for 0.
func New[V any](bytes uint64, size func(V) uint32) *Cache[V] {
	if bytes == 0 {
		return nil
	}
	return &Cache[V]{entries: otter.Must(&otter.Options[uint64, V]{
		MaximumWeight: bytes,
		Weigher:       func(_ uint64, value V) uint32 { return size(value) },
	})}
}

// Get returns the value that was put under the number.
func (c *Cache[V]) Get(key uint64) (value V, ok bool) {
	if c == nil {
		return value, false
	}
	return c.entries.GetIfPresent(key)
}

// Put keeps the value under the number, in place of another one.
func (c *Cache[V]) Put(key uint64, value V) {
	if c != nil {
		c.entries.Set(key, value)
	}
}

// Sweep drops the values that keep refuses.
func (c *Cache[V]) Sweep(keep func(V) bool) {
	if c == nil {
		return
	}
	for key, value := range c.entries.All() {
		if !keep(value) {
			c.entries.Invalidate(key)
		}
	}
}

// Size returns how many values there are and how many bytes they count.
func (c *Cache[V]) Size() (values int, bytes uint64) {
	if c == nil {
		return 0, 0
	}
	c.entries.CleanUp()
	return c.entries.EstimatedSize(), c.entries.WeightedSize()
}
