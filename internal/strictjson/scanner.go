package strictjson

// scanner checks JSON text by the grammar of RFC 8259 without building anything. After a false, problem and pos say
// what is wrong and where. Compared with encoding/json it does not fold case, does not replace what is not valid
// Unicode, and does not stop before the end.
type scanner struct {
	text    string
	pos     int
	depth   int
	problem string
	nested  *Nested // Reads the value of one member of the outermost object; nil: none is.
}

// fail notes the problem; it is false, to be returned.
func (s *scanner) fail(problem string) bool {
	s.problem = problem
	return false
}

// fault returns the error for a problem at the present place.
func (s *scanner) fault(problem string) *SyntaxError {
	return &SyntaxError{Problem: problem, Offset: s.pos}
}

// space passes over white space.
func (s *scanner) space() {
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case ' ', '\t', '\r', '\n':
			s.pos++
		default:
			return
		}
	}
}

// peek returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.pos < len(s.text) {
		return s.text[s.pos]
	}
	return 0
}

// enter counts one more level of nesting.
func (s *scanner) enter() bool {
	if s.depth++; s.depth > MaxNesting {
		return s.fail("is nested too deep")
	}
	s.pos++
	s.space()
	return true
}

// value passes over one value of any type.
func (s *scanner) value() bool {
	switch c := s.peek(); {
	case c == '"':
		_, ok := s.str()
		return ok
	case c == '{':
		return s.object(nil)
	case c == '[':
		return s.array()
	case c == 't':
		return s.word("true")
	case c == 'f':
		return s.word("false")
	case c == 'n':
		return s.word("null")
	case c == '-' || IsDigit(c):
		return s.number()
	}
	return s.fail("is not JSON: expected a value")
}

// word passes over a literal name.
func (s *scanner) word(word string) bool {
	if len(s.text)-s.pos < len(word) || s.text[s.pos:s.pos+len(word)] != word {
		return s.fail("is not JSON: expected a value")
	}
	s.pos += len(word)
	return true
}

// number passes over a number (RFC 8259 §6).
func (s *scanner) number() bool {
	if s.peek() == '-' {
		s.pos++
	}
	if s.peek() == '0' {
		s.pos++
	} else if !s.digits() {
		return s.fail("is not JSON: bad number")
	}
	if s.peek() == '.' {
		s.pos++
		if !s.digits() {
			return s.fail("is not JSON: bad number")
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.pos++
		if c := s.peek(); c == '+' || c == '-' {
			s.pos++
		}
		if !s.digits() {
			return s.fail("is not JSON: bad number")
		}
	}
	return true
}

// digits passes over one or more digits.
func (s *scanner) digits() bool {
	start := s.pos
	for IsDigit(s.peek()) {
		s.pos++
	}
	return s.pos > start
}

// IsDigit reports whether c is a decimal digit.
func IsDigit(c byte) bool { return c >= '0' && c <= '9' }
