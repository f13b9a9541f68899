package strictjson

// object passes over an object; its members are noted in o unless that is nil.
func (s *scanner) object(o *Object) bool {
	if !s.enter() {
		return false
	}
	if s.peek() == '}' {
		s.pos++
		s.depth--
		return true
	}
	for {
		m, ok := s.member()
		if !ok {
			return false
		}
		if o != nil && !o.add(m) {
			if s.nested == nil || o != &s.nested.Object {
				s.pos = int(m.name)
				return s.fail("has a member twice")
			}
			s.nested.Twice = true
		}
		s.space()
		switch s.peek() {
		case ',':
			s.pos++
			s.space()
		case '}':
			s.pos++
			s.depth--
			return true
		default:
			return s.fail("is not JSON: expected , or }")
		}
	}
}

// member passes over a name, a colon and a value.
func (s *scanner) member() (m Member, ok bool) {
	if s.peek() != '"' {
		return m, s.fail("is not JSON: expected a member name")
	}
	m.name = int32(s.pos + 1) //nolint:gosec // MaxSize fits
	escaped, ok := s.str()
	if !ok {
		return m, false
	}
	m.nameEnd, m.escaped = int32(s.pos-1), escaped //nolint:gosec // see above
	s.space()
	if s.peek() != ':' {
		return m, s.fail("is not JSON: expected :")
	}
	s.pos++
	s.space()
	m.value = int32(s.pos) //nolint:gosec // see above
	done := false
	if s.nested != nil && s.depth == 1 {
		done, ok = s.nestedMember(m)
	}
	if !done {
		ok = s.value()
	}
	m.valueEnd = int32(s.pos) //nolint:gosec // see above
	return m, ok
}

// array passes over an array.
func (s *scanner) array() bool {
	if !s.enter() {
		return false
	}
	if s.peek() == ']' {
		s.pos++
		s.depth--
		return true
	}
	for {
		if !s.value() {
			return false
		}
		s.space()
		switch s.peek() {
		case ',':
			s.pos++
			s.space()
		case ']':
			s.pos++
			s.depth--
			return true
		default:
			return s.fail("is not JSON: expected , or ]")
		}
	}
}
