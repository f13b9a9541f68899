package jwt

import (
	"crypto/sha256"

	"apinto-jwt/keys"
)

// source is where a rule's keys come from. Rules with the same keys share what is known of a signature, so a source
// has an identity.
type source struct {
	id   string
	set  *keys.Set
	algs keys.AlgorithmSet
	// hasIDs tells that the keys come from a key set, where they have IDs.
	hasIDs bool
}

// staticSource is a source of keys that do not change.
func staticSource(set *keys.Set) *source {
	s := &source{set: set}
	digest := sha256.New()
	for _, key := range set.Keys() {
		s.algs |= key.Algorithms()
		thumb := key.Thumbprint()
		digest.Write(thumb[:])
		digest.Write([]byte(key.Algorithms().String() + "\x00" + key.ID() + "\x00"))
	}
	s.id = "static:" + string(digest.Sum(nil))
	return s
}

// keys is the set as it is now.
func (s *source) keys() *keys.Set { return s.set }
