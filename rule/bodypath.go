package rule

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ohler55/ojg/jp"
)

// errBodyPath: a token_name that is no path to a member of a JSON body.
var errBodyPath = errors.New("is not a JSONPath of member names, as $.auth.token is")

// BodyPath reads a token_name as the names to walk through a JSON body: one member, or "$.a.b" or "$['a']['b']".
func BodyPath(name string) ([]string, error) {
	if !strings.HasPrefix(name, "$") {
		return []string{name}, nil
	}
	names, ok := memberNames(name)
	if !ok || len(names) == 0 {
		return nil, fmt.Errorf("%q %w", name, errBodyPath)
	}
	return names, nil
}

// memberNames returns the names of a JSONPath that has nothing else; false for any other path.
func memberNames(path string) ([]string, bool) {
	expression, err := jp.ParseString(path)
	if err != nil {
		return nil, false
	}
	var names []string
	for _, fragment := range expression {
		switch f := fragment.(type) {
		case jp.Root, jp.Bracket:
		case jp.Child:
			names = append(names, string(f))
		default:
			return nil, false
		}
	}
	return names, true
}
