package remote

import (
	"sync"

	"apinto-jwt/keys"
)

// snapshot is a set as it was fetched, and as it is to users who want less.
type snapshot struct {
	set        *keys.Set
	issuer     string // of the discovery document that led to it, empty where there was none
	generation uint64

	mu       sync.Mutex
	narrowed map[want]*keys.Set
}

// want is what one user wants of a set.
type want struct {
	issuer     string // "": any
	algorithms keys.AlgorithmSet
}

// narrow is the set for what is wanted, the same pointer each time, and whether this is the first time.
func (s *snapshot) narrow(w want) (set *keys.Set, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if set, ok := s.narrowed[w]; ok {
		return set, false
	}
	set = keys.NewSet()
	if accepts(w.issuer, s.issuer) {
		set = s.set.Narrow(w.algorithms)
	}
	if s.narrowed == nil {
		s.narrowed = make(map[want]*keys.Set)
	}
	s.narrowed[w] = set
	return set, true
}
