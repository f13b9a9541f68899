package accounts

import "sync"

// stores are those that rules name in their "issue". They are opened by the endpoints' package, which knows how, and which
// a gateway may do without.
type stores struct {
	mu    sync.Mutex
	open  func(store string) // Nil if nobody knows how.
	names map[string]bool    // Of all that were named; true if open.
}

// use opens the store, once; "" is none.
func (s *stores) use(store string) {
	if store == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.names == nil {
		s.names = make(map[string]bool)
	}
	if s.names[store] {
		return
	}
	s.names[store] = s.open != nil
	if s.open != nil {
		s.open(store)
	}
}

// openWith opens the stores that were named, and from now on those that will be.
func (s *stores) openWith(open func(store string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = open
	for name := range s.names {
		open(name)
		s.names[name] = true
	}
}
