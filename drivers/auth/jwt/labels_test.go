package jwt

import (
	"crypto/elliptic"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/token"
)

func TestClaimsToLabels(t *testing.T) {
	long := strings.Repeat("é", 100) // 200 bytes
	tests := []struct {
		name, path string
		claims     object
		want       string
	}{
		{"a string", "tenant", object{"tenant": "red"}, "red"},
		{"by JSONPath", "$.tenant", object{"tenant": "red"}, "red"},
		{"within an object", "$.org.unit", object{"org": object{"unit": "r&d"}}, "r&d"},
		{"of a list", "$.roles[1]", object{"roles": []string{"a", "b"}}, "b"},
		{"a name with a dot", "$['https://us.test/tenant']", object{"https://us.test/tenant": "red"}, "red"},
		{"a number", "level", object{"level": 12345678901234567}, "12345678901234567"},
		{"a boolean", "admin", object{"admin": false}, "false"},
		{"a list", "roles", object{"roles": []any{"a", 1, true}}, "a,1,true"},
		{"a list in a list", "roles", object{"roles": []any{"a", []any{"b", "c"}}}, "a,b,c"},
		{"an empty list", "roles", object{"roles": []any{}}, ""},
		{"an object", "org", object{"org": object{"unit": 1}}, `{"unit":1}`},
		{"missing", "tenant", object{}, ""},
		{"null", "tenant", object{"tenant": nil}, ""},
		{"empty", "tenant", object{"tenant": ""}, ""},
		{"control characters", "tenant", object{"tenant": "a\nb\rc\td\x00e\x7ff\u0085g\u2028h"}, "a?b?c?d?e?f?g?h"},
		{"an escape sequence of a terminal", "tenant", object{"tenant": "\x1b[31mred"}, "?[31mred"},
		{"too long", "tenant", object{"tenant": strings.Repeat("a", 129)}, strings.Repeat("a", 128)},
		{"too long, not cut within a character", "tenant", object{"tenant": "x" + long}, "x" + long[:126]},
		{"a long list", "roles", object{"roles": strings.Split(strings.Repeat("role,", 40)+"last", ",")}, strings.Repeat("role,", 26)[:128]},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			auth := r.bind("a", with(object{"claims_to_labels": object{test.path: "claim"}}), "ann")
			claims := object{"sub": "ann"}
			for name, value := range test.claims {
				claims[name] = value
			}
			ctx := r.want(auth, hs256(t, claims), passes("ann"))
			if got := ctx.GetLabel("claim"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// Several labels; the refused request gets none of them, and neither does the one of another rule.
func TestLabelsAreOfTheAcceptedTokenAlone(t *testing.T) {
	r := newRig(t)
	labelled := r.bind("a", with(object{"iss": "a", "claims_to_labels": object{"tenant": "team", "$.role": "role", "sub": "who"}}), "ann")
	plain := r.bind("b", with(object{"iss": "b"}), "ann")
	claims := object{"sub": "ann", "iss": "a", "tenant": "red", "role": "admin"}
	ctx := r.want(labelled, hs256(t, claims), passes("ann"))
	if ctx.GetLabel("team") != "red" || ctx.GetLabel("role") != "admin" || ctx.GetLabel("who") != "ann" {
		t.Errorf("labels %v", ctx.Labels())
	}
	for name, raw := range map[string]string{
		"expired": hs256(t, object{"sub": "ann", "iss": "a", "tenant": "red", "exp": 1}),
		"unknown": hs256(t, object{"sub": "bob", "iss": "a", "tenant": "red"}),
		"forged":  jwttest.Sign(t, "HS256", "another secret", nil, claims),
	} {
		ctx := withToken(t, raw)
		if got := ask(labelled, ctx); got.user != "" || ctx.GetLabel("team") != "" {
			t.Errorf("%s: %+v, labels %v", name, got, ctx.Labels())
		}
	}
	ctx = r.want(plain, hs256(t, object{"sub": "ann", "iss": "b", "tenant": "red"}), passes("ann"))
	if len(ctx.Labels()) != 0 {
		t.Errorf("labels %v of a rule that asks for none", ctx.Labels())
	}
}

// A remembered token's labels are the new ones when the rule changes.
func TestLabelsOfAChangedRule(t *testing.T) {
	r := newRig(t)
	raw := hs256(t, object{"sub": "ann", "tenant": "red"})
	before := r.bind("a", with(object{"claims_to_labels": object{"tenant": "old"}}), "ann")
	r.want(before, raw, passes("ann"))
	ctx := r.want(r.bind("a", with(object{"claims_to_labels": object{"tenant": "new"}}), "ann"), raw, passes("ann"))
	if ctx.GetLabel("new") != "red" || ctx.GetLabel("old") != "" {
		t.Errorf("labels %v", ctx.Labels())
	}
}

// The key ID is in the label if a key set picked the key by it, and of a refused token in any case; it is foreign
// text.
func TestKeyIDLabel(t *testing.T) {
	key := jwttest.ECKey(elliptic.P256())
	long := strings.Repeat("k", 200)
	tests := []struct {
		name        string
		kid         any // nil: none
		claims      object
		want, label string
	}{
		{"accepted", "a", nil, "", "a"},
		{"accepted without", nil, nil, "", ""},
		{"refused", "a", object{"exp": 1}, "token_expired", "a"},
		{"unknown", "b", nil, "key_unknown", "b"},
		{"unknown and hostile", "b\r\nX-Injected: \x1b[2J", nil, "key_unknown", "b??X-Injected: ?[2J"},
		{"unknown and long", long, nil, "key_unknown", long[:128]},
		{"no string", 1, nil, "token_malformed", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			auth := r.bind("a", es256(setOf(jwttest.NewJWK("a", key)), nil), "ann")
			header, claims := object{}, object{"sub": "ann"}
			if test.kid != nil {
				header["kid"] = test.kid
			}
			for name, value := range test.claims {
				claims[name] = value
			}
			raw := jwttest.Sign(t, "ES256", key, header, claims)
			want := outcome{"", test.want}
			if test.want == "" {
				want = passes("ann")
			}
			ctx := r.want(auth, raw, want)
			if got := ctx.GetLabel(LabelKeyID); got != test.label {
				t.Errorf("the label is %q, want %q", got, test.label)
			}
			fingerprint := ""
			if test.want != "" {
				fingerprint = token.Fingerprint(raw)
			}
			if got := ctx.GetLabel(LabelFingerprint); got != fingerprint {
				t.Errorf("the fingerprint is %q, want %q", got, fingerprint)
			}
		})
	}
}
