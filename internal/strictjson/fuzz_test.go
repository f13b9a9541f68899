package strictjson

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// What is accepted, encoding/json accepts too and reads the same names and values; and what encoding/json accepts is
// refused only for what it is known to let pass.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":1}`, `{"a":{"b":[1,2.5e-7,"x",true,null]},"c":"\u00e9\ud83d\ude00"}`, `{"a":1,"a":2}`, `{"\u0061":1,"a":2}`, `{"a":"\ud800"}`,
		` { "a" : [ ] } `, `{"a":01}`, `{"a":1}x`, "{\"a\":\"\xff\"}", `[1]`, nest(63), nest(64), `{"":""}`, `{"a":-0.0E+1}`, `{"a":"\/\b"}`,
		"{\"alg\":\"HS256\",\"ALG\":\"none\",\"a\u017f\":1}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var o Object
		if err := o.Parse(text); err != nil {
			if err.Offset > len(text) || err.Offset < -1 {
				t.Fatalf("%v in %d bytes", err, len(text))
			}
			if known(text) {
				t.Fatalf("refused, and no reason is known: %v", err)
			}
			return
		}
		same(t, &o, text)
	})
}

// same compares with encoding/json.
func same(t *testing.T, o *Object, text string) {
	var values map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		t.Fatalf("encoding/json refuses it: %v", err)
	}
	if len(values) != len(o.Members()) {
		t.Fatalf("%d members, encoding/json has %d", len(o.Members()), len(values))
	}
	for _, m := range o.Members() {
		value, ok := values[o.Name(m)]
		if !ok || string(value) != o.Raw(m) {
			t.Fatalf("member %q is %s, encoding/json has %s", o.Name(m), o.Raw(m), value)
		}
		if found, ok := o.Find(o.Name(m)); !ok || found != m {
			t.Fatalf("member %q is not found", o.Name(m))
		}
		s, isString := String(o.Raw(m))
		var want string
		if err := json.Unmarshal(value, &want); isString != (err == nil && value[0] == '"') || isString && s != want {
			t.Fatalf("value %s is %q, encoding/json has %q", value, s, want)
		}
	}
}

// known reports whether a text must be accepted: an object by encoding/json's word, in UTF-8, without
// escaped surrogates, with nothing twice, and not nested deep.
func known(text string) bool {
	if !json.Valid([]byte(text)) || !strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") || !utf8.ValidString(text) || strings.Contains(strings.ToLower(text), `\ud`) {
		return false
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber() // or a number that no float64 can hold would end it
	names, depth := make(map[string]bool), 0
	key := false
	for {
		tok, err := decoder.Token()
		if err != nil { // the end
			return true
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > MaxNesting {
				return false
			}
			key = depth == 1
			continue
		case json.Delim('}'), json.Delim(']'):
			depth--
			key = true // the next at the top is a name again
			continue
		}
		if depth > 1 {
			continue
		}
		if name, ok := tok.(string); key && ok {
			if names[name] {
				return false
			}
			names[name] = true
		}
		key = !key
	}
}
