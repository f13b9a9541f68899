package token_test

import (
	"errors"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/token"
)

func TestPathName(t *testing.T) {
	const none = "\x00none"
	tests := []struct {
		name, path, payload, want string
	}{
		// A string, or a number as its JSON text; anything else is no user.
		{"string", "$.sub", `{"sub":"alice"}`, "alice"},
		{"escaped string", "$.sub", `{"sub":"\u5f20\u4e09 \ud83d\ude00\n\"\\\/"}`, "张三 😀\n\"\\/"},
		{"string with a NUL", "sub", `{"sub":"a\u0000"}`, "a\x00"},
		{"number", "$.id", `{"id":42}`, "42"},
		{"number as it is written", "id", `{"id":-4.20E+01}`, "-4.20E+01"},
		{"long number", "id", `{"id":12345678901234567890123}`, "12345678901234567890123"},
		{"empty string", "$.sub", `{"sub":""}`, none},
		{"null", "$.user", `{"user":null}`, none},
		{"true", "$.user", `{"user":true}`, none},
		{"list", "$.user", `{"user":["alice"]}`, none},
		{"object", "$.user", `{"user":{"name":"alice"}}`, none},
		{"missing", "$.user", `{"sub":"alice"}`, none},

		// JSONPath, singular.
		{"at sign", "@.name", `{"name":"alice"}`, "alice"},
		{"nested", "$.a.b.c", `{"a":{"b":{"c":"alice"}}}`, "alice"},
		{"brackets", "$['a']['b']", `{"a":{"b":"alice"}}`, "alice"},
		{"double quotes", `$["a"]["b"]`, `{"a":{"b":"alice"}}`, "alice"},
		{"dot in a name", "$['a.b']", `{"a":{"b":"bob"},"a.b":"alice"}`, "alice"},
		{"dot in a nested name", "$.x['a.b']", `{"x":{"a":{"b":"bob"},"a.b":"alice"}}`, "alice"},
		{"blank in a name", "$['a b']", `{"a b":"alice"}`, "alice"},
		{"quote in a name", `$['it\'s']`, `{"it's":"alice"}`, "alice"},
		{"special characters in a nested name", `$.x['*?|#@!{}[]()=<>%"~:']`, `{"x":{"*?|#@!{}[]()=<>%\"~:":"alice"}}`, "alice"},
		{"star in a nested name", "$.x['*']", `{"x":{"a":"bob","*":"alice"}}`, "alice"},
		{"name beyond ASCII", "$.用户.名", `{"用户":{"名":"alice"}}`, "alice"},
		{"escaped name in the payload", "$.a.b", `{"\u0061":{"\u0062":"alice"}}`, "alice"},
		{"empty name", "$['']", `{"":"alice"}`, "alice"},
		{"empty nested name", "$.a['']", `{"a":{"":"alice"}}`, "alice"},
		{"backslash in a nested name", `$.a['b\\c']`, `{"a":{"b\\c":"alice"}}`, "alice"},
		{"index", "$.a[1]", `{"a":["bob","alice"]}`, "alice"},
		{"index of an index", "$.a[0][1]", `{"a":[["bob","alice"]]}`, "alice"},
		{"member of an index", "$.a[0].b", `{"a":[{"b":"alice"}]}`, "alice"},
		{"index beyond the end", "$.a[2]", `{"a":["bob","alice"]}`, none},
		{"index of an object", "$.a[0]", `{"a":{"0":"bob"}}`, none},
		{"index of a string", "$.a[0]", `{"a":"bob"}`, none},
		{"index of the payload", "$[0]", `{"0":"bob"}`, none},
		{"digit as a name", "$.a['0']", `{"a":{"0":"alice"}}`, "alice"},
		{"digit as a name of a list", "$.a['0']", `{"a":["bob"]}`, none},
		{"member of a string", "$.a.b", `{"a":"bob"}`, none},
		{"member of a list", "$.a.b", `{"a":[{"b":"bob"}]}`, none},
		{"the whole payload", "$", `{"a":"bob"}`, none},
		{"another case", "$.Name", `{"name":"bob"}`, none},
		{"index without dollar", "roles[0]", `{"roles":["alice"]}`, "alice"},
		{"quoted brackets without dollar", "a['b']", `{"a":{"b":"alice"}}`, "alice"},
		{"number in brackets keeps its text", "$.a[0]", `{"a":[1.0]}`, "1.0"},

		// JSONPath that can name several values: the first.
		{"descent", "$..name", `{"a":{"b":[{"name":"alice"}]}}`, "alice"},
		{"descent to several", "$..name", `{"z":{"name":"alice"},"a":{"name":"bob"}}`, "alice"},
		{"wildcard", "$.*.name", `{"z":{"name":"alice"},"a":{"name":"bob"}}`, "alice"},
		{"wildcard in a list", "$.a[*]", `{"a":["alice","bob"]}`, "alice"},
		{"wildcard at the end", "$.u.*", `{"u":{"z":"alice","a":"bob"}}`, "alice"},
		{"union in its own order", "$['b','a']", `{"a":"bob","b":"alice"}`, "alice"},
		{"union, the first missing", "$['b','a']", `{"a":"alice"}`, "alice"},
		{"slice", "$.a[1:]", `{"a":["bob","alice"]}`, "alice"},
		{"last", "$.a[-1]", `{"a":["bob","alice"]}`, "alice"},
		{"last of nothing", "$.a[-1]", `{"a":[]}`, none},
		{"filter", "$.a[?(@.k == 2)].name", `{"a":[{"k":1,"name":"bob"},{"k":2,"name":"alice"}]}`, "alice"},
		{"filter by a string", "$.a[?(@.k == 'x')].name", `{"a":[{"k":"y","name":"bob"},{"k":"x","name":"alice"}]}`, "alice"},
		{"filter, the first of several", "$.a[?(@.k == 1)].name", `{"a":[{"k":1,"name":"alice"},{"k":1,"name":"bob"}]}`, "alice"},
		{"filter of numbers spelled otherwise", "$.a[?(@.k == 1)].name", `{"a":[{"k":1.0,"name":"alice"}]}`, "alice"},
		{"filter of an object", "$[?(@.k == 1)].name", `{"z":{"k":1,"name":"alice"},"a":{"k":1,"name":"bob"}}`, "alice"},
		{"filter by an item of a list", "$.users[?('a' in @.roles)].name", `{"users":[{"name":"bob","roles":["b"]},{"name":"alice","roles":["x","a"]}]}`, "alice"},
		{"filter by a length, the first of several", "$[?(length(@.r) == 1)].name", `{"z":{"r":[0],"name":"alice"},"a":{"r":[0],"name":"bob"}}`, "alice"},
		{"filter, a number as it is written", "$.a[?(@ > 1)]", `{"a":[1,2.0]}`, "2.0"},
		{"filter of whole numbers beyond 2^53", "$.a[?(@.k == 9007199254740993)].n", `{"a":[{"k":9007199254740992,"n":"bob"},{"k":9007199254740993,"n":"alice"}]}`, "alice"},
		{"filter in a filter, at null", "$.a[?(@[?(@.k)])].n", `{"a":[null,{"k":null,"n":"bob"},{"n":"alice","o":{"k":1}}]}`, "alice"},
		{"several, a number as it is written", "$..id", `{"a":{"id":4.20E1}}`, "4.20E1"},
		{"several, a long number", "$..id", `{"a":{"id":12345678901234567890}}`, "12345678901234567890"},
		{"several, an escaped string", "$..id", `{"a":{"id":"\u5f20\u4e09\u003c"}}`, "张三<"},
		{"several, a list", "$..id", `{"a":{"id":["bob"]}}`, none},
		{"several, an object", "$..id", `{"a":{"id":{"b":"bob"}}}`, none},
		{"several, null", "$..id", `{"a":{"id":null}}`, none},
		{"several, false", "$..id", `{"a":{"id":false}}`, none},
		{"several, nothing", "$..id", `{"a":{}}`, none},
		{"several, a member twice", "$.*.id", `{"a":{"id":"alice","id":"bob"}}`, "alice"},

		// gjson paths.
		{"member", "sub", `{"sub":"alice"}`, "alice"},
		{"member of a member", "a.b", `{"a":{"b":"alice"}}`, "alice"},
		{"dashes and slashes", "http-name/x", `{"http-name/x":"alice"}`, "alice"},
		{"element", "a.1", `{"a":["bob","alice"]}`, "alice"},
		{"member that is a digit", "a.1", `{"a":{"1":"alice"}}`, "alice"},
		{"escaped dot", `a\.b`, `{"a.b":"alice"}`, "alice"},
		{"star", "a*", `{"ab":"alice"}`, "alice"},
		{"query", `a.#(k=="x").n`, `{"a":[{"k":"y","n":"bob"},{"k":"x","n":"alice"}]}`, "alice"},
		{"count", "a.#", `{"a":["x","y"]}`, "2"},
		{"every one", "a.#.n", `{"a":[{"n":"bob"}]}`, none},
		{"member missing", "a.b", `{"a":{"c":"bob"}}`, none},
		{"the same name twice", "a.b", `{"a":{"b":"alice","b":"bob"}}`, "alice"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path, err := token.ParsePath(test.path)
			must.Succeed(t, err)
			if path.IsZero() || path.String() != test.path {
				t.Errorf("got %q", path)
			}
			v := verified(t, claimed(t, test.payload))
			for range 20 { // the same every time
				got, err := v.Name(path)
				if test.want == none {
					wantReason(t, err, token.UserMissing, "payload."+test.path)
				} else if err != nil || got != test.want {
					t.Errorf("got %q, %v, want %q", got, err, test.want)
				}
				if t.Failed() {
					return
				}
			}
		})
	}
}

func TestParsePathRefuses(t *testing.T) {
	for name, source := range map[string]string{
		"nothing": "", "unfinished bracket": "$.a[", "unfinished quote": "$['a", "bad filter": "$[?(", "empty name between dots": "a..b", "dot at the end": "a.",
		"dot at the start": ".a", "dot alone": ".", "dollar and rubbish": "$$$", "bracket without dollar": "a['b",
	} {
		t.Run(name, func(t *testing.T) {
			path, err := token.ParsePath(source)
			if !errors.Is(err, token.ErrPath) || !path.IsZero() {
				t.Errorf("got %v, %v", path, err)
			}
		})
	}
}

func TestPathMember(t *testing.T) {
	for source, want := range map[string]string{
		"sub": "sub", "$.sub": "sub", "$['a.b']": "a.b", "@.x": "x", "a.b": "", "$.a.b": "", "$.a[0]": "", "$..a": "", "a*": "", "$": "", "$['']": "\x00empty",
	} {
		path, err := token.ParsePath(source)
		must.Succeed(t, err)
		name, ok := path.Member()
		if want == "\x00empty" {
			want = ""
			ok = !ok
		}
		if ok != (want != "") || name != want {
			t.Errorf("%s: got %q, %v", source, name, ok)
		}
	}
}

func TestZeroPath(t *testing.T) {
	var path token.Path
	v := verified(t, claimed(t, `{"":"x","a":1}`))
	if _, ok := v.Find(path); ok || !path.IsZero() || path.String() != "" {
		t.Error("the zero path finds something")
	}
	if _, ok := path.Member(); ok {
		t.Error("the zero path names a member")
	}
}

// What a path of several finds is the value with its own text.
func TestFindKeepsText(t *testing.T) {
	for source, want := range map[string]string{
		"$..list": `[1, "a" ]`, "$..o": `{"x" : 1.0}`, "$..n": `1.50`, "$..s": `"a"`, "$..t": `true`, "$..z": `null`,
	} {
		path, err := token.ParsePath(source)
		must.Succeed(t, err)
		found, ok := verified(t, claimed(t, `{"a":{"list":[1, "a" ],"o":{"x" : 1.0},"n":1.50,"s":"\u0061","t":true,"z":null}}`)).Find(path)
		if got := strings.TrimSpace(found.Raw); !ok || got != want {
			t.Errorf("%s: got %s, %v", source, got, ok)
		}
	}
}
