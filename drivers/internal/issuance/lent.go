package issuance

import (
	"cmp"
	"slices"
	"time"

	"apinto-jwt/keys"
)

// lentKey is a key pair that others than rules sign with, as filters do for upstreams.
type lentKey struct {
	signingKey
	uses int
}

// lentID tells such keys apart.
type lentID struct {
	id, algorithms string
	thumbprint     thumbprint
}

func lentIDOf(key *keys.Key) lentID {
	return lentID{key.ID(), key.Algorithms().String(), key.Thumbprint()}
}

// Lend notes that tokens are signed with the key, which is the verifying half of a pair, from now on until it is returned. Life is
// how long a token may be good, leeway included. The key may be lent several times.
func (s *Signers) Lend(key *keys.Key, life time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.lent[lentIDOf(key)]
	if !ok {
		one = &lentKey{signingKey: signingKey{key: key}}
		s.lent[lentIDOf(key)] = one
		s.count(&one.signingKey, +1)
	}
	one.uses++
	if life > one.life {
		one.life = life
		s.changed()
	}
}

// Return notes that one of those to whom the key was lent signs no more.
func (s *Signers) Return(key *keys.Key, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.lent[lentIDOf(key)]
	if !ok {
		return
	}
	if one.uses--; one.uses > 0 {
		return
	}
	delete(s.lent, lentIDOf(key))
	one.until = now.Add(one.life)
	s.retire(&one.signingKey, now)
	s.changed()
}

// lentKeys returns the keys that are lent, in the order of their IDs. The lock is held.
func (s *Signers) lentKeys() []*signingKey {
	list := make([]*signingKey, 0, len(s.lent))
	for _, one := range s.lent {
		list = append(list, &one.signingKey)
	}
	slices.SortFunc(list, func(a, b *signingKey) int {
		return cmp.Or(cmp.Compare(a.key.ID(), b.key.ID()), cmp.Compare(a.key.Algorithms().String(), b.key.Algorithms().String()))
	})
	return list
}
