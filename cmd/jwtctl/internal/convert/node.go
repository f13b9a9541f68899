package convert

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// node is an object of the source. It knows which of its members were looked at, so that none is passed over without a word.
type node struct {
	path    string
	members map[string]any
	used    map[string]bool
	w       *writer
}

// at returns the path of a member.
func (n node) at(name string) string { return strings.TrimPrefix(n.path+"."+name, ".") }

// has reports whether the member is there, and not null.
func (n node) has(name string) bool { return n.members[name] != nil }

// pass looks at members that say nothing of tokens.
func (n node) pass(names ...string) {
	for _, name := range names {
		n.used[name] = true
	}
}

// leave says why members that are there are not carried.
func (n node) leave(why string, names ...string) {
	for _, name := range names {
		if n.has(name) && !n.used[name] {
			n.w.leave(n.at(name), "%s", why)
		}
		n.used[name] = true
	}
}

// demand says where the demands that members make go.
func (n node) demand(why string, names ...string) {
	for _, name := range names {
		if n.has(name) && !n.used[name] {
			n.w.demand(n.at(name), "%s", why)
		}
		n.used[name] = true
	}
}

// rest says of each member that was not looked at that it is not known.
func (n node) rest() {
	for _, name := range sortedNames(n.members) {
		if !n.used[name] && n.members[name] != nil {
			n.w.leave(n.at(name), "is not known to this converter")
		}
	}
}

// wrong says that a member has another type than is known.
func (n node) wrong(name, wanted string) {
	if n.has(name) {
		n.w.leave(n.at(name), "is not %s", wanted)
	}
}

// text returns a member that is a text, or a number as its text.
func (n node) text(name string) string {
	n.used[name] = true
	switch v := n.members[name].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	n.wrong(name, "a text")
	return ""
}

// texts returns a member that is a list of texts, or one text.
func (n node) texts(name string) []string {
	n.used[name] = true
	switch v := n.members[name].(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, item := range v {
			if text, ok := item.(string); ok {
				list = append(list, text)
			} else {
				n.w.leave(n.at(name), "has an item that is no text")
			}
		}
		return list
	}
	n.wrong(name, "a list of texts")
	return nil
}

// is returns a member that is true or false.
func (n node) is(name string, otherwise bool) bool {
	n.used[name] = true
	if v, ok := n.members[name].(bool); ok {
		return v
	}
	n.wrong(name, "true or false")
	return otherwise
}

// number returns a member that is a whole number.
func (n node) number(name string) (int, bool) {
	n.used[name] = true
	if v, ok := n.members[name].(json.Number); ok {
		if i, err := v.Int64(); err == nil {
			return int(i), true
		}
	}
	n.wrong(name, "a whole number")
	return 0, false
}

// object returns a member that is an object; false if it is not there.
func (n node) object(name string) (node, bool) {
	n.used[name] = true
	v, ok := n.members[name].(map[string]any)
	if !ok {
		n.wrong(name, "an object")
	}
	return node{path: n.at(name), members: v, used: make(map[string]bool), w: n.w}, ok
}

// objects returns a member that is a list of objects, or one object.
func (n node) objects(name string) []node {
	n.used[name] = true
	items, ok := n.members[name].([]any)
	if !ok {
		if one, isOne := n.members[name].(map[string]any); isOne {
			items, ok = []any{one}, true
		}
	}
	if !ok {
		n.wrong(name, "a list of objects")
	}
	var list []node
	for i, item := range items {
		path := fmt.Sprintf("%s[%d]", n.at(name), i)
		if v, ok := item.(map[string]any); ok {
			list = append(list, node{path: path, members: v, used: make(map[string]bool), w: n.w})
		} else {
			n.w.leave(path, "is no object")
		}
	}
	return list
}

// named returns the objects in a member whose members have names of the user's, in the order of the names.
func (n node) named(name string) []node {
	outer, ok := n.object(name)
	if !ok {
		return nil
	}
	var list []node
	for _, inner := range sortedNames(outer.members) {
		if one, ok := outer.object(inner); ok {
			list = append(list, one)
		}
	}
	return list
}

// base is the last part of the node's path: its name in a member with names of the user's.
func (n node) base() string {
	_, name, _ := cutLast(n.path, ".")
	return name
}

// cutLast cuts at the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return "", text, false
	}
	return text[:i], text[i+len(separator):], true
}

// sortedNames returns the names of members in order.
func sortedNames(members map[string]any) []string {
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// find returns every object of the source, at any depth, that the test takes, in the order of the paths.
func (n node) find(take func(node) bool) []node {
	if take(n) {
		return []node{n}
	}
	var list []node
	for _, name := range sortedNames(n.members) {
		switch n.members[name].(type) {
		case map[string]any:
			inner, _ := n.object(name)
			list = append(list, inner.find(take)...)
		case []any:
			for i, item := range n.members[name].([]any) {
				if v, ok := item.(map[string]any); ok {
					inner := node{path: fmt.Sprintf("%s[%d]", n.at(name), i), members: v, used: make(map[string]bool), w: n.w}
					list = append(list, inner.find(take)...)
				}
			}
		}
	}
	return list
}
