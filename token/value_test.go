package token_test

import (
	"slices"
	"testing"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/token"
)

// Each value equals the claims beside it, and no other claim of the list.
func TestValues(t *testing.T) {
	claims := []string{
		`2`, `2.0`, `2e0`, `20e-1`, `"2"`, `"2.0"`, `3`, `-2`, `0`, `-0`, `"0"`, `0.1`, `1e-1`, `"0.1"`, `true`, `false`, `"true"`, `"false"`, `null`, `"null"`, `""`,
		`"é"`, `"\u00e9"`, `9007199254740992`, `9007199254740993`, `9007199254740993.0`, `"9007199254740993"`, `12345678901234567890.5`, `1e99999999999`, `{}`, `[]`, `[[2]]`,
		`{"a":1}`, `"{\"a\":1}"`, `"\"2\""`, `"[]"`,
	}
	for _, test := range []struct {
		name  string
		value token.Value
		want  []string
	}{
		{"number", jsonValue(t, `2`), []string{`2`, `2.0`, `2e0`, `20e-1`}},
		{"number spelled otherwise", jsonValue(t, `2.00E+0`), []string{`2`, `2.0`, `2e0`, `20e-1`}},
		{"zero", jsonValue(t, `0`), []string{`0`, `-0`}},
		{"fraction", jsonValue(t, `0.10`), []string{`0.1`, `1e-1`}},
		{"string", jsonValue(t, `"2"`), []string{`"2"`}},
		{"string with an escape", jsonValue(t, `"\u00e9"`), []string{`"é"`, `"\u00e9"`}},
		{"true", jsonValue(t, `true`), []string{`true`}},
		{"false", jsonValue(t, `false`), []string{`false`}},
		{"long number", jsonValue(t, `9007199254740993`), []string{`9007199254740993`, `9007199254740993.0`}},
		{"text of a number", token.TextValue("2"), []string{`2`, `2.0`, `2e0`, `20e-1`, `"2"`}},
		{"text of a number spelled otherwise", token.TextValue("2.0"), []string{`2`, `2.0`, `2e0`, `20e-1`, `"2.0"`}},
		{"text of a long number", token.TextValue("9007199254740993"), []string{`9007199254740993`, `9007199254740993.0`, `"9007199254740993"`}},
		{"text of a long fraction", token.TextValue("12345678901234567890.5"), []string{`12345678901234567890.5`}},
		{"text of true", token.TextValue("true"), []string{`true`, `"true"`}},
		{"text of null", token.TextValue("null"), []string{`"null"`}},
		{"text of nothing", token.TextValue(""), []string{`""`}},
		{"text of an object", token.TextValue(`{"a":1}`), []string{`"{\"a\":1}"`}},
		{"text of a list", token.TextValue(`[]`), []string{`"[]"`}},
		{"text of a string", token.TextValue(`"2"`), []string{`"\"2\""`}},
		{"text with a blank", token.TextValue(" 2"), nil},
		{"text of a number without end", token.TextValue("1e99999999999"), nil},
		{"nothing", token.Value{}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			path, err := token.ParsePath("c")
			must.Succeed(t, err)
			e := token.Expected{Claims: []token.ExpectedClaim{{Path: path, Values: []token.Value{test.value}}}}
			for _, claim := range claims {
				err := e.Check(verified(t, claimed(t, `{"c":`+claim+`}`)), clockNow)
				if want := slices.Contains(test.want, claim); (err == nil) != want {
					t.Errorf("%s: %v, want %t", claim, err, want)
				}
			}
		})
	}
}

func TestJSONValueRefuses(t *testing.T) {
	for _, raw := range []string{``, `null`, `{}`, `[]`, `[2]`, `2 `, `True`, `"a`, `"\x"`, `01`, `1e99999999999`, `"a" "b"`} {
		if v, ok := token.JSONValue(raw); ok {
			t.Errorf("%s is %+v", raw, v)
		}
	}
}

func TestComparingTakesNoMemory(t *testing.T) {
	path, err := token.ParsePath("c")
	must.Succeed(t, err)
	e := token.Expected{Exp: token.Ignore, Nbf: token.Ignore, Claims: []token.ExpectedClaim{{Path: path, Values: []token.Value{
		token.TextValue("x"), jsonValue(t, "1"), jsonValue(t, "2.50"),
	}}}}
	v := verified(t, claimed(t, `{"c":25e-1}`))
	if n := testing.AllocsPerRun(100, func() {
		if err := e.Check(v, clockNow); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func jsonValue(t *testing.T, raw string) token.Value {
	t.Helper()
	v, ok := token.JSONValue(raw)
	if !ok {
		t.Fatalf("%s is no value", raw)
	}
	return v
}
