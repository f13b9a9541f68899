package token_test

import (
	"strings"
	"testing"

	"apinto-jwt/token"
)

func TestNumericDate(t *testing.T) {
	tests := []struct {
		value   string
		seconds float64
		text    string
	}{
		{"0", 0, "1970-01-01T00:00:00Z"},
		{"-0", 0, "1970-01-01T00:00:00Z"},
		{"1713339896", 1713339896, "2024-04-17T07:44:56Z"}, // the documented example
		{"1713339896.5", 1713339896.5, "2024-04-17T07:44:56.5Z"},
		{"1.713339896e9", 1713339896, "2024-04-17T07:44:56Z"},
		{"-1", -1, "1969-12-31T23:59:59Z"},
		{"-0.5", -0.5, "1969-12-31T23:59:59.5Z"},
		{"1e-400", 0, "1970-01-01T00:00:00Z"},
		{"253402300799", 253402300799, "9999-12-31T23:59:59Z"},
		{"253402300800", 253402300800, "253402300800"},
		{"-62167219200", -62167219200, "0000-01-01T00:00:00Z"},
		{"-62167219201", -62167219201, "-62167219201"},
		{"9007199254740992", 9007199254740992, "9007199254740992"},
		{"-9007199254740992", -9007199254740992, "-9007199254740992"},
		{"9007199254740993", 9007199254740992, "9007199254740992"}, // has no float64 of its own
	}
	for _, test := range tests {
		t.Run(test.value, func(t *testing.T) {
			v := verified(t, claimed(t, `{"exp":`+test.value+`}`))
			if d := v.Expires(); !d.IsSet() || d.Seconds() != test.seconds || d.String() != test.text {
				t.Errorf("got %v, %s", d.Seconds(), d)
			}
		})
	}
	none := verified(t, claimed(t, `{}`)).Expires()
	if none.IsSet() || none.Seconds() != 0 || none.String() != "none" || !none.Time().IsZero() && none.Time().Unix() != 0 {
		t.Errorf("got %v", none)
	}
}

func TestNoNumericDate(t *testing.T) {
	for _, value := range []string{
		`"1"`, `""`, "null", "true", "false", "[]", "{}", "[1]", "1e400", "-1e400", "1e19", "-1e19", "9007199254740994", "-9007199254740994",
		"9223372036854775808", "18446744073709551615", strings.Repeat("9", 400), "1e16",
	} {
		for _, claim := range []string{"exp", "nbf", "iat"} {
			_, err := token.Parse(claimed(t, `{"`+claim+`":`+value+`}`))
			wantReason(t, err, token.TokenMalformed, "payload."+claim)
		}
	}
}
