// Package cachelib compares what the cache of verified tokens can be built on. The comparison is of the library with
// the keys and sizes of that cache; what the driver makes of it is measured elsewhere.
package cachelib

import (
	"hash/maphash"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/maypok86/otter/v2"
)

// entry stands for a verified token.
type entry struct {
	token string
	size  int // in bytes, with what the token's claims take
}

// store is what the driver needs of a cache.
type store[K comparable] interface {
	get(key K) (*entry, bool)
	put(key K, e *entry)
	length() int
	close()
}

// bound limits a store: in bytes where the library can, else in entries of the mean size.
type bound struct {
	bytes   int
	entries int
}

// maker makes a store.
type maker[K comparable] struct {
	name   string
	byByte bool // the library bounds the bytes
	make   func(b bound, hash func(K) uint64) store[K]
}

// makers are the contenders.
func makers[K comparable]() []maker[K] {
	return []maker[K]{
		{"otter v2.4.0", true, newOtter[K]},
		{"golang-lru v2.0.7", false, newLRU[K]},
		{"golang-lru ×64 shards", false, newShardedLRU[K]},
		{"own: xsync map + clock", true, newClockMap[K]},
		{"own: 64 locked shards + clock", true, newShards[K]},
	}
}

type otterStore[K comparable] struct{ cache *otter.Cache[K, *entry] }

func newOtter[K comparable](b bound, _ func(K) uint64) store[K] {
	return otterStore[K]{otter.Must(&otter.Options[K, *entry]{
		MaximumWeight: uint64(b.bytes),
		Weigher:       func(_ K, e *entry) uint32 { return uint32(e.size) },
	})}
}

func (s otterStore[K]) get(key K) (*entry, bool) { return s.cache.GetIfPresent(key) }
func (s otterStore[K]) put(key K, e *entry)      { s.cache.Set(key, e) }
func (s otterStore[K]) length() int              { s.cache.CleanUp(); return s.cache.EstimatedSize() }
func (s otterStore[K]) close()                   { s.cache.StopAllGoroutines() }

type lruStore[K comparable] struct{ cache *lru.Cache[K, *entry] }

func newLRU[K comparable](b bound, _ func(K) uint64) store[K] {
	cache, err := lru.New[K, *entry](b.entries)
	if err != nil { // the size is positive
		panic(err)
	}
	return lruStore[K]{cache}
}

func (s lruStore[K]) get(key K) (*entry, bool) { return s.cache.Get(key) }
func (s lruStore[K]) put(key K, e *entry)      { s.cache.Add(key, e) }
func (s lruStore[K]) length() int              { return s.cache.Len() }
func (lruStore[K]) close()                     {}

// shards is how many parts the sharded stores have.
const shards = 64

type shardedLRU[K comparable] struct {
	hash   func(K) uint64
	shards [shards]store[K]
}

func newShardedLRU[K comparable](b bound, hash func(K) uint64) store[K] {
	s := &shardedLRU[K]{hash: hash}
	for i := range s.shards {
		s.shards[i] = newLRU[K](bound{entries: max(1, b.entries/shards)}, nil)
	}
	return s
}

func (s *shardedLRU[K]) shard(key K) store[K]     { return s.shards[s.hash(key)%shards] }
func (s *shardedLRU[K]) get(key K) (*entry, bool) { return s.shard(key).get(key) }
func (s *shardedLRU[K]) put(key K, e *entry)      { s.shard(key).put(key, e) }
func (s *shardedLRU[K]) close()                   {}
func (s *shardedLRU[K]) length() (n int) {
	for _, shard := range s.shards {
		n += shard.length()
	}
	return n
}

// seed is of the hashes in this package.
var seed = maphash.MakeSeed()
