package registry

import (
	"slices"
	"sync/atomic"

	"github.com/puzpuzpuz/xsync/v4"

	"apinto-jwt/keys"
	"apinto-jwt/keys/remote"
	"apinto-jwt/rule"
)

// index finds the rules that a token may be judged by: by the place where it stands, its algorithm, issuer and key
// ID. Reading takes no lock; a change copies the lists that it touches and nothing else. It is changed under the
// registry's lock alone.
type index struct {
	places   atomic.Pointer[[]*LocationIndex]
	groups   map[keyGroupKey]*KeyGroup
	pool     *remote.Pool // fetches key sets; nil in a process that serves no requests
	onChange func()       // is called when a fetched set changes
	many     int          // is manyRules
	crowds   atomic.Bool  // There has been a crowd.
}

// keyGroupKey identifies a group.
type keyGroupKey struct {
	place  rule.Location
	source string
	issuer string
}

func newIndex(pool *remote.Pool, onChange func()) *index {
	x := &index{groups: make(map[keyGroupKey]*KeyGroup), pool: pool, onChange: onChange, many: manyRules}
	x.places.Store(&[]*LocationIndex{})
	return x
}

// locations are the places that any rule looks at, in the order in which they are looked at.
func (x *index) locations() []*LocationIndex { return *x.places.Load() }

// add puts a binding into the index, once for each place that its rule looks at.
func (x *index) add(b *Binding) {
	for _, p := range b.Rule.Locations { // who finds the rule at one of its places can look at the others
		x.location(p)
	}
	for _, p := range b.Rule.Locations {
		g := x.group(p, b.Rule)
		g.rules.add(b)
		b.groups = append(b.groups, g)
		g.index(b, x.many)
		for _, bucket := range g.lists {
			if bucket.file(member{b, g}) {
				x.crowds.Store(true)
			}
		}
		g.location.count(b.Rule.Keys.Algorithms, +1)
	}
}

// group returns the rule's group at the location, creating it if missing.
func (x *index) group(p rule.Location, r *rule.Rule) *KeyGroup {
	key := keyGroupKey{p, r.Keys.ID, r.Issuer}
	if g, ok := x.groups[key]; ok {
		return g
	}
	g := &KeyGroup{location: x.location(p), source: r.Keys, handle: open(r.Keys, x.pool, x.onChange), issuer: r.Issuer}
	if g.issuer == "" {
		g.location.anyIssuer.Store(true)
	}
	x.groups[key] = g
	for _, key := range listsOf(g) {
		g.lists = append(g.lists, g.location.into(key, g))
	}
	return g
}

// remove takes a binding that has ended out of the index, and what was there for it alone.
func (x *index) remove(b *Binding) {
	for _, p := range b.Rule.Locations {
		key := keyGroupKey{p, b.Rule.Keys.ID, b.Rule.Issuer}
		g, ok := x.groups[key]
		if !ok {
			continue
		}
		g.location.count(b.Rule.Keys.Algorithms, -1)
		if g.rules.end() == 0 {
			g.gone.Store(true)
			delete(x.groups, key)
			for _, key := range listsOf(g) {
				g.location.outOf(key, g)
			}
			g.handle.close()
		}
		if g.location.rules == 0 {
			x.clear(g.location)
		}
	}
}

// ByOrder compares bindings by their rules' order.
func ByOrder(a, b *Binding) int {
	switch {
	case a.Rule.Order < b.Rule.Order:
		return -1
	case a.Rule.Order > b.Rule.Order:
		return 1
	}
	return 0
}

// location returns the location's index, creating it if missing.
func (x *index) location(p rule.Location) *LocationIndex {
	shelves := x.locations()
	for _, s := range shelves {
		if s.Location == p {
			return s
		}
	}
	s := &LocationIndex{Location: p, Name: p.String(), Private: p != rule.Authorization(), lists: xsync.NewMap[listKey, *candidateList](), counts: make(map[keys.Algorithm]int)}
	at, _ := slices.BinarySearchFunc(shelves, s, func(a, b *LocationIndex) int {
		if a.Location.Before(b.Location) {
			return -1
		}
		return 1
	})
	shelves = slices.Insert(slices.Clone(shelves), at, s)
	x.places.Store(&shelves)
	return s
}

// clear takes a place that no rule looks at any more off the list.
func (x *index) clear(s *LocationIndex) {
	shelves := slices.DeleteFunc(slices.Clone(x.locations()), func(other *LocationIndex) bool { return other == s })
	x.places.Store(&shelves)
}
