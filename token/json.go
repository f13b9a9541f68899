package token

import (
	"strings"
	"unicode/utf8"
)

// MaxNesting is how deep arrays and objects may stand in one another in a header or a payload.
const MaxNesting = 64

// object is one JSON object that has been checked whole: its text, and where its members stand in it. It must not be
// copied, as members may point into inline.
type object struct {
	text    string
	members []member
	inline  [16]member
}

// member is one member of the object by offsets into its text: a token's size keeps them within 16 bits.
type member struct {
	name, nameEnd   uint16 // without the quotes
	value, valueEnd uint16
	escaped         bool // the name has escapes
}

// parseObject checks that text is one JSON object (RFC 8259) in valid UTF-8 with nothing after it, nesting of at most
// MaxNesting and no member twice at its top level, and notes its members.
func (o *object) parseObject(text string) *Error {
	o.text, o.members = text, o.inline[:0]
	if len(text) > MaxSize || !utf8.ValidString(text) {
		return refuse(TokenMalformed, "", "is not valid UTF-8")
	}
	s := scanner{text: text}
	s.space()
	if s.pos == len(text) || text[s.pos] != '{' {
		return s.fault("is not a JSON object")
	}
	if !s.object(o) {
		return s.fault(s.problem)
	}
	s.space()
	if s.pos != len(text) {
		return s.fault("has something after the JSON object")
	}
	return nil
}

// add notes a member; false where its name is there already.
func (o *object) add(m member) bool {
	for _, other := range o.members {
		if other.escaped || m.escaped {
			if o.name(other) == o.name(m) {
				return false
			}
		} else if o.text[other.name:other.nameEnd] == o.text[m.name:m.nameEnd] {
			return false
		}
	}
	o.members = append(o.members, m)
	return true
}

// name is the member's name, its escapes resolved.
func (o *object) name(m member) string {
	name := o.text[m.name:m.nameEnd]
	if m.escaped {
		return unescape(name)
	}
	return name
}

// raw is the member's value as JSON text.
func (o *object) raw(m member) string { return o.text[m.value:m.valueEnd] }

// find is the JSON text of the member's value.
func (o *object) find(name string) (string, bool) {
	for _, m := range o.members {
		if m.escaped {
			if o.name(m) == name {
				return o.raw(m), true
			}
		} else if o.text[m.name:m.nameEnd] == name {
			return o.raw(m), true
		}
	}
	return "", false
}

// asString is the value of a JSON string; false for any other value.
func asString(raw string) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	raw = raw[1 : len(raw)-1]
	if strings.IndexByte(raw, '\\') >= 0 {
		return unescape(raw), true
	}
	return raw, true
}
