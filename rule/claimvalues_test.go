package rule

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
		{"strings", `{"role":["admin","owner"]}`, ClaimValues{"role": {`"admin"`, `"owner"`}}},
		{"one value", `{"role":"admin"}`, ClaimValues{"role": {`"admin"`}}},
		{"empty string", `{"role":""}`, ClaimValues{"role": {`""`}}},
		{"numbers as they are written", `{"n":[1, 1.0, 12345678901234567890]}`, ClaimValues{"n": {"1", "1.0", "12345678901234567890"}}},
		{"booleans", `{"b":[true],"c":false}`, ClaimValues{"b": {"true"}, "c": {"false"}}},
		{"a mixture", `{"m":["1",1,true]}`, ClaimValues{"m": {`"1"`, "1", "true"}}},
		{"present", `{"sub":[]}`, ClaimValues{"sub": {}}},
		{"escapes", `{"u":["\u00e9\n"]}`, ClaimValues{"u": {`"\u00e9\n"`}}},
		{"white space", " { \"a\" : [ \"b\" ] } ", ClaimValues{"a": {`"b"`}}},
		{"none", `{}`, ClaimValues{}},
		{"null", `null`, ClaimValues{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got ClaimValues
			if err := json.Unmarshal([]byte(test.text), &got); err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %#v, %v, want %#v", got, err, test.want)
			}
			var again ClaimValues
			text, err := json.Marshal(got)
			if err = errors.Join(err, json.Unmarshal(text, &again)); err != nil || !reflect.DeepEqual(again, got) {
				t.Errorf("written and read again: %#v, %v", again, err)
			}
		})
	}
}

func TestClaimValueExact(t *testing.T) {
	for text, exact := range map[string]bool{
		`9007199254740991`: true, `-9007199254740991`: true, `9007199254740992`: false, `-9007199254740992`: false, `1e21`: false, `1e400`: false, `9.007199254740991e15`: true,
		`0.1`: true, `3.14159265358979`: true, `3.141592653589793`: false, `1234567890.12345`: true, `1234567890.123456`: false, `0.10000000000000000`: true,
		`0`: true, `-0.0`: true, `0e999`: true, `1e-300`: true, `5e-324`: false, `1e-400`: false,
		`"9007199254740993"`: true, `"x"`: true, `true`: true,
	} {
		if err := ClaimValue(text).Exact(); (err == nil) != exact {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestClaimValuesRefused(t *testing.T) {
	for _, text := range []string{
		`[]`, `"role"`, `5`, `true`, `{"role":{}}`, `{"role":{"in":["admin"]}}`, `{"role":[{}]}`, `{"role":[["admin"]]}`, `{"role":[null]}`, `{"role":null}`, `{"role":[1e99999999999]}`, `{"role":["\ud800"]}`,
	} {
		got := ClaimValues{"old": {`"kept"`}}
		err := json.Unmarshal([]byte(text), &got)
		if !errors.Is(err, errClaimValues) {
			t.Errorf("%s: %v", text, err)
		}
		if len(got) != 1 {
			t.Errorf("%s: a part of what was refused was taken: %v", text, got)
		}
	}
}
