package token_test

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
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

// pathSeeds are paths of each kind that ojg documents, with a payload.
var pathSeeds = [][2]string{
	// Children, indexes, unions, slices, wildcards, descent.
	{"$.users[0].name", person},
	{"$['users'][1]['name']", person},
	{"$.users[-1].name", person},
	{"$.users[3].name", person},
	{"$.users[-4].name", person},
	{"$.users[*].name", person},
	{"$.users[0,2].name", person},
	{"$.users[2,0].name", person},
	{"$.users[-1,0].name", person},
	{"$.users[0]['note','name']", person},
	{"$.users[1:].name", person},
	{"$.users[:-1].name", person},
	{"$.users[::2].name", person},
	{"$.users[::-1].name", person},
	{"$.users[-1:0:-1].name", person},
	{"$.users[5:9].name", person},
	{"$.users[*].roles[1]", person},
	{"$.users[*].roles[-1]", person},
	{"$.matrix[1][*]", person},
	{"$.users..city", person},
	{"$.deep..name", person},
	{"$..city", person},
	{"$..zip", person},
	{"$['x.y'].z", person},
	{"$['0']", person},
	{"@.want", person},
	{"$.users.name", person},
	{"$.want[0]", person},
	{"$.deep.*.*.name", person},
	// Filters that compare.
	{"$.users[?(@.age > 20)].name", person},
	{"$.users[?(@.age < $.limit)].name", person},
	{"$.users[?(@.age >= 19 && @.age <= 19)].name", person},
	{"$.users[?(@.name == 'bob')].name", person},
	{"$.users[?(@.name != 'alice')].name", person},
	{"$.users[?('carol' == @.name)].name", person},
	{"$.users[?(@.name > 'b')].name", person},
	{"$.users[?(@.score == 7.5)].name", person},
	{"$.users[?(@.score == 1000)].name", person},
	{"$.users[?(@.active == true)].name", person},
	{"$.users[?(@.active)].name", person},
	{"$.users[?(!@.active)].name", person},
	{"$.users[?(@.gone == null)].name", person},
	{"$.users[?(@.address == null)].name", person},
	{"$.users[?@.age == 19].name", person},
	{"$.users[?(@.age == 19 || @.age == 31)].name", person},
	{"$.users[?((@.age == 1 || @.age == 19) && @.name == 'bob')].name", person},
	{"$.users[?(@.roles[0] == 'c')].name", person},
	{"$.users[?(@.roles[0] == $.want)].name", person},
	{"$.users[?(@.roles[*] == 'b')].name", person},
	{"$.users[?(@.address.city == 'Oslo')].name", person},
	{"$.users[?(@['address']['zip'] == '0150')].name", person},
	// Filters that calculate.
	{"$.users[?(@.age + 1 == 20)].name", person},
	{"$.users[?(@.age - 11 == 20)].name", person},
	{"$.users[?(@.age * 2 == 38)].name", person},
	{"$.users[?(@.age / 2 > 15)].name", person},
	{"$.users[?(@.name + 'x' == 'bobx')].name", person},
	// Filters with functions and operators on values, lists and objects.
	{"$.users[?('a' in @.roles)].name", person},
	{"$.users[?(1 in @.roles)].name", person},
	{"$.users[?(2 in @.roles)].name", person},
	{"$.users[?(true in @.roles)].name", person},
	{"$.users[?(null in @.roles)].name", person},
	{"$.users[?($.want in @.roles)].name", person},
	{"$.users[?(@.roles[0] in $.allowed)].name", person},
	{"$.users[?(@.name in ['bob','carol'])].name", person},
	{"$.users[?(@.age in [19,20])].name", person},
	{"$.users[?(@.roles empty true)].name", person},
	{"$.users[?(@.tags empty true)].name", person},
	{"$.users[?(@.tags empty false)].name", person},
	{"$.users[?(@.note empty true)].name", person},
	{"$.users[?(@.address empty true)].name", person},
	{"$.users[?(@.address empty false)].name", person},
	{"$.users[?(@.age exists true)].name", person},
	{"$.users[?(@.age exists false)].name", person},
	{"$.users[?(@.tags has true)].name", person},
	{"$.users[?(@.tags has false)].name", person},
	{"$.users[?(length(@.roles) == 1)].name", person},
	{"$.users[?(length(@.address) == 2)].name", person},
	{"$.users[?(length(@.name) == 3)].name", person},
	{"$.users[?(length(@) > 8)].name", person},
	{"$.users[?(length($) > 0)].name", person},
	{"$.users[?(length($.users) == 3)].name", person},
	{"$.users[?(count(@.roles[*]) == 2)].name", person},
	{"$.users[?(count(@..city) == 1)].name", person},
	{"$.users[?(match(@.name, 'b.b'))].name", person},
	{"$.users[?(search(@.note, 'ell'))].name", person},
	{"$.users[?(@.name =~ /^c/)].name", person},
	{"$.users[?(@.name ~= /^c/)].name", person},
	{"$.users[?(@.name =~ 'a.i')].name", person},
	// Filters in filters, on lists of lists, on objects, and after one another.
	{"$.users[?(@.roles[?(@ == 'b')])].name", person},
	{"$.users[?(@.roles[?(@ in ['c'])])].name", person},
	{"$.users[?(@.address[?(@ == 'Oslo')])].name", person},
	{"$.matrix[?(length(@) == 3)][2]", person},
	{"$.matrix[?(@ empty true)]", person},
	{"$.users[*].roles[?(@ == 'b')]", person},
	{"$.users[?(@.age > 1)].roles[?(@ == 'c')]", person},
	{"$.users[0].address[?(@ == 'Oslo')]", person},
	{"$..[?(@.city == 'Oslo')].zip", person},
	{"$..roles[?(@ == 'c')]", person},
	{"$.users[?(@ == null)].name", person},
	{"$[?(length($) > 0)]", `{"0":"00"}`},
	{"$[?(@ == 'x')]", `{"a":"x"}`},
	{"$[?(@[?(@.x)])]", `{"a":null}`},
	{"$.a[?(@[?(@.x)])]", `{"a":[null,1,"x",[{"x":1}]]}`},
	{"$.a[?(@[0] == 1)][1]", `{"a":[[1,"x"],{"0":1},null,"yy"]}`},
	{"$.a[?(@.b == @.c)].n", `{"a":[{"b":1,"c":2,"n":"x"},{"b":1,"c":1.0,"n":"y"}]}`},
	{"$.a[?(@.b == 7 / 2)].n", `{"a":[{"b":3,"n":"x"},{"b":3.5,"n":"y"}]}`},
	{"$.a[?(@.b / 2 == 3)].n", `{"a":[{"b":7,"n":"x"}]}`},
	{"$.a[?(@.b / 2 == 3)].n", `{"a":[{"b":7.0,"n":"x"}]}`},
	{"$.a[?(@.b / 2 == 3.5)].n", `{"a":[{"b":7,"n":"x"}]}`},
	{"$.*[?(@.k == 1)].n", `{"a":[{"k":1,"n":"x"}]}`},
	{"$..[?(@.k)]", `{"a":{"k":null}}`},
	{"$..*", `{"a":["x"]}`},
	{"$..", `{"a":"x"}`},
	{"$.a[?(@.b)]", `{"a":[{"b":"x"}]}`},
	{"$.a[?(@ > 1)]", `{"a":[1,2,"x"]}`},
}

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
