package registry

import (
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

const (
	// ManyGroups is from how many groups on it is worth asking whether they are a crowd.
	ManyGroups = 8
	// crowdCost is from which cost on a list's groups are a crowd: a token is looked up in four.
	crowdCost = MaxCost / 4
	// maxNamesakes is how many members with a user of one name are known: more public keys than a request may try.
	maxNamesakes = 1024
)

// file notes the users of a rule that has come to a group of the list, and of all others if they have become a crowd. It
// reports whether they are one.
func (b *candidateList) file(m member) bool {
	if c := b.crowd.Load(); c != nil {
		c.addAll(m, m.binding.apps)
		return true
	}
	if b.cost <= crowdCost {
		return false
	}
	c := newUserIndex[member]()
	c.max = maxNamesakes
	for _, g := range b.all() {
		for _, rule := range g.rules.all() {
			c.addAll(member{rule, g}, rule.apps)
		}
	}
	b.crowd.Store(c)
	return true
}

// Crowds are those that a token is looked up in, beside its lists of candidates; false if there is none.
func (s *LocationIndex) Crowds(l token.Lookup, into *[4]*Crowd) (found bool) {
	key := listKey{algorithm: keys.NewAlgorithmSet(l.Algorithm), issuer: l.Issuer}
	for i := range into {
		if i == 2 {
			if l.Issuer == "" {
				break
			}
			key.issuer = ""
		}
		switch key.kid, key.kidMode = "", kidNone; {
		case !l.HasKeyID && i%2 == 1:
			continue
		case l.HasKeyID && i%2 == 0:
			key.kid, key.kidMode = l.KeyID, kidExact
		case l.HasKeyID:
			key.kidMode = kidAny
		}
		if b, ok := s.lists.Load(key); ok {
			into[i] = b.crowd.Load()
			found = found || into[i] != nil
		}
	}
	return found
}

// unproven is what a token says whose signature nobody has checked.
type unproven struct{ *token.Unverified }

// Name implements payload.
func (u unproven) Name(path token.Path) (string, error) { return u.UntrustedName(path) }

// EachKnowing visits the groups that know the user whom the token names, and those that take any, until visit says that it is
// enough.
func EachKnowing(c *Crowd, u *token.Unverified, visit func(*KeyGroup) (enough bool)) {
	sections := c.lookups.Load()
	if sections == nil {
		return
	}
	for _, s := range *sections {
		name, ok := s.name(unproven{u})
		if !ok {
			continue
		}
		for _, m := range s.having(name) {
			if visit(m.group) {
				return
			}
		}
	}
	for _, m := range c.takingAny() {
		if visit(m.group) {
			return
		}
	}
}
