package jwt

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
)

func TestClaimValues(t *testing.T) {
	tests := []struct {
		name, text string
		want       ClaimValues
	}{
		{"strings", `{"role":["admin","owner"]}`, ClaimValues{"role": {"admin", "owner"}}},
		{"one value", `{"role":"admin"}`, ClaimValues{"role": {"admin"}}},
		{"empty string", `{"role":""}`, ClaimValues{"role": {""}}},
		{"numbers as they are written", `{"n":[1, 1.0, 12345678901234567890]}`, ClaimValues{"n": {"1", "1.0", "12345678901234567890"}}},
		{"booleans", `{"b":[true],"c":false}`, ClaimValues{"b": {"true"}, "c": {"false"}}},
		{"a mixture", `{"m":["1",1,true]}`, ClaimValues{"m": {"1", "1", "true"}}},
		{"present", `{"sub":[]}`, ClaimValues{"sub": {}}},
		{"escapes", `{"u":["\u00e9\n"]}`, ClaimValues{"u": {"é\n"}}},
		{"white space", " { \"a\" : [ \"b\" ] } ", ClaimValues{"a": {"b"}}},
		{"none", `{}`, ClaimValues{}},
		{"null", `null`, ClaimValues{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got ClaimValues
			if err := json.Unmarshal([]byte(test.text), &got); err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %#v, %v, want %#v", got, err, test.want)
			}
		})
	}
}

func TestClaimValuesRefused(t *testing.T) {
	for _, text := range []string{
		`[]`, `"role"`, `5`, `true`, `{"role":{}}`, `{"role":{"in":["admin"]}}`, `{"role":[{}]}`, `{"role":[["admin"]]}`, `{"role":[null]}`,
	} {
		got := ClaimValues{"old": {"kept"}}
		err := json.Unmarshal([]byte(text), &got)
		if !errors.Is(err, errClaimValues) {
			t.Errorf("%s: %v", text, err)
		}
		if len(got) != 1 {
			t.Errorf("%s: a part of what was refused was taken: %v", text, got)
		}
	}
}
