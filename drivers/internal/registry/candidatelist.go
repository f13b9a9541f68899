package registry

import (
	"slices"

	"apinto-jwt/keys"
)

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
