package jwt

import (
	"crypto/elliptic"
	"fmt"
	"slices"
	"strings"
	"testing"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/token"
)

// documented is the token of the documentation:
//
//	{"alg":"HS256","typ":"JWT"}
//	{"sub":"1234567890","iss":"apinto","name":"John Doe","iat":1516239022,"exp":1713339896}
//
// signed with the secret "apinto". It ends at 2024-04-17T07:44:56Z.
func documented(t testing.TB) string {
	t.Helper()
	return jwttest.SignRaw(t, "HS256", "apinto", []byte(`{"alg":"HS256","typ":"JWT"}`),
		[]byte(`{"sub":"1234567890","iss":"apinto","name":"John Doe","iat":1516239022,"exp":1713339896}`))
}

func TestDocumentedExample(t *testing.T) {
	const end = 1713339896
	rule := func(claims string) string {
		return `{"iss":"apinto","algorithm":"HS256","secret":"apinto","path":"$.name","claims_to_verify":` + claims + `}`
	}
	tests := []struct {
		name, claims string
		now          int64
		want         string
	}{
		{"before its end", `["exp"]`, end - 1, "John Doe of a@app"},
		{"at its end", `["exp"]`, end, "token_expired"},
		{"after its end", `["exp"]`, end + 1, "token_expired"},
		{"honoured where it is there", `null`, end, "token_expired"},
		{"honoured beside another", `["nbf"]`, end - 1, "claim_missing"},
		{"not looked at", `[]`, end + 1, "John Doe of a@app"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{position: "header", name: "Authorization", config: rule(test.claims), users: usersJSON("John Doe")})
			k.clock.Store(test.now)
			if got := answer(inHeader(t, documented(t)), list...); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// signer makes a token with the key that fits the algorithm.
func signer(t testing.TB, algorithm string) (key any, rule string) {
	t.Helper()
	switch algorithm {
	case "HS256", "HS384", "HS512":
		return secretA, ruleJSON("algorithm", quote(algorithm))
	case "ES256":
		key = jwttest.ECKey(elliptic.P256())
	case "ES384":
		key = jwttest.ECKey(elliptic.P384())
	case "ES512":
		key = jwttest.ECKey(elliptic.P521())
	case "EdDSA":
		key = jwttest.Ed25519Key()
	default:
		key = jwttest.RSAKey(2048)
	}
	return key, pemRule(algorithm, jwttest.PublicPEM(key))
}

var algorithmNames = []string{
	"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA",
}

// Exactly the rule's algorithm is accepted, whatever else the key could do.
func TestAlgorithms(t *testing.T) {
	k := newKit(t)
	list := map[string][]*authenticator{}
	for i, algorithm := range algorithmNames {
		_, rule := signer(t, algorithm)
		list[algorithm] = k.bind(appOf(algorithm), entry{position: "header", name: fmt.Sprint("X-", i), config: rule})
	}
	for _, of := range algorithmNames {
		key, _ := signer(t, of)
		signed := jwttest.Sign(t, of, key, nil, claims{"sub": "ann"})
		for i, at := range algorithmNames {
			want := "algorithm_not_allowed"
			if at == of {
				want = "ann of " + of + "@app"
			}
			if got := answer(host.Get(t, "/", fmt.Sprintf("X-%d: %s", i, signed)), list[at]...); got != want {
				t.Errorf("%s token, %s rule: got %s, want %s", of, at, got, want)
			}
		}
	}
}

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

func TestNoTokenNoLabels(t *testing.T) {
	k := newKit(t)
	list := k.bind(appOf("a"),
		entry{position: "header"}, entry{position: "query", name: "jwt"}, entry{position: "body", name: "jwt"})
	for name, request := range map[string]string{
		"nothing":        get(),
		"another scheme": get("Authorization: Basic YTpi"),
		"empty":          getQuery("jwt="),
		"form":           post("application/x-www-form-urlencoded", "a=1"),
		"JSON":           post("application/json", `{"a":1}`),
		"no JSON":        post("application/json", `{`),
		"other body":     post("text/plain", "jwt=x"),
	} {
		t.Run(name, func(t *testing.T) {
			ctx := host.Context(t, request)
			if got := answer(ctx, list...); got != "none" {
				t.Errorf("got %s", got)
			}
			for label := range ctx.Labels() {
				t.Errorf("label %s", label)
			}
		})
	}
}

func TestAcceptedRequestHasNoRefusalLabels(t *testing.T) {
	k := newKit(t)
	list := k.bind(appOf("a"), entry{})
	ctx := inHeader(t, jwttest.Sign(t, "HS256", secretA, map[string]any{"kid": "x"}, claims{"sub": "ann"}))
	if got := answer(ctx, list...); got != "ann of a@app" {
		t.Fatalf("got %s", got)
	}
	for label, value := range ctx.Labels() {
		t.Errorf("label %s is %q", label, value)
	}
}

func TestKeyIDLabelIsPrintable(t *testing.T) {
	long := strings.Repeat("é", 100)
	for name, test := range map[string]struct{ kid, want string }{
		"plain":               {"2024-01", "2024-01"},
		"line breaks":         {"a\r\nb\x00", "a??b?"},
		"line separators":     {"a\u2028b\u0085\u2029", "a?b??"},
		"long":                {long, long[:128]},
		"long, cut in a rune": {"x" + long, "x" + long[:126]},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{})
			ctx := inHeader(t, jwttest.Sign(t, "HS256", secretB, map[string]any{"kid": test.kid}, claims{"sub": "ann"}))
			answer(ctx, list...)
			if got := ctx.GetLabel(LabelKeyID); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
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

// The reason, the key ID and the fingerprint are of the token, not of another credential beside it.
func TestLabelsAreOfTheToken(t *testing.T) {
	k := newKit(t)
	list := k.bind(appOf("a"), entry{position: "header", name: "X-Token"}, entry{position: "query", name: "jwt"})
	first := jwttest.Sign(t, "HS256", secretB, map[string]any{"kid": "first"}, claims{"sub": "ann"})
	second := jwttest.Sign(t, "HS256", secretA, map[string]any{"kid": "second"}, claims{"sub": "ann", "exp": 1})
	for _, test := range []struct{ header, query, want, kid string }{
		{first, second, "token_malformed", ""},
		{second, first, "token_malformed", ""},
		{second, second, "token_expired", "second"},
		{first, "x", "signature_invalid", "first"},
		{"x", first, "signature_invalid", "first"},
	} {
		ctx := host.Get(t, "/?jwt="+test.query, "X-Token: "+test.header)
		if got := answer(ctx, list...); got != test.want || ctx.GetLabel(LabelKeyID) != test.kid {
			t.Errorf("got %s, %s", got, ctx.GetLabel(LabelKeyID))
		}
		raw := test.header
		if raw == "x" {
			raw = test.query
		}
		if ctx.GetLabel(LabelFingerprint) != token.Fingerprint(raw) {
			t.Error("the fingerprint is of another token")
		}
	}
}

// At most one signature check for each key, and one resolution, whatever the number of rules and of times that we are asked.
func TestOneResolutionPerRequest(t *testing.T) {
	k := newKit(t)
	var list []*authenticator
	for i := range 20 {
		list = append(list, k.bind(appOf(fmt.Sprint(i)), entry{config: ruleJSON("path", quote(fmt.Sprint("p", i)))})...)
	}
	ctx := &counting{IHttpContext: inHeader(t, tokenOf(t, secretA, claims{"p7": "eve"}))}
	if got := answer(ctx, list...); got != "user_unknown" {
		t.Fatalf("got %s", got)
	}
	if ctx.kept != 1 {
		t.Errorf("the request was resolved %d times when we were asked %d times", ctx.kept, len(list))
	}
	ctx = &counting{IHttpContext: inHeader(t, tokenOf(t, secretA, claims{"p7": "ann"}))}
	if got := answer(ctx, list...); got != "ann of 7@app" || ctx.kept != 0 {
		t.Errorf("got %s; nobody else is asked, but the answer was kept", got)
	}
}

// counting is a context that counts what is kept in it.
type counting struct {
	http_service.IHttpContext
	kept int
}

func (c *counting) WithValue(key, value any) {
	c.kept++
	c.IHttpContext.WithValue(key, value)
}
