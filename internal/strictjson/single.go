package strictjson

import "hash/maphash"

// single holds the notes on an object of which one member is wanted.
type single struct {
	name string
	seen map[uint64]struct{} // Numbers of the names so far.
}

// seed keeps anybody from choosing two names of one number.
var seed = maphash.MakeSeed()

// ParseSingle is [Object.Parse] for one that wants the member of one name: no other is noted. Of an object with many
// members it takes a fraction of the memory.
func (o *Object) ParseSingle(text, name string) *SyntaxError {
	o.text, o.members, o.single = text, o.inline[:0], &single{name: name, seen: make(map[uint64]struct{})}
	defer func() { o.single = nil }()
	return o.parse(nil)
}

// addSingle notes the member if it is wanted; false if its name is there already.
func (o *Object) addSingle(m Member) bool {
	name := o.Name(m)
	if name == o.single.name {
		o.members = append(o.members, m)
	}
	before := len(o.single.seen)
	o.single.seen[maphash.String(seed, name)] = struct{}{}
	return len(o.single.seen) > before
}
