package inspect

import (
	"slices"
	"strings"
	"testing"

	"apinto-jwt/token"
)

func TestFaults(t *testing.T) {
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
			for _, err := range Faults(tt.raw) {
				got = append(got, err.Error())
			}
			if !slices.EqualFunc(got, tt.want, strings.HasPrefix) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}
