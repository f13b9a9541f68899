package jwt

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/token"
)

// refusal is a token, the rule that refuses it, and why.
type refusal struct {
	name   string
	token  func(t testing.TB) string
	config string
	want   token.Reason
}

// signed is a token of the usual secret.
func signed(header, payload claims) func(testing.TB) string {
	return func(t testing.TB) string { return jwttest.Sign(t, "HS256", secretA, header, payload) }
}

// literal is a token that stands there as it is.
func literal(s string) func(testing.TB) string { return func(testing.TB) string { return s } }

func refusals() []refusal {
	good := claims{"sub": "ann"}
	return []refusal{
		{"no dots", literal("abc"), "", token.TokenMalformed},
		{"rubbish", literal("a.b.c"), "", token.TokenMalformed},
		{"five parts", literal("a.b.c.d.e"), "", token.TokenMalformed},
		{"typ is a number", signed(claims{"typ": 1}, good), "", token.TokenMalformed},
		{"alg is a number", signed(claims{"alg": 1}, good), "", token.TokenMalformed},
		{"alg is null", signed(claims{"alg": nil}, good), "", token.TokenMalformed},
		{"alg is a list", signed(claims{"alg": []string{"HS256"}}, good), "", token.TokenMalformed},
		{"iss is a number", signed(nil, claims{"sub": "ann", "iss": 1}), "", token.TokenMalformed},
		{"exp is a string", signed(nil, claims{"sub": "ann", "exp": "1"}), "", token.TokenMalformed},
		{"longer than 16 KiB", signed(nil, claims{"sub": "ann", "x": strings.Repeat("x", 13000)}), "", token.TokenTooLarge},
		{"none", func(t testing.TB) string { return jwttest.Sign(t, "none", nil, nil, good) }, "", token.AlgorithmNotAllowed},
		{"another hash", func(t testing.TB) string { return jwttest.Sign(t, "HS512", secretA, nil, good) }, "", token.AlgorithmNotAllowed},
		{"another type", signed(claims{"typ": "secevent"}, good), "", token.TypeNotAllowed},
		{"another type than demanded", signed(claims{"typ": "JWT"}, good), ruleJSON("token_type", `"at+jwt"`), token.TypeNotAllowed},
		{"unknown extension", signed(claims{"crit": []string{"x"}, "x": 1}, good), "", token.CriticalUnknown},
		{"another issuer", signed(nil, claims{"sub": "ann", "iss": "you"}), ruleJSON("iss", `"me"`), token.IssuerMismatch},
		{"no issuer", signed(nil, good), ruleJSON("iss", `"me"`), token.IssuerMismatch},
		{"another secret", func(t testing.TB) string { return tokenOf(t, secretB, good) }, "", token.SignatureInvalid},
		{"no signature", func(t testing.TB) string { s := ann(t); return s[:strings.LastIndexByte(s, '.')+1] }, "", token.SignatureInvalid},
		{"another payload", func(t testing.TB) string {
			parts := strings.Split(ann(t), ".")
			return parts[0] + "." + jwttest.Encode([]byte(`{"sub":"ann" }`)) + "." + parts[2]
		}, "", token.SignatureInvalid},
		{"ended", signed(nil, claims{"sub": "ann", "exp": noon}), "", token.TokenExpired},
		{"ended long ago", signed(nil, claims{"sub": "ann", "exp": 0}), "", token.TokenExpired},
		{"not yet", signed(nil, claims{"sub": "ann", "nbf": noon + 1}), "", token.TokenNotYetValid},
		{"lives too long", signed(nil, claims{"sub": "ann", "iat": noon, "exp": noon + 61}), ruleJSON("max_lifetime", `60`), token.LifetimeTooLong},
		{"for another audience", signed(nil, claims{"sub": "ann", "aud": "you"}), ruleJSON("audience", `["me"]`), token.AudienceMismatch},
		{"no exp", signed(nil, good), ruleJSON("claims_to_verify", `["exp"]`), token.ClaimMissing},
		{"no nbf", signed(nil, claims{"sub": "ann", "exp": noon + 1}), ruleJSON("claims_to_verify", `["exp","nbf"]`), token.ClaimMissing},
		{"no claim that is demanded", signed(nil, good), ruleJSON("required_claims", `{"role":[]}`), token.ClaimMissing},
		{"another claim than demanded", signed(nil, claims{"sub": "ann", "role": "x"}), ruleJSON("required_claims", `{"role":["y"]}`), token.ClaimMismatch},
		{"no user", signed(nil, claims{"name": "ann"}), "", token.UserMissing},
		{"user is null", signed(nil, claims{"sub": nil}), "", token.TokenMalformed},
		{"user is empty", signed(nil, claims{"sub": ""}), "", token.UserMissing},
		{"user is a list", signed(nil, claims{"sub": "ann", "name": []string{"ann"}}), ruleJSON("path", `"$.name"`), token.UserMissing},
		{"unknown user", signed(nil, claims{"sub": "eve"}), "", token.UserUnknown},
		{"user in another case", signed(nil, claims{"sub": "Ann"}), "", token.UserUnknown},
	}
}

func TestRefusals(t *testing.T) {
	for _, test := range refusals() {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{position: "body", name: "jwt", config: test.config})
			raw := test.token(t)
			ctx := host.Post(t, "/", "application/json", `{"jwt":"`+raw+`"}`)
			if got := answer(ctx, list...); got != test.want.String() {
				t.Fatalf("got %s, want %s", got, test.want)
			}
			if got := ctx.GetLabel(LabelFingerprint); got != token.Fingerprint(raw) {
				t.Errorf("the fingerprint is %q", got)
			}
			for name, value := range ctx.Labels() {
				if strings.Contains(value, raw) {
					t.Errorf("label %s shows the token", name)
				}
			}
		})
	}
}

// A token is refused for the same reason when it comes again, and when rules have changed in between.
func TestRefusalsAreTheSameTwice(t *testing.T) {
	for _, test := range refusals() {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{position: "body", name: "jwt", config: test.config})
			body := `{"jwt":"` + test.token(t) + `"}`
			for range 3 {
				if got := answer(host.Post(t, "/", "application/json", body), list...); got != test.want.String() {
					t.Errorf("got %s, want %s", got, test.want)
				}
			}
		})
	}
}

// What is known of a token from elsewhere must not change the reason for which it is refused here.
func TestRefusalDoesNotDependOnWhatCameBefore(t *testing.T) {
	const kid = "a key"
	good := jwttest.Sign(t, "HS256", secretA, map[string]any{"kid": kid}, claims{"sub": "ann", "iss": "me"})
	tests := map[string]struct {
		config string
		want   token.Reason
	}{
		"another secret":  {ruleJSON("secret", quote(secretB)), token.SignatureInvalid},
		"another issuer":  {ruleJSON("iss", `"you"`), token.IssuerMismatch},
		"another alg":     {ruleJSON("algorithm", `"HS384"`), token.AlgorithmNotAllowed},
		"another user":    {ruleJSON("path", `"iss"`), token.UserUnknown},
		"a claim missing": {ruleJSON("claims_to_verify", `["exp"]`), token.ClaimMissing},
	}
	for name, test := range tests {
		for _, known := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, known %t", name, known), func(t *testing.T) {
				k := newKit(t)
				first := k.bind(appOf("a"), entry{position: "header", name: "X-A"})
				second := k.bind(appOf("b"), entry{position: "header", name: "X-B", config: test.config})
				for i := 0; known && i < 3; i++ {
					if got := answer(host.Get(t, "/", "X-A: "+good), first...); got != "ann of a@app" {
						t.Fatalf("got %s", got)
					}
				}
				ctx := host.Get(t, "/", "X-B: "+good)
				if got := answer(ctx, second...); got != test.want.String() {
					t.Errorf("got %s, want %s", got, test.want)
				}
				if got := ctx.GetLabel(LabelKeyID); got != kid {
					t.Errorf("label %s is %q, want %q", LabelKeyID, got, kid)
				}
			})
		}
	}
}

// A secret that has been replaced gives the same reason whether the token was seen before or not.
func TestReasonAfterANewSecret(t *testing.T) {
	for _, known := range []bool{false, true} {
		t.Run(fmt.Sprintf("known %t", known), func(t *testing.T) {
			k := newKit(t)
			app := appOf("a")
			list := k.bind(app, entry{})
			for i := 0; known && i < 3; i++ {
				answer(inHeader(t, ann(t)), list...)
			}
			list = append(list, k.bind(app, entry{config: ruleJSON("secret", quote(secretB))})...)
			if got := answer(inHeader(t, ann(t)), list...); got != "signature_invalid" {
				t.Errorf("got %s", got)
			}
		})
	}
}

// Of several rules that refuse a token, the reason is that of the one for which it came furthest, however they were
// bound.
func TestFurthestReason(t *testing.T) {
	payload := claims{"sub": "ann", "iss": "me", "exp": noon - 1}
	steps := []struct {
		config string
		want   token.Reason
	}{
		{ruleJSON("algorithm", `"HS384"`), token.AlgorithmNotAllowed},
		{ruleJSON("iss", `"you"`), token.IssuerMismatch},
		{ruleJSON("secret", quote(secretB)), token.SignatureInvalid},
		{ruleJSON("path", `"jti"`), token.TokenExpired},
		{ruleJSON("claims_to_verify", `[]`, "audience", `["me"]`), token.AudienceMismatch},
		{ruleJSON("claims_to_verify", `[]`, "required_claims", `{"role":[]}`), token.ClaimMissing},
		{ruleJSON("claims_to_verify", `[]`, "path", `"jti"`), token.UserMissing},
		{ruleJSON("claims_to_verify", `[]`, "path", `"iss"`), token.UserUnknown},
	}
	for n := 1; n <= len(steps); n++ {
		for _, order := range []string{"forward", "backward"} {
			t.Run(fmt.Sprintf("%d rules, %s", n, order), func(t *testing.T) {
				k := newKit(t)
				var list []*authenticator
				part := slices.Clone(steps[:n])
				if order == "backward" {
					slices.Reverse(part)
				}
				for i, step := range part {
					list = append(list, k.bind(appOf(fmt.Sprint(i)), entry{config: step.config})...)
				}
				ctx := inHeader(t, tokenOf(t, secretA, payload))
				if got := answer(ctx, list...); got != steps[n-1].want.String() {
					t.Errorf("got %s, want %s", got, steps[n-1].want)
				}
			})
		}
	}
}
