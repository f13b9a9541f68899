package cachelib

import (
	"sync"
	"sync/atomic"

	"github.com/puzpuzpuz/xsync/v4"
)

// slot is an entry in the ring of a clock: the hand passes over it once where it has been read since.
type slot[K comparable] struct {
	key   K
	entry *entry
	read  atomic.Bool
}

// touch notes a reading; the flag is written once, so that readers on other processors do not fight for its line.
func (s *slot[K]) touch() {
	if !s.read.Load() {
		s.read.Store(true)
	}
}

// clock chooses what is evicted. It is used under a lock.
type clock[K comparable] struct {
	ring  []*slot[K]
	hand  int
	bytes int
	limit int
}

// add puts a slot into the ring; evicted is called with those that had to leave for it.
func (c *clock[K]) add(s *slot[K], evicted func(*slot[K])) {
	c.bytes += s.entry.size
	for c.bytes > c.limit && len(c.ring) > 0 {
		if c.hand >= len(c.ring) {
			c.hand = 0
		}
		victim := c.ring[c.hand]
		if victim.read.Swap(false) {
			c.hand++
			continue
		}
		last := len(c.ring) - 1
		c.ring[c.hand] = c.ring[last]
		c.ring[last] = nil
		c.ring = c.ring[:last]
		c.hand++
		c.bytes -= victim.entry.size
		evicted(victim)
	}
	c.ring = append(c.ring, s)
}

// clockMap reads without a lock and evicts by clock.
type clockMap[K comparable] struct {
	all   *xsync.Map[K, *slot[K]]
	mu    sync.Mutex
	clock clock[K]
}

func newClockMap[K comparable](b bound, _ func(K) uint64) store[K] {
	return &clockMap[K]{all: xsync.NewMap[K, *slot[K]](), clock: clock[K]{limit: b.bytes}}
}

func (m *clockMap[K]) get(key K) (*entry, bool) {
	s, ok := m.all.Load(key)
	if !ok {
		return nil, false
	}
	s.touch()
	return s.entry, true
}

func (m *clockMap[K]) put(key K, e *entry) {
	s := &slot[K]{key: key, entry: e}
	if _, loaded := m.all.LoadOrStore(key, s); loaded {
		return
	}
	m.mu.Lock()
	m.clock.add(s, func(victim *slot[K]) { m.all.Delete(victim.key) })
	m.mu.Unlock()
}

func (m *clockMap[K]) length() int { return m.all.Size() }
func (*clockMap[K]) close()        {}

// shard is a map under a lock, with a clock of its own.
type shard[K comparable] struct {
	mu    sync.RWMutex
	all   map[K]*slot[K]
	clock clock[K]
	_     [64]byte // neighbours share no cache line
}

// shardedMap is shards chosen by the key's hash.
type shardedMap[K comparable] struct {
	hash   func(K) uint64
	shards [shards]shard[K]
}

func newShards[K comparable](b bound, hash func(K) uint64) store[K] {
	m := &shardedMap[K]{hash: hash}
	for i := range m.shards {
		m.shards[i].all = make(map[K]*slot[K])
		m.shards[i].clock.limit = b.bytes / shards
	}
	return m
}

func (m *shardedMap[K]) get(key K) (*entry, bool) {
	part := &m.shards[m.hash(key)%shards]
	part.mu.RLock()
	s, ok := part.all[key]
	part.mu.RUnlock()
	if !ok {
		return nil, false
	}
	s.touch()
	return s.entry, true
}

func (m *shardedMap[K]) put(key K, e *entry) {
	part := &m.shards[m.hash(key)%shards]
	part.mu.Lock()
	defer part.mu.Unlock()
	if _, ok := part.all[key]; ok {
		return
	}
	s := &slot[K]{key: key, entry: e}
	part.all[key] = s
	part.clock.add(s, func(victim *slot[K]) { delete(part.all, victim.key) })
}

func (m *shardedMap[K]) length() (n int) {
	for i := range m.shards {
		m.shards[i].mu.RLock()
		n += len(m.shards[i].all)
		m.shards[i].mu.RUnlock()
	}
	return n
}

func (*shardedMap[K]) close() {}
