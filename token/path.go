package token

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ohler55/ojg/jp"
	"github.com/tidwall/gjson"

	"apinto-jwt/internal/strictjson"
)

// ErrPath is a path that cannot be read.
var ErrPath = errors.New("is not a valid path")

// Path names a value in a payload. It is made by ParsePath once and is then immutable. The zero value finds nothing.
type Path struct {
	source string
	steps  []step  // a path that can name one value only
	gjson  string  // a gjson path with wildcards, queries or modifiers
	jsonp  jp.Expr // a JSONPath that can name several values
}

// step goes one level down: by member name, by index, or, as a gjson path does, by either.
type step struct {
	name    string
	index   int
	byIndex bool
	escaped string // name as a gjson path component
}

// gjsonSpecial are the characters that make a gjson path more than names joined by dots.
const gjsonSpecial = `*?|#@\!{}[]()=<>%"'~:`

// ParsePath reads a path. One that begins with "$" or "@", or has an index in brackets as "roles[0]", is JSONPath
// (RFC 9535, as github.com/ohler55/ojg reads it); anything else is a gjson path ("user.name"). The error wraps ErrPath.
func ParsePath(source string) (Path, error) {
	p := Path{source: source}
	if source == "" {
		return Path{}, fmt.Errorf("%w: it is empty", ErrPath)
	}
	if isJSONPath(source) {
		expr, err := jp.ParseString(source)
		if err != nil {
			return Path{}, fmt.Errorf("%w: JSONPath: %w", ErrPath, err)
		}
		var ok bool
		if p.steps, ok = singular(expr); !ok {
			p.jsonp = withFilters(expr)
		}
		return p, nil
	}
	if strings.ContainsAny(source, gjsonSpecial) {
		p.gjson = source
		return p, nil
	}
	for _, name := range strings.Split(source, ".") {
		if name == "" {
			return Path{}, fmt.Errorf("%w: it has an empty name between dots", ErrPath)
		}
		p.steps = append(p.steps, step{name: name, escaped: name})
	}
	if len(p.steps) > 1 { // gjson lets "0" name a member or an index
		p.gjson, p.steps = source, nil
	}
	return p, nil
}

// MustPath is ParsePath of a path that stands in the program. It panics if the path cannot be read.
func MustPath(source string) Path {
	path, err := ParsePath(source)
	if err != nil {
		panic(err)
	}
	return path
}

// isJSONPath tells the two kinds of paths apart. The builtin driver read every path as JSONPath, so "roles[0]" keeps
// that meaning; a gjson path has no use for a bracket behind a name.
func isJSONPath(source string) bool {
	if source[0] == '$' || source[0] == '@' {
		return true
	}
	i := strings.IndexByte(source, '[')
	return i > 0 && i+1 < len(source) && (strictjson.IsDigit(source[i+1]) || strings.IndexByte(`'"-`, source[i+1]) >= 0) &&
		!strings.ContainsAny(source[:i], `#@|{(`)
}

// singular turns a JSONPath that can name one value only into steps.
func singular(expr jp.Expr) ([]step, bool) {
	var steps []step
	for _, fragment := range expr {
		switch f := fragment.(type) {
		case jp.Root, jp.At, jp.Bracket:
		case jp.Child:
			steps = append(steps, step{name: string(f), escaped: escapeName(string(f))})
		case jp.Nth:
			if f < 0 {
				return nil, false
			}
			steps = append(steps, step{index: int(f), byIndex: true})
		default:
			return nil, false
		}
	}
	return steps, true
}

// escapeName makes a member name one component of a gjson path.
func escapeName(name string) string {
	var b strings.Builder
	for _, c := range []byte(name) {
		if c == '.' || strings.IndexByte(gjsonSpecial, c) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

// String returns the path as it was written.
func (p Path) String() string { return p.source }

// IsZero reports whether the path was never set.
func (p Path) IsZero() bool { return p.source == "" }

// Member returns the member name of a path that names a top-level member and nothing else; false for any other path.
func (p Path) Member() (string, bool) {
	if len(p.steps) == 1 && !p.steps[0].byIndex {
		return p.steps[0].name, true
	}
	return "", false
}

// Find returns the value that the path names in the payload, the first of several.
func (v *Verified) Find(p Path) (gjson.Result, bool) { return p.find(&v.token.claims.Object) }

// find walks the path over an object that has been checked.
func (p Path) find(o *strictjson.Object) (gjson.Result, bool) {
	switch {
	case p.source == "":
		return gjson.Result{}, false
	case p.gjson != "":
		v := gjson.Get(o.Text(), p.gjson)
		return v, v.Exists()
	case p.jsonp != nil:
		return p.first(o.Text())
	case len(p.steps) == 0:
		return gjson.Parse(o.Text()), true
	}
	if p.steps[0].byIndex {
		return gjson.Result{}, false
	}
	m, ok := o.Find(p.steps[0].name)
	if !ok {
		return gjson.Result{}, false
	}
	v := gjson.Parse(o.Raw(m))
	for _, s := range p.steps[1:] {
		if v, ok = s.into(v); !ok {
			return v, false
		}
	}
	return v, true
}

// into goes one step down. The kinds are compared first, as gjson would take "0" for a name or an index.
func (s step) into(v gjson.Result) (gjson.Result, bool) {
	if s.byIndex {
		if !v.IsArray() {
			return gjson.Result{}, false
		}
		i, found := 0, gjson.Result{}
		v.ForEach(func(_, item gjson.Result) bool {
			if i == s.index {
				found = item
				return false
			}
			i++
			return true
		})
		return found, found.Exists()
	}
	if !v.IsObject() {
		return gjson.Result{}, false
	}
	found := v.Get(s.escaped)
	return found, found.Exists()
}

// first evaluates a JSONPath with ojg and takes the first value, the same one every time.
func (p Path) first(text string) (gjson.Result, bool) {
	t := tree{text: text, numbers: make(map[any]gjson.Result)}
	found := p.jsonp.Get(t.node(gjson.Parse(text)))
	if len(found) == 0 {
		return gjson.Result{}, false
	}
	return t.result(found[0]), true
}

// UntrustedName is [Verified.Name] of a token of which nothing is proven.
func (u *Unverified) UntrustedName(p Path) (string, error) {
	v := Verified{token: u}
	return v.Name(p)
}

// Name returns the value that the path names as a user's name: a string that is not empty, or a number as its JSON text.
// The error is an *Error with UserMissing.
func (v *Verified) Name(p Path) (string, error) {
	value, ok := v.Find(p)
	switch {
	case !ok:
		return "", refuse(UserMissing, "payload."+p.source, "is missing; it is to name the user")
	case value.Type == gjson.String && value.Str != "":
		return value.Str, nil
	case value.Type == gjson.Number:
		return value.Raw, nil
	}
	return "", refuse(UserMissing, "payload."+p.source, "is neither a string with something in it nor a number; it is to name the user")
}
