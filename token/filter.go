package token

import (
	"math"
	"strconv"
	"strings"

	"github.com/ohler55/ojg/jp"
	"github.com/tidwall/gjson"
)

// filter is a JSONPath filter, [?(…)], for the nodes of a tree. What it asks of a node is asked of plain maps, lists and
// numbers: the functions and operators of ojg (length, count, empty, in) know no others.
type filter struct {
	*jp.Filter
	root bool // it looks at the whole payload too
}

var _ jp.Procedure = filter{}

// withFilters puts our filters in the place of ojg's.
func withFilters(expr jp.Expr) jp.Expr {
	own := make(jp.Expr, len(expr))
	for i, fragment := range expr {
		if f, ok := fragment.(*jp.Filter); ok {
			fragment = &jp.Proc{Procedure: filter{Filter: f, root: strings.Contains(f.String(), "$")}}
		}
		own[i] = fragment
	}
	return own
}

// Get implements jp.Procedure: those of the node's children that match, in the order of the text.
func (f filter) Get(node any) []any {
	var found []any
	switch n := node.(type) {
	case *object:
		for _, name := range n.names {
			if item := n.values[name]; f.matches(n.tree, item) {
				found = append(found, item)
			}
		}
	case *list:
		for _, item := range n.items {
			if f.matches(n.tree, item) {
				found = append(found, item)
			}
		}
	}
	return found
}

// First implements jp.Procedure.
func (f filter) First(node any) any {
	if found := f.Get(node); len(found) > 0 {
		return found[0]
	}
	return nil
}

// matches reports whether the filter is true of a node. ojg panics at some, as at null if a filter in the filter wants
// to look into it: those do not match.
func (f filter) matches(t *tree, node any) (matched bool) {
	defer func() {
		if recover() != nil {
			matched = false
		}
	}()
	if f.root && t.root == nil {
		t.root = plain(gjson.Parse(t.text))
	}
	item := plain(t.result(node))
	one := &jp.Proc{Procedure: given{[]any{item}}} // the filter is asked of that list's one item; "$" is the payload still
	return len(jp.Expr{one, f.Filter}.Get(t.root)) > 0
}

// given is a procedure that finds always the same.
type given []any

// Get implements jp.Procedure.
func (g given) Get(any) []any { return g }

// First implements jp.Procedure.
func (g given) First(any) any { return g[0] }

// plain returns a value as ojg's own parser makes it.
func plain(v gjson.Result) any {
	switch {
	case v.IsObject():
		members := make(map[string]any)
		v.ForEach(func(name, item gjson.Result) bool {
			if _, twice := members[name.Str]; !twice {
				members[name.Str] = plain(item)
			}
			return true
		})
		return members
	case v.IsArray():
		items := []any{}
		v.ForEach(func(_, item gjson.Result) bool {
			items = append(items, plain(item))
			return true
		})
		return items
	case v.Type == gjson.Number:
		return plainNumber(v)
	}
	return v.Value()
}

// plainNumber returns the number as a whole number if it is one, however it is written: 2.0 and 2e0 are 2. The builtin driver wrote the
// claims again before it read them with ojg.
func plainNumber(v gjson.Result) any {
	if whole, err := strconv.ParseInt(v.Raw, 10, 64); err == nil {
		return whole
	}
	if v.Num == math.Trunc(v.Num) && math.Abs(v.Num) < 1<<63 {
		return int64(v.Num)
	}
	return v.Num
}
