package strictjson

import (
	"strings"
	"testing"
)

// nestedTests are texts with the names that are read in "in": none if there is no such object.
var nestedTests = []struct {
	name, text string
	found      bool
	twice      bool
	members    string
}{
	{"object", `{"a":1,"in":{"b":1,"c":{"b":2}},"d":{"e":1}}`, true, false, "b c"},
	{"white space", " { \"in\" :\t{ \"b\" : 1 } } ", true, false, "b"},
	{"empty object", `{"in":{}}`, true, false, ""},
	{"escaped name", `{"\u0069n":{"b":1,"\u0063":2}}`, true, false, "b c"},
	{"member twice", `{"in":{"b":1,"c":2,"b":3}}`, true, true, "b c"},
	{"member twice, escaped", `{"in":{"b":1,"\u0062":3}}`, true, true, "b"},
	{"another case", `{"In":{"b":1}}`, false, false, ""},
	{"missing", `{"a":{"in":{"b":1}}}`, false, false, ""},
	{"deeper too", `{"a":{"in":{"x":1}},"in":{"in":{"y":1}},"b":[{"in":{"z":1}}]}`, true, false, "in"},
	{"no object", `{"in":[{"b":1}]}`, false, false, ""},
	{"many members", `{"in":{` + many(40) + `}}`, true, false, strings.TrimSpace(strings.Repeat("m ", 40))},
	{"many members, one twice", `{"in":{` + many(40) + `,"m7":1}}`, true, true, strings.TrimSpace(strings.Repeat("m ", 40))},
}

// many returns members with names that begin with m.
func many(n int) string {
	var list []string
	for i := range n {
		list = append(list, `"m`+string(rune('0'+i))+`":1`)
	}
	return strings.Join(list, ",")
}

func TestParseNested(t *testing.T) {
	for _, test := range nestedTests {
		t.Run(test.name, func(t *testing.T) {
			var o Object
			var in Nested
			if err := o.ParseNested(test.text, "in", &in); err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, m := range in.Members() {
				name := in.Name(m)
				if strings.HasPrefix(name, "m") {
					name = "m"
				}
				names = append(names, name)
			}
			if got := strings.Join(names, " "); in.Found != test.found || in.Twice != test.twice || got != test.members {
				t.Errorf("found %t, twice %t, members %q", in.Found, in.Twice, got)
			}
		})
	}
	for _, text := range []string{`{"in":{"b":1},"in":{"b":2}}`, `{"in":{"b":1}`, `{"in":{"b"}}`, `{"in":{}}x`, `[{"in":{}}]`, `{"in":` + nest(64) + `}`} {
		var o Object
		var in Nested
		if o.ParseNested(text, "in", &in) == nil {
			t.Errorf("%.40s is accepted", text)
		}
	}
}

// Both in one pass are what each is in a pass of its own.
func FuzzParseNested(f *testing.F) {
	for _, test := range nestedTests {
		f.Add(test.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var both, alone, inner Object
		var in Nested
		err, want := both.ParseNested(text, "in", &in), alone.Parse(text)
		if (err == nil) != (want == nil) || err != nil && *err != *want {
			t.Fatalf("got %v, want %v", err, want)
		}
		if err != nil {
			return
		}
		sameMembers(t, &both, &alone)
		m, ok := alone.Find("in")
		if ok = ok && alone.Raw(m)[0] == '{'; ok != in.Found {
			t.Fatalf("found %t", in.Found)
		}
		if !ok {
			return
		}
		if twice := inner.Parse(alone.Raw(m)) != nil; twice != in.Twice {
			t.Fatalf("twice %t", in.Twice)
		}
		if !in.Twice {
			sameMembers(t, &in.Object, &inner)
		}
	})
}

// sameMembers compares names and values.
func sameMembers(t *testing.T, a, b *Object) {
	t.Helper()
	if len(a.Members()) != len(b.Members()) {
		t.Fatalf("%d members, want %d", len(a.Members()), len(b.Members()))
	}
	for i, m := range a.Members() {
		n := b.Members()[i]
		if a.Name(m) != b.Name(n) || a.Raw(m) != b.Raw(n) {
			t.Fatalf("member %q is %s, want %q, %s", a.Name(m), a.Raw(m), b.Name(n), b.Raw(n))
		}
	}
}
