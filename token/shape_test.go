package token

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestHasForm(t *testing.T) {
	object := base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"ann"}`))
	padded := base64.StdEncoding.EncodeToString([]byte(`{"sub":"??>>"}`))
	spaced := base64.RawURLEncoding.EncodeToString([]byte(" \t\r\n{ \n\"sub\":1}"))
	marked := base64.RawURLEncoding.EncodeToString([]byte("\xef\xbb\xbf{}"))
	for text, want := range map[string]bool{
		"":                                    false,
		"a":                                   false,
		"an-api-key_123":                      false,
		"a.b":                                 false,
		".":                                   false,
		"..":                                  false,
		"a..c":                                false,
		".b.c":                                false,
		"a.b.c":                               true,
		"a.b.":                                true, // no signature
		"a.b.c.d":                             false,
		"a.b.c ":                              false,
		"a.b.c=":                              false,
		"a+.b.c":                              false,
		"a/b.c.d":                             false,
		"Basic YTpi":                          false,
		"ya29.opaque-token":                   false,
		"v2.local.payload.footer":             false,
		object:                                false,
		object + ".":                          true,
		object + "." + object:                 true,
		"." + object + ".":                    true,
		"x." + object + ".y.z":                true, // its second part is read
		object + ".a.b.c.d":                   true, // RFC 7516
		padded + "." + padded + "." + "x==":   true,
		"!." + padded + ".!":                  true,
		"x." + spaced:                         true,
		"x." + marked:                         true,
		"x." + object[:3] + "\n" + object[3:]: true,
		"x." + base64.RawURLEncoding.EncodeToString([]byte("{x")):           false,
		"x." + base64.RawURLEncoding.EncodeToString([]byte(`["a","b"]`)):    false,
		strings.Repeat("a", 3*MaxSize) + "." + strings.Repeat("b", MaxSize): false,
	} {
		if got := HasForm(text); got != want {
			t.Errorf("%.60q: %t", text, got)
		}
	}
}

// What is accepted has the form of a token.
func FuzzHasForm(f *testing.F) {
	for _, seed := range []string{"a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "..", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if _, err := Parse(raw); err == nil && !HasForm(raw) {
			t.Errorf("%q is accepted", raw)
		}
	})
}
