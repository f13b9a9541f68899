package issuer

import (
	"encoding/json"
	"errors"
	"testing"

	"apinto-jwt/jwttest/must"
)

func TestObjectKeepsOrderAndDigits(t *testing.T) {
	o, err := ParseObject([]byte(" {\"z\": 12345678901234567890.10,\n \"a\\u0062\": [1, {\"y\": 1, \"x\": 1}], \"<\": \"a&b\"} "))
	must.Succeed(t, err)
	must.Succeed(t, o.Set("new", []string{"1", "2"}))
	must.Succeed(t, o.Set("z", json.RawMessage(`1e1`)))
	if want := `{"z":1e1,"ab":[1,{"y":1,"x":1}],"<":"a&b","new":["1","2"]}`; string(o.JSON()) != want {
		t.Errorf("got  %s\nwant %s", o.JSON(), want)
	}
	o.Delete("ab")
	o.Delete("absent")
	if want := `{"z":1e1,"<":"a&b","new":["1","2"]}`; string(o.JSON()) != want {
		t.Errorf("got  %s\nwant %s", o.JSON(), want)
	}
	if raw, ok := o.Get("<"); !ok || string(raw) != `"a&b"` {
		t.Errorf("Get: %s, %v", raw, ok)
	}
	if _, ok := o.Get("ab"); ok || o.Has("ab") {
		t.Error("a deleted member is there")
	}
}

func TestObjectKeepsDigits(t *testing.T) {
	const text = `{"n":12345678901234567890.10}`
	o, err := ParseObject([]byte(text))
	if err != nil || string(o.JSON()) != text {
		t.Errorf("got %s, %v", o.JSON(), err)
	}
}

func TestObjectEmpty(t *testing.T) {
	var o Object
	if string(o.JSON()) != "{}" {
		t.Errorf("got %s", o.JSON())
	}
}

func TestParseObjectRefuses(t *testing.T) {
	tests := []struct{ name, text string }{
		{"nothing", ``},
		{"a list", `[]`},
		{"a text", `"a"`},
		{"something after it", `{} {}`},
		{"unfinished", `{"a":1`},
		{"a member twice", `{"a":1,"a":1}`},
		{"a member twice, escaped", `{"a":1,"\u0061":1}`},
		{"not UTF-8", "{\"a\":\"\xff\"}"},
		{"name of half a surrogate pair", `{"\ud800":1}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if o, err := ParseObject([]byte(tt.text)); !errors.Is(err, ErrObject) {
				t.Errorf("got %s, %v", o.JSON(), err)
			}
		})
	}
}

func TestObjectSetRefuses(t *testing.T) {
	tests := []struct {
		name, member string
		value        any
	}{
		{"text that is not UTF-8", "sub", "al\xffice"},
		{"name that is not UTF-8", "s\xffb", "alice"},
		{"a function", "sub", func() {}},
		{"raw text that is not JSON", "sub", json.RawMessage(`{`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var o Object
			if err := o.Set(tt.member, tt.value); err == nil || string(o.JSON()) != "{}" {
				t.Errorf("got %s, %v", o.JSON(), err)
			}
		})
	}
}
