package jwt

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
	places   atomic.Pointer[[]*shelf]
	groups   map[groupKey]*group
	pool     *remote.Pool // fetches key sets; nil in a process that serves no requests
	onChange func()       // is called when a fetched set changes
	many     int          // is manyRules
	crowds   atomic.Bool  // There has been a crowd.
}

// shelf is one place with what is known of the rules that look at it.
type shelf struct {
	place   rule.Location
	private bool // shared caches do not know by themselves that a token is there
	buckets *xsync.Map[bucketKey, *bucket]
	rules   int
	// algorithms are those of its rules, for telling a wrong algorithm from a wrong issuer.
	algorithms atomic.Uint32
	counts     map[keys.Algorithm]int
	// anyIssuer tells that it has had groups that take any issuer.
	anyIssuer atomic.Bool
}

// body reports whether the place is in the body.
func (s *shelf) body() bool { return s.place.Position == rule.PositionBody }

// group is the rules at one place that have the same keys and the same issuer: one signature check serves all.
type group struct {
	shelf  *shelf
	source *rule.KeySource
	held   *held
	issuer string
	rules  list[*binding]
	gone   atomic.Bool // it has no rules any more
	// directory finds the rules by their users, where they are many.
	directory atomic.Pointer[directory[*binding]]
	// buckets are those that it stands in.
	buckets []*bucket
}

// ended tells that it has no rules any more.
func (g *group) ended() bool { return g.gone.Load() }

// groupKey identifies a group.
type groupKey struct {
	place  rule.Location
	source string
	issuer string
}

func newIndex(pool *remote.Pool, onChange func()) *index {
	x := &index{groups: make(map[groupKey]*group), pool: pool, onChange: onChange, many: manyRules}
	x.places.Store(&[]*shelf{})
	return x
}

// shelves are the places that any rule looks at, in the order in which they are looked at.
func (x *index) shelves() []*shelf { return *x.places.Load() }

// add puts a binding into the index, once for each place that its rule looks at.
func (x *index) add(b *binding) {
	for _, p := range b.rule.Locations { // who finds the rule at one of its places can look at the others
		x.shelf(p)
	}
	for _, p := range b.rule.Locations {
		g := x.group(p, b.rule)
		g.rules.add(b)
		b.groups = append(b.groups, g)
		g.file(b, x.many)
		for _, bucket := range g.buckets {
			if bucket.file(member{b, g}) {
				x.crowds.Store(true)
			}
		}
		g.shelf.count(b.rule.Keys.Algorithms, +1)
	}
}

// group is the rule's group at the rule.Location, made and put into its buckets where there is none.
func (x *index) group(p rule.Location, r *rule.Rule) *group {
	key := groupKey{p, r.Keys.ID, r.Issuer}
	if g, ok := x.groups[key]; ok {
		return g
	}
	g := &group{shelf: x.shelf(p), source: r.Keys, held: open(r.Keys, x.pool, x.onChange), issuer: r.Issuer}
	if g.issuer == "" {
		g.shelf.anyIssuer.Store(true)
	}
	x.groups[key] = g
	for _, key := range bucketsOf(g) {
		g.buckets = append(g.buckets, g.shelf.into(key, g))
	}
	return g
}

// remove takes a binding that has ended out of the index, and what was there for it alone.
func (x *index) remove(b *binding) {
	for _, p := range b.rule.Locations {
		key := groupKey{p, b.rule.Keys.ID, b.rule.Issuer}
		g, ok := x.groups[key]
		if !ok {
			continue
		}
		g.shelf.count(b.rule.Keys.Algorithms, -1)
		if g.rules.end() == 0 {
			g.gone.Store(true)
			delete(x.groups, key)
			for _, key := range bucketsOf(g) {
				g.shelf.outOf(key, g)
			}
			g.held.close()
		}
		if g.shelf.rules == 0 {
			x.clear(g.shelf)
		}
	}
}

// byOrder compares bindings by their rules' order.
func byOrder(a, b *binding) int {
	switch {
	case a.rule.Order < b.rule.Order:
		return -1
	case a.rule.Order > b.rule.Order:
		return 1
	}
	return 0
}

// shelf is the place's shelf, made where there is none.
func (x *index) shelf(p rule.Location) *shelf {
	shelves := x.shelves()
	for _, s := range shelves {
		if s.place == p {
			return s
		}
	}
	s := &shelf{place: p, private: p != rule.Authorization(), buckets: xsync.NewMap[bucketKey, *bucket](), counts: make(map[keys.Algorithm]int)}
	at, _ := slices.BinarySearchFunc(shelves, s, func(a, b *shelf) int {
		if a.place.Before(b.place) {
			return -1
		}
		return 1
	})
	shelves = slices.Insert(slices.Clone(shelves), at, s)
	x.places.Store(&shelves)
	return s
}

// clear takes a place that no rule looks at any more off the list.
func (x *index) clear(s *shelf) {
	shelves := slices.DeleteFunc(slices.Clone(x.shelves()), func(other *shelf) bool { return other == s })
	x.places.Store(&shelves)
}

// count notes a rule more or less.
func (s *shelf) count(algs keys.AlgorithmSet, by int) {
	s.rules += by
	var now keys.AlgorithmSet
	for _, a := range algs.List() {
		s.counts[a] += by
	}
	for a, n := range s.counts {
		if n > 0 {
			now |= keys.NewAlgorithmSet(a)
		}
	}
	s.algorithms.Store(uint32(now))
}
