package jwt

import (
	"slices"
	"sync/atomic"

	"apinto-jwt/keys"
)

// bucketKey is what a token is looked up by at a place.
type bucketKey struct {
	issuer    string // of the rules; empty: those that take any
	kid       string
	algorithm keys.AlgorithmSet // of one member: a number is hashed faster than its name
	kidMode   kidMode
}

// kidMode is the role of the key ID in a bucket.
type kidMode uint8

const (
	kidNone  kidMode = iota // for tokens without a key ID: every group
	kidExact                // for tokens with this key ID
	kidAny                  // for tokens with any: groups that have keys without an ID, or keys that change
)

// bucket is the groups that one kind of token is looked up in. One is always there that has not ended.
type bucket struct {
	list[*group]
	algorithm keys.AlgorithmSet
	cost      int                   // Most that trying all costs a request, at least.
	crowd     atomic.Pointer[crowd] // Nil unless there are more groups than a request may try.
}

// load is the groups of a bucket.
func (s *shelf) load(key bucketKey) []*group {
	if b, ok := s.buckets.Load(key); ok {
		return b.all()
	}
	return nil
}

// bucketsOf are the buckets that a group belongs into.
func bucketsOf(g *group) []bucketKey {
	var list []bucketKey
	for _, a := range g.source.Algorithms.List() {
		key := bucketKey{algorithm: keys.NewAlgorithmSet(a), issuer: g.issuer}
		list = append(list, key)
		anyID := g.source.Remote != nil // its keys change: it is looked at for every ID
		for _, k := range g.source.Set.Keys() {
			if k.ID() == "" {
				anyID = true
			} else if key.kid, key.kidMode = k.ID(), kidExact; !slices.Contains(list, key) {
				list = append(list, key)
			}
		}
		if anyID {
			key.kid, key.kidMode = "", kidAny
			list = append(list, key)
		}
	}
	return list
}

// into puts the group into the bucket.
func (s *shelf) into(key bucketKey, g *group) *bucket {
	b, _ := s.buckets.LoadOrCompute(key, func() (*bucket, bool) { return &bucket{algorithm: key.algorithm}, false })
	b.cost += costOfKeys(g.source, key.algorithm)
	b.add(g)
	return b
}

// outOf takes a group that has ended out of the bucket, and an empty bucket out of the shelf.
func (s *shelf) outOf(key bucketKey, g *group) {
	b, ok := s.buckets.Load(key)
	if !ok {
		return
	}
	b.cost -= costOfKeys(g.source, key.algorithm)
	if b.end() == 0 {
		s.buckets.Delete(key)
	}
}
