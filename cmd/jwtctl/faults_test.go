package main

import (
	"slices"
	"strings"
	"testing"

	"apinto-jwt/token"
)

func TestFaultsOf(t *testing.T) {
	many := encode(`{"alg":1,"typ":2,"kid":3,"crit":["exp"]}`, `{"iss":1,"sub":"s","aud":[1],"exp":"1","nbf":null}`, "s")
	tests := []struct {
		name, raw string
		want      []string // how each fault begins
	}{
		{"none", exampleToken, nil},
		{"no dot", "hello", []string{"token_malformed: it has no dot", "token_malformed: header: is not a JSON object"}},
		{"one dot", encode(`{}`, `{"exp":""}`, "")[:len("e30.eyJleHAiOiIifQ")], []string{
			"token_malformed: it has one dot", "token_malformed: header.alg: is missing", "token_malformed: payload.exp: must be a number",
		}},
		{"three dots", exampleToken + ".", []string{"token_malformed: it has more than two dots"}},
		{"encrypted", "a.b.c.d.e", []string{"token_malformed: it has more than two dots"}},
		{"too large", exampleToken + strings.Repeat("A", token.MaxSize), []string{"token_too_large: "}},
		{"too large, and more", encode(`{"alg":"HS256"}`, `{"exp":"","a":"`+strings.Repeat("a", token.MaxSize)+`"}`, ""), []string{"token_too_large: ", "token_malformed: payload.exp"}},
		{"each member", many, []string{
			"token_malformed: header.alg: must be a string", "token_malformed: header.typ", "token_malformed: header.kid", "critical_unknown: header.crit",
			"token_malformed: payload.iss", "token_malformed: payload.aud", "token_malformed: payload.exp", "token_malformed: payload.nbf",
		}},
		{"alg missing behind another fault", encode(`{"kid":1}`, `{}`, ""), []string{"token_malformed: header.kid", "token_malformed: header.alg: is missing"}},
		{"each part", "e30=.e30=.e30=", []string{
			"token_malformed: header: is not base64url", "token_malformed: header.alg: is missing",
			"token_malformed: payload: is not base64url", "token_malformed: signature: is not base64url",
		}},
		{"a place", encode(`{"alg":"HS256"}`, `{"a":1 "b":2}`, ""), []string{"token_malformed: payload: is not JSON: expected , or } (at byte 7)"}},
		{"a place in both", encode(`{"alg"}`, `[]`, ""), []string{
			"token_malformed: header: is not JSON: expected : (at byte 6)", "token_malformed: payload: is not a JSON object (at byte 0)",
		}},
		{"member twice", encode(`{"alg":"HS256"}`, `{"a":1,"a":2}`, ""), []string{"token_malformed: payload: has a member twice"}},
		{"half a surrogate pair", encode(`{"alg":"HS256"}`, `{"b":1,"a":"\ud800"}`, ""), []string{"token_malformed: payload: has half a surrogate pair (at byte 12)"}},
		{"not UTF-8", encode(`{"alg":"HS256"}`, "{\"a\":\"\xff\"}", ""), []string{"token_malformed: payload: is not valid UTF-8"}},
		{"no JWT", encode(`{"alg":"HS256","typ":"jose"}`, `{"exp":""}`, ""), []string{"type_not_allowed: header.typ", "token_malformed: payload.exp"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, err := range faultsOf(tt.raw) {
				got = append(got, err.Error())
			}
			if !slices.EqualFunc(got, tt.want, strings.HasPrefix) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// The parser's own answer is the first, and a token without faults is one that it takes.
func FuzzInspect(f *testing.F) {
	for _, raw := range []string{
		exampleToken, "", ".", "..", "hello", "e30.e30.", "e30=.e30=.e30=", "a.b.c.d.e", "e30.e30.e30.e30",
		encode(`{"alg":1,"typ":2}`, `{"exp":"1"}`, "s"), encode(`{"alg":"none"}`, `[`, ""), encode(`{`, `{"a":"\ud800"}`, "\xff"),
		encode(`{"alg":"HS256","kid":"\u001b[2J","typ":"\n\u009b"}`, `{"exp":1e-9}`, "0"), strings.Repeat("a.", 9),
		encode(`{"alg":"ES256","jwk":{}}`, `{"EXP":1,"exp":1e300,"iat":-1}`, "0"), encode("{\"alg\":\"\xff\"}", "\x00", ""),
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		i := inspectToken(raw, testNow)
		_, err := token.Parse(raw)
		if (err == nil) != (len(i.faults) == 0) || err != nil && i.faults[0].Error() != err.Error() {
			t.Fatalf("Parse says %v, the faults are %v", err, i.faults)
		}
		text := i.text()
		for _, r := range text {
			if r < 0x20 && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 {
				t.Fatalf("control character %#x in %q", r, text)
			}
		}
		var b strings.Builder
		if err := writeJSON(&b, i.report()); err != nil {
			t.Fatal(err)
		}
	})
}
