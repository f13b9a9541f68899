package strictjson

// Nested is the object that is the value of one member of another, read in the same pass over the text.
type Nested struct {
	Object
	Found bool // The member is there, and its value is an object.
	Twice bool // A member of that object is there twice.

	name string
}

// ParseNested is [Object.Parse] that reads the value of the member of this name too, if it is an object. What is wrong with
// it alone, a member that is there twice, is noted and not refused.
func (o *Object) ParseNested(text, name string, in *Nested) *SyntaxError {
	in.text, in.members, in.name = text, in.inline[:0], name
	o.text, o.members = text, o.inline[:0]
	defer func() { o.names, in.names = nil, nil }()
	return o.parse(in)
}

// nestedMember passes over the value of a member that is to be read; not done if it is another.
func (s *scanner) nestedMember(m Member) (done, ok bool) {
	name := s.text[m.name:m.nameEnd]
	if m.escaped {
		name = unescape(name)
	}
	if name != s.nested.name || s.peek() != '{' {
		return false, false
	}
	s.nested.Found = true
	return true, s.object(&s.nested.Object)
}
