package keys

// Equal reports whether the keys have the same ID, material and algorithms.
func (k *Key) Equal(other *Key) bool {
	return k.id == other.id && k.allowed == other.allowed && k.thumb == other.thumb
}

// Equal reports whether the sets have the same keys in the same order.
func (s *Set) Equal(other *Set) bool {
	if s.Len() != other.Len() {
		return false
	}
	for i, k := range s.Keys() {
		if !k.Equal(other.keys[i]) {
			return false
		}
	}
	return true
}

// Restrict returns the set without what goes beyond the allowed algorithms: a key that is left none is left out. If nothing
// goes beyond, it is the set itself. A key set that several users share is narrowed to what each of them allows.
func (s *Set) Restrict(allowed AlgorithmSet) *Set {
	list := make([]*Key, 0, s.Len())
	changed := false
	for _, k := range s.Keys() {
		narrowed := k.restrict(allowed)
		changed = changed || narrowed != k
		if narrowed != nil {
			list = append(list, narrowed)
		}
	}
	if !changed {
		return s
	}
	return NewSet(list...)
}

// restrict returns the key bound to those of its algorithms that are allowed; itself if all are, nil if none is.
func (k *Key) restrict(allowed AlgorithmSet) *Key {
	switch left := k.allowed & allowed; {
	case left == k.allowed:
		return k
	case left == 0:
		return nil
	case k.kind == KindSecret:
		narrowed := &Key{id: k.id, kind: k.kind, allowed: left, secret: k.secret, thumb: k.thumb}
		narrowed.macs.init(narrowed.secret)
		return narrowed
	default:
		return &Key{id: k.id, kind: k.kind, allowed: left, public: k.public, thumb: k.thumb}
	}
}
