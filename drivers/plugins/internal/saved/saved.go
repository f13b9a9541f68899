// Package saved reads a plugin's configuration as the host has it when it is saved: a tree of JSON values, in which the
// host's variables ("${name}") stand.
package saved

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/variable"
)

// ErrVariable is a variable that there is not. The text names it.
var ErrVariable = errors.New("no such variable")

// Text returns the tree as JSON with the variables put in, and which they were.
func Text(tree any, variables eosc.IVariable) (text json.RawMessage, used []string, err error) {
	r := replacer{variables: variables}
	if text, err = json.Marshal(r.value(tree)); err != nil { // it came out of JSON
		return nil, nil, err
	}
	if r.missing != "" {
		return nil, nil, fmt.Errorf("%s: %w", r.missing, ErrVariable)
	}
	return text, r.used, nil
}

// replacer puts variables into a JSON tree.
type replacer struct {
	variables eosc.IVariable
	used      []string
	missing   string
}

// value returns the value with variables put in, members' names too.
func (r *replacer) value(v any) any {
	switch v := v.(type) {
	case string:
		return r.text(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = r.value(v[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name := range v {
			object[r.text(name)] = r.value(v[name])
		}
		return object
	}
	return v
}

// text returns the text with variables put in. The host's own builder gets nothing but the variables: it breaks a "$" that
// stands before a character other than ASCII.
func (r *replacer) text(s string) string {
	var b strings.Builder
	for {
		begin := strings.Index(s, "${")
		if begin < 0 {
			break
		}
		length := strings.IndexByte(s[begin:], '}') + 1
		if length == 0 {
			break
		}
		value, used, ok := variable.NewBuilder(s[begin : begin+length]).Replace(r.variables)
		if !ok {
			r.missing = s[begin : begin+length]
		}
		r.used = append(r.used, used...)
		b.WriteString(s[:begin] + value)
		s = s[begin+length:]
	}
	b.WriteString(s)
	return b.String()
}
