package strictjson

import (
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// str passes over a string and reports whether it has escapes.
func (s *scanner) str() (escaped, ok bool) {
	s.pos++
	for {
		s.pos += usual(s.text[s.pos:])
		switch c := s.peek(); {
		case c == '"':
			s.pos++
			return escaped, true
		case c == '\\':
			escaped = true
			if !s.escape() {
				return escaped, false
			}
		case s.pos < len(s.text):
			return escaped, s.fail("is not JSON: control character in a string")
		default:
			return escaped, s.fail("is not JSON: unfinished string")
		}
	}
}

// usual returns the place of the first quote, backslash or control character. It looks at eight bytes at a time: most of
// a text stands in strings.
func usual(text string) int {
	const each, high = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; len(text)-i >= 8; i += 8 {
		at := text[i : i+8]
		word := uint64(at[0]) | uint64(at[1])<<8 | uint64(at[2])<<16 | uint64(at[3])<<24 |
			uint64(at[4])<<32 | uint64(at[5])<<40 | uint64(at[6])<<48 | uint64(at[7])<<56
		quote, backslash := word^each*'"', word^each*'\\'
		if found := ((word-each*' ')&^word | (quote-each)&^quote | (backslash-each)&^backslash) & high; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(text) && text[i] >= ' ' && text[i] != '"' && text[i] != '\\' {
		i++
	}
	return i
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
