package remote

import (
	"sync"

	"apinto-jwt/keys"
)

// snapshot is a set as it was fetched, and as it is to users of fewer algorithms.
type snapshot struct {
	set        *keys.Set
	generation uint64

	mu       sync.Mutex
	narrowed map[keys.AlgorithmSet]*keys.Set
}

// narrow is the set for one selection of algorithms, the same pointer each time, and whether this is the first time.
func (s *snapshot) narrow(allowed keys.AlgorithmSet) (set *keys.Set, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if set, ok := s.narrowed[allowed]; ok {
		return set, false
	}
	set = s.set.Narrow(allowed)
	if s.narrowed == nil {
		s.narrowed = make(map[keys.AlgorithmSet]*keys.Set)
	}
	s.narrowed[allowed] = set
	return set, true
}
