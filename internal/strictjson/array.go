package strictjson

import "unicode/utf8"

// Items checks that text is one JSON array with nothing but white space round it, as [Object.Parse] checks an object. It
// visits the items as JSON text, in order, and ends without an error at the first for which visit is false.
func Items(text string, visit func(raw string) bool) *SyntaxError {
	if len(text) > MaxSize || !utf8.ValidString(text) {
		return &SyntaxError{Problem: errText.Error(), Offset: -1}
	}
	s := scanner{text: text}
	s.space()
	if s.peek() != '[' {
		return s.fault("is not a JSON array")
	}
	s.enter()
	for first := true; s.peek() != ']'; first = false {
		if !first {
			if s.peek() != ',' {
				return s.fault("is not JSON: expected , or ]")
			}
			s.pos++
			s.space()
		}
		start := s.pos
		if !s.value() {
			return s.fault(s.problem)
		}
		if !visit(text[start:s.pos]) {
			return nil
		}
		s.space()
	}
	s.pos++
	s.space()
	if s.pos != len(text) {
		return s.fault("has something after the JSON array")
	}
	return nil
}
