package e2e

import (
	"crypto/elliptic"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
)

// Claims that the rule makes labels of are in the access log, as text on one line, and those of a refused token are
// not. What the administrator gave the user goes before what the token says.
func TestClaimsToLabels(t *testing.T) {
	e := shared.get(t)
	const secret = "the secret of the tokens with labels"
	e.add(t, gateway.JWTApp("labels", gateway.Auth{
		Position: "header", TokenName: "X-Labels",
		Config: gateway.Rule{
			"algorithm": "HS256", "secret": secret, "path": "sub", "claims_to_labels": object{"$.org.unit": "team", "roles": "role"},
		},
		Users: []gateway.User{{Name: "ann"}, {Name: "bob", Labels: map[string]string{"team": "bob's own"}}},
	}))
	sign := func(c claims) call { return inHeader("X-Labels", jwttest.Sign(t, "HS256", secret, nil, c)) }
	tests := []struct {
		name string
		call
		team, role string
	}{
		{"text and a list", sign(claims{"sub": "ann", "org": object{"unit": "red"}, "roles": []any{"a", 2}}), "red", "a,2"},
		{"missing", sign(claims{"sub": "ann", "org": "red"}), "", ""},
		{"control characters", sign(claims{"sub": "ann", "org": object{"unit": "a\nb\x00\x1b[2J\u2028"}}), "a?b??[2J?", ""},
		{"long", sign(claims{"sub": "ann", "roles": strings.Repeat("x", 1000)}), "", strings.Repeat("x", 128)},
		{"the user's own", sign(claims{"sub": "bob", "org": object{"unit": "red"}, "roles": "admin"}), "bob's own", "admin"},
		{"refused", sign(claims{"sub": "carol", "org": object{"unit": "red"}, "roles": "admin"}), "", ""},
	}
	e.accept(t, e.node, tests[0].call)
	answers := make([]answer, len(tests))
	for i, test := range tests {
		answers[i] = e.send(t, e.node, test.call)
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := answers[i].accepted(); (err != nil) != (test.name == "refused") {
				t.Errorf("status %d, %v", answers[i].status, err)
			}
			e.expectLogged(t, answers[i], map[string]string{"team": test.team, "role": test.role})
		})
	}
}

// The reasons that the fields of key sets bring, with the key ID; and that of an accepted token.
func TestLabelsOfKeySets(t *testing.T) {
	e := shared.get(t)
	i, down := startKeyIssuer(t), startKeyIssuer(t)
	down.Down()
	e.add(t, keyApp("Labelled", i.keyRule(nil)))
	e.add(t, keyApp("Unavailable", down.keyRule(nil)))
	e.accept(t, e.node, inHeader("X-Labelled", tokenOf(t, "A")))
	within(t, settle, func() error { return e.send(t, e.node, inHeader("X-Unavailable", tokenOf(t, "A"))).refused() })

	sign := func(alg string, key any, header object) string {
		return jwttest.Sign(t, alg, key, header, claims{"sub": "ann"})
	}
	a, b := jwttest.ECKey(elliptic.P256()), jwttest.OtherECKey(elliptic.P256())
	tests := []struct{ name, header, token, reason, kid string }{
		{"accepted", "X-Labelled", tokenOf(t, "A"), "", "A"},
		{"accepted without kid", "X-Labelled", sign("ES256", a, nil), "", ""},
		{"unknown kid", "X-Labelled", tokenOf(t, "B"), "key_unknown", "B"},
		{"forged", "X-Labelled", sign("ES256", b, object{"kid": "A"}), "signature_invalid", "A"},
		{"hostile kid", "X-Labelled", sign("ES256", b, object{"kid": "x\n" + strings.Repeat("y", 200)}), "key_unknown", "x?" + strings.Repeat("y", 126)},
		{"expired", "X-Labelled", tokenOf(t, "A", claims{"exp": time.Now().Unix() - 1}), "token_expired", "A"},
		{"unknown user", "X-Labelled", tokenOf(t, "A", claims{"sub": "bob"}), "user_unknown", "A"},
		{"no keys", "X-Unavailable", tokenOf(t, "A"), "keys_unavailable", "A"},
	}
	answers := make([]answer, len(tests))
	for n, test := range tests {
		answers[n] = e.send(t, e.node, inHeader(test.header, test.token))
	}
	for n, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := map[string]string{"jwt_result": test.reason, "jwt_kid": test.kid}
			if test.reason == "" {
				want["jwt_fingerprint"] = ""
			}
			e.expectLogged(t, answers[n], want)
		})
	}
}
