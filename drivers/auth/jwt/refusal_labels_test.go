package jwt

import (
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/token"
)

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
