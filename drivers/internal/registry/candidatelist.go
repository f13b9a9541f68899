package registry

import (
	"slices"
	"sync/atomic"

	"apinto-jwt/keys"
)

// listKey is what a token is looked up by at a place.
type listKey struct {
	issuer    string // of the rules; empty: those that take any
	kid       string
	algorithm keys.AlgorithmSet // of one member: a number is hashed faster than its name
	kidMode   kidMode
}

// kidMode is the role of the key ID in a list.
type kidMode uint8

const (
	kidNone  kidMode = iota // for tokens without a key ID: every group
	kidExact                // for tokens with this key ID
	kidAny                  // for tokens with any: groups that have keys without an ID, or keys that change
)

// candidateList is the groups that one kind of token is looked up in. One is always there that has not ended.
type candidateList struct {
	list[*KeyGroup]
	algorithm keys.AlgorithmSet
	cost      int                   // Most that trying all costs a request, at least.
	crowd     atomic.Pointer[Crowd] // Nil unless there are more groups than a request may try.
}

// load returns the groups of a list.
func (s *LocationIndex) load(key listKey) []*KeyGroup {
	if b, ok := s.lists.Load(key); ok {
		return b.all()
	}
	return nil
}

// listsOf are the lists that a group belongs into.
func listsOf(g *KeyGroup) []listKey {
	var list []listKey
	for _, a := range g.source.Algorithms.List() {
		key := listKey{algorithm: keys.NewAlgorithmSet(a), issuer: g.issuer}
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

// into puts the group into the list.
func (s *LocationIndex) into(key listKey, g *KeyGroup) *candidateList {
	b, _ := s.lists.LoadOrCompute(key, func() (*candidateList, bool) { return &candidateList{algorithm: key.algorithm}, false })
	b.cost += costOfKeys(g.source, key.algorithm)
	b.add(g)
	return b
}

// outOf takes a group that has ended out of the list, and an empty list out of the index.
func (s *LocationIndex) outOf(key listKey, g *KeyGroup) {
	b, ok := s.lists.Load(key)
	if !ok {
		return
	}
	b.cost -= costOfKeys(g.source, key.algorithm)
	if b.end() == 0 {
		s.lists.Delete(key)
	}
}
