package strictjson

import (
	"unicode/utf16"
	"unicode/utf8"
)

// scanner checks JSON text by the grammar of RFC 8259 without building anything. After a false, problem and pos say
// what is wrong and where. Compared with encoding/json it does not fold case, does not replace what is not valid
// Unicode, and does not stop before the end.
type scanner struct {
	text    string
	pos     int
	depth   int
	problem string
}

// fail notes the problem; it is false, to be returned.
func (s *scanner) fail(problem string) bool {
	s.problem = problem
	return false
}

// fault is the error for a problem at the present place.
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

// peek is the next byte, 0 at the end.
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
			s.pos = int(m.name)
			return s.fail("has a member twice")
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
	ok = s.value()
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

// str passes over a string and tells whether it has escapes.
func (s *scanner) str() (escaped, ok bool) {
	s.pos++
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case c == '"':
			s.pos++
			return escaped, true
		case c == '\\':
			escaped = true
			if !s.escape() {
				return escaped, false
			}
		case c < 0x20:
			return escaped, s.fail("is not JSON: control character in a string")
		default:
			s.pos++
		}
	}
	return escaped, s.fail("is not JSON: unfinished string")
}

// escape passes over one escape. A surrogate must be followed by its other half: alone it is no character (RFC 7493
// §2.1), and readers that replace it would make two different names equal.
func (s *scanner) escape() bool {
	if s.pos+1 >= len(s.text) {
		return s.fail("is not JSON: unfinished string")
	}
	switch s.text[s.pos+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.pos += 2
		return true
	case 'u':
		unit, ok := hex4(s.text, s.pos)
		if !ok {
			return s.fail("is not JSON: bad escape")
		}
		if !utf16.IsSurrogate(unit) {
			s.pos += 6
			return true
		}
		low, ok := hex4(s.text, s.pos+6)
		if !ok || utf16.DecodeRune(unit, low) == utf8.RuneError {
			return s.fail("has half a surrogate pair")
		}
		s.pos += 12
		return true
	}
	return s.fail("is not JSON: bad escape")
}

// hex4 reads the \uXXXX at the place.
func hex4(text string, at int) (rune, bool) {
	if at+6 > len(text) || text[at] != '\\' || text[at+1] != 'u' {
		return 0, false
	}
	var unit rune
	for _, c := range []byte(text[at+2 : at+6]) {
		switch {
		case IsDigit(c):
			unit = unit<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			unit = unit<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			unit = unit<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}

// unescape resolves the escapes of a string that the scanner has passed over.
func unescape(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			out = append(out, s[i])
			i++
			continue
		}
		if s[i+1] != 'u' {
			out = append(out, simpleEscapes[s[i+1]])
			i += 2
			continue
		}
		unit, _ := hex4(s, i)
		i += 6
		if utf16.IsSurrogate(unit) {
			low, _ := hex4(s, i)
			unit = utf16.DecodeRune(unit, low)
			i += 6
		}
		out = utf8.AppendRune(out, unit)
	}
	return string(out)
}

// simpleEscapes are the characters that stand behind one-letter escapes.
var simpleEscapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// IsDigit tells whether c is a decimal digit.
func IsDigit(c byte) bool { return c >= '0' && c <= '9' }
