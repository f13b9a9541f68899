package jwt

import (
	"crypto/sha256"
	"fmt"

	"apinto-jwt/keys"
	"apinto-jwt/keys/remote"
)

// source is where a rule's keys come from: a set that does not change, or one that is fetched. Rules with the same
// source share what is known of a signature, so it has an identity.
type source struct {
	id     string
	set    *keys.Set      // of a source that does not change
	remote *remote.Config // of one that is fetched
	algs   keys.AlgorithmSet
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

// remoteSource is a source of keys that are fetched.
func remoteSource(c remote.Config) *source {
	return &source{id: fmt.Sprintf("remote:%q", []any{c}), remote: &c, algs: c.Algorithms, hasIDs: true}
}

// open begins the use of the source's keys. A source that is fetched begins with that, unless fetch is nil, as it is in
// a process that serves no requests.
func (s *source) open(pool *remote.Pool, onChange func()) *held {
	if s.remote == nil || pool == nil {
		return &held{set: s.set}
	}
	live, err := pool.Acquire(*s.remote, onChange)
	if err != nil { // the configuration was checked when the rule was compiled
		return &held{}
	}
	return &held{live: live}
}

// held is a source in use.
type held struct {
	set  *keys.Set
	live *remote.Source
}

// keys is the set as it is now.
func (h *held) keys() *keys.Set {
	if h.live != nil {
		return h.live.Set()
	}
	return h.set
}

// close ends the use.
func (h *held) close() {
	if h.live != nil {
		h.live.Release()
	}
}
