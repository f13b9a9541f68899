package keys

import "fmt"

// Set is an immutable list of keys with a look-up by key ID. The zero value is an empty set.
type Set struct {
	keys []*Key
	byID map[string][]*Key
}

// NewSet makes a set; the order of the keys is kept.
func NewSet(list ...*Key) *Set {
	s := &Set{keys: append([]*Key(nil), list...), byID: make(map[string][]*Key)}
	for _, k := range s.keys {
		s.byID[k.id] = append(s.byID[k.id], k)
	}
	return s
}

// Keys returns the set's keys in order; the slice must not be changed.
func (s *Set) Keys() []*Key {
	if s == nil {
		return nil
	}
	return s.keys
}

// WithID returns the keys with the key ID (RFC 7515 §4.1.4), which need not be unique (RFC 7517 §4.5); "" finds the keys
// that have none. The slice must not be changed.
func (s *Set) WithID(id string) []*Key {
	if s == nil {
		return nil
	}
	return s.byID[id]
}

// Len returns the number of keys.
func (s *Set) Len() int {
	if s == nil {
		return 0
	}
	return len(s.keys)
}

// Format prints the keys without their material, by every verb.
func (s *Set) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, s.Keys()) }
