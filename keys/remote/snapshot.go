package remote

import (
	"fmt"
	"sync"
	"time"

	"apinto-jwt/keys"
	"apinto-jwt/keys/remote/internal/origin"
)

// edition is a set as it was fetched.
type edition struct {
	set       *keys.Set
	origin    origin.Provenance
	confirmed time.Time // when it was last fetched or confirmed; of the latest one that is state.lastSuccess
}

// snapshot is the state at one time: the latest set, and those before it that users have who may not use it. It is never
// without a latest one, which may have no keys.
type snapshot struct {
	editions   []edition // the latest first
	generation uint64

	mu       sync.Mutex
	narrowed map[want]*keys.Set
}

// latest returns the latest set.
func (s *snapshot) latest() *edition { return &s.editions[0] }

// edition returns the one for what is wanted: the latest that may be used, nil if there is none.
func (s *snapshot) edition(w want) *edition {
	for i := range s.editions {
		if w.accepts(s.editions[i].origin) {
			return &s.editions[i]
		}
	}
	return nil
}

// restrict returns the set for what is wanted, the same pointer each time, and whether this is the first time.
func (s *snapshot) restrict(w want) (set *keys.Set, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if set, ok := s.narrowed[w]; ok {
		return set, false
	}
	set = keys.NewSet()
	if e := s.edition(w); e != nil {
		set = e.set.Restrict(w.algorithms)
	}
	if s.narrowed == nil {
		s.narrowed = make(map[want]*keys.Set)
	}
	s.narrowed[w] = set
	return set, true
}

// want holds one user's demands on a set.
type want struct {
	issuer     string // "": any
	allowHTTP  bool
	algorithms keys.AlgorithmSet
}

// accepts reports whether the user may use a set that came so.
func (w want) accepts(p origin.Provenance) bool { return w.isOf(p.Issuer) && (w.allowHTTP || !p.HTTP) }

// isOf compares issuers to the letter (OpenID Connect Discovery 1.0 §4.3). Any will do for "", and a set that was found without
// a document is of "".
func (w want) isOf(issuer string) bool { return w.issuer == "" || issuer == "" || w.issuer == issuer }

// refusal is why the user may not use a set that came so.
func (w want) refusal(p origin.Provenance) string {
	if !w.isOf(p.Issuer) {
		return fmt.Sprintf("%s: it is of %.200q, %.200q is wanted", ErrIssuer, p.Issuer, w.issuer)
	}
	return "it comes over http, which is not allowed"
}
