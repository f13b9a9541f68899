package registry

import (
	"sync/atomic"

	"github.com/puzpuzpuz/xsync/v4"

	"apinto-jwt/keys"
	"apinto-jwt/keys/remote"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// LocationIndex is one place with what is known of the rules that look at it.
type LocationIndex struct {
	Location rule.Location
	Name     string // Of the location, for people.
	Private  bool   // Shared caches do not know by themselves that a token is there
	lists    *xsync.Map[listKey, *candidateList]
	rules    int
	// algorithms are those of its rules, for telling a wrong algorithm from a wrong issuer.
	algorithms atomic.Uint32
	counts     map[keys.Algorithm]int
	// anyIssuer reports that it has had groups that take any issuer.
	anyIssuer atomic.Bool
}

// InBody reports whether the place is in the body.
func (s *LocationIndex) InBody() bool { return s.Location.Position == rule.PositionBody }

// count notes a rule more or less.
func (s *LocationIndex) count(algs keys.AlgorithmSet, by int) {
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

// KeyGroup is the rules at one place that have the same keys and the same issuer: one signature check serves all.
type KeyGroup struct {
	location *LocationIndex
	source   *rule.KeySource
	handle   *keyHandle
	issuer   string
	rules    list[*Binding]
	gone     atomic.Bool // it has no rules any more
	// users finds the rules by their users, if they are many.
	users atomic.Pointer[userIndex[*Binding]]
	// lists are those that it stands in.
	lists []*candidateList
}

// Ended reports that it has no rules any more.
func (g *KeyGroup) Ended() bool { return g.gone.Load() }

// Keys is the group's key set as it is now.
func (g *KeyGroup) Keys() *keys.Set { return g.handle.keys() }

// Fetched is what fetches the group's key set; nil if the rules give the keys themselves.
func (g *KeyGroup) Fetched() *remote.Source { return g.handle.live }

// Location is the place at which the group's rules look.
func (g *KeyGroup) Location() rule.Location { return g.location.Location }

// Rules are the group's rules, and those that have ended lately.
func (g *KeyGroup) Rules() []*Binding { return g.rules.all() }

// EachKnowing visits the rules that have the token's user; false if the group has no user index.
func (g *KeyGroup) EachKnowing(v *token.Verified, visit func(*Binding)) bool {
	return g.users.Load().each(v, visit)
}

// index notes the users of a rule that has come to the group, and of all others if they have become many.
func (g *KeyGroup) index(b *Binding, many int) {
	if d := g.users.Load(); d != nil {
		d.addAll(b, b.apps)
	} else if rules := g.rules.all(); len(rules) >= many {
		d := newUserIndex[*Binding]()
		for _, b := range rules {
			d.addAll(b, b.apps)
		}
		g.users.Store(d)
	}
}

// eachCrowd visits the crowds that the group is in.
func (g *KeyGroup) eachCrowd(visit func(*Crowd)) {
	for _, b := range g.lists {
		if c := b.crowd.Load(); c != nil {
			visit(c)
		}
	}
}

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

// Crowd finds the groups of a list by the users of their rules, if there are more keys than a request may try. A group
// that does not know the user whom a token names would not accept it, so those that do are tried first: then no honest
// token is refused for the number of other rules, unless more of them than may be tried have a user of its user's name.
type Crowd = userIndex[member]

// member is a rule of a group.
type member struct {
	binding *Binding
	group   *KeyGroup
}

func (m member) ruleOf() *rule.Rule { return m.binding.Rule }

func (m member) takesAny() bool { return m.binding.takesAny() }
