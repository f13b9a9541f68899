package token_test

import (
	_ "embed"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ohler55/ojg/jp"
	"github.com/ohler55/ojg/oj"

	"apinto-jwt/token"
)

// person is a payload with every kind of value; no two members of it can be the first of several.
const person = `{"users":[
	{"name":"alice","age":31,"roles":["a","b"],"address":{"city":"Oslo","zip":"0150"},"tags":[],"note":"","score":7.5,"active":true},
	{"name":"bob","age":19,"roles":["c"],"address":{},"tags":["x"],"note":"hello","score":-2,"active":false,"gone":null},
	{"name":"carol","roles":[1,2.0,"31",true,null],"address":null,"score":1e3}],
	"limit":30,"want":"c","allowed":["a","z"],"matrix":[[1,2],[3,4,5],[]],"x.y":{"z":"dotted"},"0":"zero","deep":{"deep":{"deep":{"name":"dora"}}}}`

//go:embed testdata/paths.txt
var pathLines string

// pathSeeds are paths of each kind that ojg documents, with a payload: testdata/paths.txt has one a line, and its payload
// behind a tab if that is not person.
var pathSeeds = func() (seeds [][2]string) {
	for line := range strings.Lines(pathLines) {
		path, payload, found := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !found {
			payload = person
		}
		if !strings.HasPrefix(path, "# ") {
			seeds = append(seeds, [2]string{path, payload})
		}
	}
	return seeds
}()

// A filter finds what ojg finds in plain maps and lists, in which the builtin driver looked.
func TestPathFindsWhatOjgFinds(t *testing.T) {
	for _, seed := range pathSeeds {
		source, payload := seed[0], seed[1]
		t.Run(source, func(t *testing.T) {
			path, err := token.ParsePath(source)
			if err != nil {
				t.Skip(err) // ojg does not know it either
			}
			want, known := ojgFinds(source, payload)
			if !known {
				t.Skip("ojg finds no one thing")
			}
			name, err := verified(t, claimed(t, payload)).Name(path)
			if err != nil && want != "" || err == nil && want == "" || name != want {
				t.Errorf("got %q, %v; ojg finds %q", name, err, want)
			}
		})
	}
}

// ojgFinds returns the first value that ojg's JSONPath finds over plain maps and lists, as a user's name; empty for what is
// none. It is not known if ojg panics, if the value depends on the order of a map, or if it is a number written in another way.
func ojgFinds(source, payload string) (name string, known bool) {
	defer func() {
		if recover() != nil {
			name, known = "", false
		}
	}()
	if source[0] != '$' && source[0] != '@' || duplicates(payload) {
		return "", false
	}
	path, err := jp.ParseString(source)
	if err != nil {
		return "", false
	}
	tree, ok := builtinTree(payload)
	if !ok {
		return "", false
	}
	found := path.Get(tree)
	if len(found) == 0 {
		return "", true
	}
	for range 8 { // maps are walked in another order each time
		if again := path.Get(tree); len(again) != len(found) || oj.JSON(again[0]) != oj.JSON(found[0]) {
			return "", false
		}
	}
	switch v := found[0].(type) {
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), len(found) == 1
	case float64:
		return "", math.IsNaN(v)
	}
	return "", len(found) == 1
}

// builtinTree returns the payload as the builtin driver gave it to ojg: read and written again by encoding/json, which makes 2.0
// a 2. It is not known if that changes a number.
func builtinTree(payload string) (any, bool) {
	var claims any
	if json.Unmarshal([]byte(payload), &claims) != nil || large(claims) {
		return nil, false
	}
	text, err := json.Marshal(claims)
	if err != nil {
		return nil, false
	}
	tree, err := oj.Parse(text)
	return tree, err == nil
}

// large reports whether a number in the value is too large to be exact.
func large(v any) bool {
	switch v := v.(type) {
	case float64:
		return math.Abs(v) >= 1<<53
	case map[string]any:
		for _, item := range v {
			if large(item) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, large)
	}
	return false
}
