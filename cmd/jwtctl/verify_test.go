package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/cmd/jwtctl/internal/verdict"
	"apinto-jwt/jwttest/golden"
	"apinto-jwt/token"
)

func TestVerify(t *testing.T) {
	// testNow is 1769860800.
	sound := `{"iss":"apinto","sub":"s1","aud":["orders","stock"],"name":"alice","user":{"name":"bob"},"id":7,"iat":1769860000,"nbf":1769860000,"exp":1769861000}`
	tests := []struct {
		name    string
		payload string
		args    []string
		want    string // the first line
	}{
		{"nothing demanded", sound, nil, "accepted"},
		{"everything demanded", sound, []string{"--iss", "apinto", "--aud", "x", "--aud", "stock", "--type", "jwt", "--max-lifetime", "1000s", "--claims-to-verify", "exp,nbf", "--path", "name"}, "accepted"},
		{"other issuer", sound, []string{"--iss", "Apinto"}, "refused: issuer_mismatch"},
		{"no issuer", `{}`, []string{"--iss", "apinto"}, "refused: issuer_mismatch"},
		{"other audience", sound, []string{"--aud", "order"}, "refused: audience_mismatch"},
		{"other type", sound, []string{"--type", "at+jwt"}, "refused: type_not_allowed"},
		{"too long a life", sound, []string{"--max-lifetime", "999"}, "refused: lifetime_too_long"},
		{"life without exp", `{"iat":1}`, []string{"--max-lifetime", "1d"}, "refused: claim_missing: payload.exp"},

		{"issued in the future", `{"iat":1769860802}`, []string{"--leeway", "1"}, "refused: token_not_yet_valid: payload.iat"},
		{"issued in the future, listed", `{"iat":1769860802,"exp":9e9}`, []string{"--claims-to-verify", "exp"}, "refused: token_not_yet_valid: payload.iat"},
		{"issued in the future, not looked at", `{"iat":1769860802}`, []string{"--claims-to-verify", ""}, "accepted"},

		{"expired", `{"exp":1769860800}`, nil, "refused: token_expired"},
		{"expired within leeway", `{"exp":1769860800}`, []string{"--leeway", "1s"}, "accepted"},
		{"expired beyond leeway", `{"exp":1769860740}`, []string{"--leeway", "60"}, "refused: token_expired"},
		{"not expired", `{"exp":1769860801}`, nil, "accepted"},
		{"not yet", `{"nbf":1769860801}`, nil, "refused: token_not_yet_valid"},
		{"not yet within leeway", `{"nbf":1769860801}`, []string{"--leeway", "1s"}, "accepted"},
		{"looking back", `{"exp":1713339896}`, []string{"--now", "2024-04-17T07:44:55Z"}, "accepted"},
		{"looking back by seconds", `{"exp":1713339896}`, []string{"--now", "1713339895"}, "accepted"},
		{"looking ahead", sound, []string{"--now", "+1h"}, "refused: token_expired"},

		{"times not looked at", `{"exp":1,"nbf":9e9}`, []string{"--claims-to-verify", ""}, "accepted"},
		{"blank list", `{"exp":1,"nbf":9e9}`, []string{"--claims-to-verify", " "}, "accepted"},
		{"exp listed, expired", `{"exp":1}`, []string{"--claims-to-verify", "exp"}, "refused: token_expired"},
		{"exp listed, missing", `{}`, []string{"--claims-to-verify", "exp"}, "refused: claim_missing: payload.exp"},
		{"exp listed, nbf not looked at", `{"exp":9e9,"nbf":9e9}`, []string{"--claims-to-verify", "exp"}, "accepted"},
		{"nbf listed, missing", `{}`, []string{"--claims-to-verify", "nbf"}, "refused: claim_missing: payload.nbf"},
		{"nbf listed, exp not looked at", `{"exp":1,"nbf":1}`, []string{"--claims-to-verify", "nbf"}, "accepted"},
		{"both listed, with spaces", `{"exp":9e9,"nbf":1}`, []string{"--claims-to-verify", " nbf , exp "}, "accepted"},

		{"user by name", sound, []string{"--path", "name"}, "accepted\nuser:    alice\n"},
		{"user by JSONPath", sound, []string{"--path", "$.user.name"}, "accepted\nuser:    bob\n"},
		{"user that is a number", sound, []string{"--path", "id"}, "accepted\nuser:    7\n"},
		{"user that is the issuer", sound, []string{"--iss", "apinto"}, "accepted\nuser:    apinto\n"},
		{"no user", sound, []string{"--path", "login"}, "refused: user_missing"},
		{"user that is an object", sound, []string{"--path", "user"}, "refused: user_missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := append([]string{"verify", "--alg", "HS256", "--secret", longSecret}, tt.args...)
			if !slices.Contains(args, "--path") && !slices.Contains(args, "--iss") { // somebody has to be the user
				args, tt.payload = append(args, "--path", "login"), strings.Replace(`{"login":"ann",`+tt.payload[1:], ",}", "}", 1)
			}
			r := session{t: t}.run(append(args, hs256(t, tt.payload))...)
			want := exitOK
			if strings.HasPrefix(tt.want, "refused") {
				want = exitFailed
			}
			if r.code != want || !strings.HasPrefix(r.out, tt.want) || r.err != "" {
				t.Errorf("exit status %d, want %s, got %s%s", r.code, tt.want, r.out, r.err)
			}
		})
	}
}

// A rule with neither an issuer nor a path cannot be saved: it has no user, and accepts nobody.
func TestVerifyWithoutAUser(t *testing.T) {
	r := session{t: t}.run("verify", "--alg", "HS256", "--secret", longSecret, hs256(t, `{"sub":"ann"}`))
	if r.code != exitFailed || !strings.HasPrefix(r.out, "refused: user_missing: give --path or --iss") {
		t.Errorf("exit status %d, %s%s", r.code, r.out, r.err)
	}
}

// A refusal shows what the rule wants and what the token has.
func TestVerifyShowsWantedAndGot(t *testing.T) {
	payload := `{"iss":"us","sub":"ann","aud":["a","b"],"exp":1769860000,"role":["x"],"nested":{"k":"\n"}}`
	for want, args := range map[string][]string{
		`wanted "them", got "us"`:                                  {"--iss", "them"},
		`wanted "c" or "d", got ["a","b"]`:                         {"--aud", "c", "--aud", "d"},
		`wanted "at+jwt", got "JWT"`:                               {"--type", "at+jwt"},
		`wanted "admin", got ["x"]`:                                {"--required-claim", "role=admin"},
		`wanted "v", got "\n"`:                                     {"--required-claim", "nested.k=v"},
		`wanted an end after 2026-01-31T12:00:00Z, got 1769860000`: {},
	} {
		r := session{t: t}.run(append([]string{"verify", "--alg", "HS256", "--secret", longSecret, "--path", "sub", hs256(t, payload)}, args...)...)
		if r.code != exitFailed || !strings.Contains(r.out, want+"\n") {
			t.Errorf("no %q in %s%s", want, r.out, r.err)
		}
	}
	r := session{t: t}.run("verify", "--alg", "HS512", "--secret", longSecret, "--path", "sub", hs256(t, payload))
	if want := `wanted "HS512", got "HS256"`; !strings.Contains(r.out, want) {
		t.Errorf("no %q in %s%s", want, r.out, r.err)
	}
}

// Tokens that no issuer of ours would make.
func TestVerifyForgedTokens(t *testing.T) {
	sound := hs256(t, `{"name":"alice"}`)
	input := sound[:strings.LastIndexByte(sound, '.')]
	tests := []struct {
		name, raw string
		want      token.Reason
	}{
		{"alg none", encode(`{"alg":"none"}`, `{}`, ""), token.AlgorithmNotAllowed},
		{"alg of another key", encode(`{"alg":"HS512"}`, `{}`, strings.Repeat("x", 64)), token.AlgorithmNotAllowed},
		{"no signature", input + ".", token.SignatureInvalid},
		{"signature cut", sound[:len(sound)-2], token.TokenMalformed},
		{"two parts", input, token.TokenMalformed},
		{"padding", sound + "=", token.TokenMalformed},
		{"alg a number", encode(`{"alg":1}`, `{}`, ""), token.TokenMalformed},
		{"exp a text", encode(`{"alg":"HS256"}`, `{"exp":"1"}`, ""), token.TokenMalformed},
		{"unknown extension", encode(`{"alg":"HS256","crit":["x"],"x":1}`, `{}`, ""), token.CriticalUnknown},
		{"no JWT", encode(`{"alg":"HS256","typ":"jose"}`, `{}`, ""), token.TypeNotAllowed},
		{"too large", sound + strings.Repeat("A", token.MaxSize), token.TokenTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := session{t: t}.run("verify", "--alg", "HS256", "--secret", longSecret, tt.raw)
			if r.code != exitFailed || !strings.HasPrefix(r.out, "refused: "+tt.want.String()+": ") || r.err != "" {
				t.Errorf("exit status %d, %s%s", r.code, r.out, r.err)
			}
		})
	}
}

// The documented example, as text and as JSON, accepted and refused with every reason.
func TestVerifyGolden(t *testing.T) {
	s := session{t: t, env: map[string]string{secretVariable: exampleSecret}}
	accepted := []string{"verify", "--alg", "HS256", "--path", "$.name", "--iss", "apinto", "--now", "2024-04-17T07:40:00Z", exampleToken}
	refused := []string{"verify", "--alg", "HS256", "--path", "$.login", "--iss", "other", "--aud", "orders", "--claims-to-verify", "exp,nbf", exampleToken}
	for name, args := range map[string][]string{"verify-accepted": accepted, "verify-refused": refused} {
		r := s.run(args...)
		golden.Expect(t, name, r.out)
		if want := "jwtctl: warning: the secret has 48 bits; HS256 wants 256 or more (RFC 7518 §3.2)\n"; r.err != want {
			t.Errorf("standard error: %s", r.err)
		}
		golden.Expect(t, name+"-json", s.run(append(args, "--json")...).out)
	}
}

func TestVerifyJSON(t *testing.T) {
	for name, want := range map[string]bool{"alice": true, "": false} {
		r := session{t: t}.run("verify", "--json", "--alg", "HS256", "--secret", longSecret, "--path", "name", hs256(t, `{"name":"`+name+`"}`))
		var got verdict.Verdict
		if err := json.Unmarshal([]byte(r.out), &got); err != nil {
			t.Fatal(err)
		}
		if got.Accepted != want || got.User != name || (r.code == exitOK) != want || (len(got.Failures) == 0) != want {
			t.Errorf("exit status %d, %+v", r.code, got)
		}
	}
}

// A refused token has no user.
func TestVerifyJSONRefusedHasNoUser(t *testing.T) {
	r := session{t: t}.run("verify", "--json", "--alg", "HS256", "--secret", longSecret, "--path", "name", hs256(t, `{"name":"alice","exp":1}`))
	if r.code != exitFailed || strings.Contains(r.out, "alice") {
		t.Errorf("exit status %d, %s", r.code, r.out)
	}
}

// A user's name must not look like a line of the answer, or move the cursor.
func TestVerifyShowsNamesSafely(t *testing.T) {
	raw := hs256(t, `{"name":"eve\nkey:     \u001b[2JRSA\u202e","iss":"i\r"}`)
	r := session{t: t}.run("verify", "--alg", "HS256", "--secret", longSecret, "--path", "name", raw)
	if want := `user:    eve\nkey:     \u001b[2JRSA\u202e` + "\n"; r.code != exitOK || !strings.Contains(r.out, want) {
		t.Errorf("exit status %d, %q", r.code, r.out)
	}
	if !strings.Contains(r.out, `issuer:  i\u000d`+"\n") {
		t.Errorf("got %q", r.out)
	}
}
