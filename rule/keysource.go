package rule

import (
	"crypto/sha256"
	"fmt"

	"apinto-jwt/keys"
	"apinto-jwt/keys/remote"
)

// KeySource is the source of a rule's keys: a set that does not change, or one that is fetched. Rules with the same
// source share what is known of a signature, so it has an identity.
type KeySource struct {
	ID         string            // Equal for equal sources.
	Set        *keys.Set         // Keys of a source that does not change; nil if they are fetched.
	Remote     *remote.Config    // Source of fetched keys; nil if they do not change.
	Algorithms keys.AlgorithmSet // Algorithms of the keys.
	HasIDs     bool              // The keys come from a key set, if they have IDs.
}

// StaticKeys returns a source of keys that do not change.
func StaticKeys(set *keys.Set) *KeySource {
	s := &KeySource{Set: set}
	digest := sha256.New()
	for _, key := range set.Keys() {
		s.Algorithms |= key.Algorithms()
		thumb := key.Thumbprint()
		digest.Write(thumb[:])
		digest.Write([]byte(key.Algorithms().String() + "\x00" + key.ID() + "\x00"))
	}
	s.ID = "static:" + string(digest.Sum(nil))
	return s
}

// RemoteKeys returns a source of keys that are fetched.
func RemoteKeys(c remote.Config) *KeySource {
	return &KeySource{ID: fmt.Sprintf("remote:%q", []any{c}), Remote: &c, Algorithms: c.Algorithms, HasIDs: true}
}
