// Package strictjson checks JSON text by the letter of RFC 8259 and RFC 7493 and finds where the members of an object
// stand in it, without building a tree. It knows nothing of tokens.
//
// What encoding/json lets pass is refused: a member twice at the level that is read, text after the value, bytes that
// are not UTF-8, half a surrogate pair, deep nesting; and names are compared to the letter.
package strictjson

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// MaxNesting is how deep arrays and objects may stand in one another.
const MaxNesting = 64

// MaxSize is the longest text that is read, in bytes.
const MaxSize = 1 << 30

// errText: bytes that no JSON text may have.
var errText = errors.New("is not valid UTF-8")

// SyntaxError is a fault in a text.
type SyntaxError struct {
	// Problem says what is wrong, in English, as the end of a sentence about the text.
	Problem string
	// Offset is the byte at which it stands; -1 if that says nothing.
	Offset int
}

// Error returns the problem and its place.
func (e *SyntaxError) Error() string {
	if e.Offset < 0 {
		return e.Problem
	}
	return e.Problem + " (at byte " + strconv.Itoa(e.Offset) + ")"
}

// Object is one JSON object that has been checked whole. It must not be copied once it is parsed, as its members may
// stand in it.
type Object struct {
	text    string
	members []Member
	inline  [8]Member
	names   map[string]struct{} // Names so far, while an object with many members is parsed.
	single  *single             // Nil if all members are noted.
}

// Member is one member of an object, by offsets into its text.
type Member struct {
	name, nameEnd   int32 // without the quotes
	value, valueEnd int32
	escaped         bool // the name has escapes
}

// manyMembers is from how many members on a map finds a repeated name; below it, comparing is faster.
const manyMembers = 24

// Parse checks that text is one JSON object with nothing but white space round it, in valid UTF-8, nested at most
// MaxNesting deep and with no member twice at its top level, and notes its members.
func (o *Object) Parse(text string) *SyntaxError {
	o.text, o.members = text, o.inline[:0]
	defer func() { o.names = nil }()
	return o.parse(nil)
}

// parse is Parse for the text that is there, with the value of a member that is read too unless it is nil.
func (o *Object) parse(in *Nested) *SyntaxError {
	text := o.text
	if len(text) > MaxSize || !utf8.ValidString(text) {
		return &SyntaxError{Problem: errText.Error(), Offset: -1}
	}
	s := scanner{text: text, nested: in}
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

// add notes a member; false if its name is there already.
func (o *Object) add(m Member) bool {
	if o.single != nil {
		return o.addSingle(m)
	}
	if o.has(m) {
		return false
	}
	o.members = append(o.members, m)
	return true
}

// has reports whether a member of that name is there.
func (o *Object) has(m Member) bool {
	if len(o.members) < manyMembers {
		for _, other := range o.members {
			if other.escaped || m.escaped {
				if o.Name(other) == o.Name(m) {
					return true
				}
			} else if o.text[other.name:other.nameEnd] == o.text[m.name:m.nameEnd] {
				return true
			}
		}
		return false
	}
	if o.names == nil {
		o.names = make(map[string]struct{}, 2*manyMembers)
		for _, other := range o.members {
			o.names[o.Name(other)] = struct{}{}
		}
	}
	before := len(o.names)
	o.names[o.Name(m)] = struct{}{}
	return len(o.names) == before
}

// Trim gives back the room that members were parsed into and do not take. It is for an object that is kept, and makes a
// copy independent of the object that it was copied from.
func (o *Object) Trim() {
	if cap(o.members) <= len(o.inline) { // they may stand in the object that this is a copy of
		o.members = o.inline[:len(o.members)]
	}
	if cap(o.members) > len(o.members) && len(o.members) > len(o.inline) {
		o.members = slices.Clip(slices.Clone(o.members))
	}
}

// Size returns how many bytes the members take that do not stand in the object itself.
func (o *Object) Size() int {
	if cap(o.members) <= len(o.inline) {
		return 0
	}
	return cap(o.members) * int(unsafe.Sizeof(Member{}))
}

// Text returns the text that was parsed.
func (o *Object) Text() string { return o.text }

// Members returns the object's members in order; the slice must not be changed.
func (o *Object) Members() []Member { return o.members }

// Name returns the member's name, its escapes resolved.
func (o *Object) Name(m Member) string {
	name := o.text[m.name:m.nameEnd]
	if m.escaped {
		return unescape(name)
	}
	return name
}

// Raw returns the member's value as JSON text.
func (o *Object) Raw(m Member) string { return o.text[m.value:m.valueEnd] }

// Span returns where the member stands in the text: from the quote before its name to the end of its value.
func (o *Object) Span(m Member) (start, end int) { return int(m.name) - 1, int(m.valueEnd) }

// ValueStart returns where the member's value begins in the text.
func (o *Object) ValueStart(m Member) int { return int(m.value) }

// Find returns the member of that name.
func (o *Object) Find(name string) (Member, bool) {
	for _, m := range o.members {
		if m.escaped {
			if o.Name(m) == name {
				return m, true
			}
		} else if o.text[m.name:m.nameEnd] == name {
			return m, true
		}
	}
	return Member{}, false
}

// IsString reports whether raw is one JSON string and nothing else.
func IsString(raw string) bool {
	s := scanner{text: raw}
	if s.peek() != '"' || !utf8.ValidString(raw) {
		return false
	}
	_, ok := s.str()
	return ok && s.pos == len(raw)
}

// String returns the value of a JSON string that has been checked; false for any other value.
func String(raw string) (string, bool) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", false
	}
	raw = raw[1 : len(raw)-1]
	if strings.IndexByte(raw, '\\') >= 0 {
		return unescape(raw), true
	}
	return raw, true
}
