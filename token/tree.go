package token

import (
	"github.com/ohler55/ojg/jp"
	"github.com/ohler55/ojg/oj"
	"github.com/tidwall/gjson"
)

// tree is a payload as ojg walks it. ojg's own has Go's maps, whose order changes with every walk, so that the first
// of several values would be another one each time; and it forgets how a number was written. Filters are given plain
// maps and lists all the same (filter.go).
type tree struct {
	text    string
	numbers map[any]gjson.Result // by the pointer that stands for them in the tree
	root    any                  // the whole payload in plain maps and lists; nil until a filter asks for it
}

// object is a JSON object with its members in the order of the text.
type object struct {
	tree   *tree
	value  gjson.Result
	names  []string
	values map[string]any
}

// list is a JSON array.
type list struct {
	tree  *tree
	value gjson.Result
	items []any
}

var (
	_ jp.Keyed   = (*object)(nil)
	_ jp.Indexed = (*list)(nil)
)

// node makes a value's node. Of two members of the same name the first counts, as gjson has it.
func (t *tree) node(v gjson.Result) any {
	switch {
	case v.IsObject():
		o := &object{tree: t, value: v, values: make(map[string]any)}
		v.ForEach(func(name, item gjson.Result) bool {
			if _, twice := o.values[name.Str]; !twice {
				o.names = append(o.names, name.Str)
				o.values[name.Str] = t.node(item)
			}
			return true
		})
		return o
	case v.IsArray():
		l := &list{tree: t, value: v}
		v.ForEach(func(_, item gjson.Result) bool {
			l.items = append(l.items, t.node(item))
			return true
		})
		return l
	case v.Type == gjson.Number:
		number := new(float64) // a pointer is found again, a number is not
		t.numbers[number] = v
		return number
	}
	return v.Value()
}

// result returns the value that a node stands for.
func (t *tree) result(node any) gjson.Result {
	switch n := node.(type) {
	case *object:
		return n.value
	case *list:
		return n.value
	}
	if number, ok := t.numbers[node]; ok {
		return number
	}
	return gjson.Parse(oj.JSON(node))
}

// ValueForKey implements jp.Keyed.
func (o *object) ValueForKey(name string) (any, bool) {
	v, ok := o.values[name]
	return v, ok
}

// Keys implements jp.Keyed.
func (o *object) Keys() []string { return o.names }

// SetValueForKey implements jp.Keyed; a payload is never changed.
func (*object) SetValueForKey(string, any) {}

// RemoveValueForKey implements jp.Keyed; a payload is never changed.
func (*object) RemoveValueForKey(string) {}

// ValueAtIndex implements jp.Indexed.
func (l *list) ValueAtIndex(i int) any { return l.items[i] }

// Size implements jp.Indexed.
func (l *list) Size() int { return len(l.items) }

// SetValueAtIndex implements jp.Indexed; a payload is never changed.
func (*list) SetValueAtIndex(int, any) {}
