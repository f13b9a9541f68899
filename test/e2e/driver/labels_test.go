package driver

import (
	"crypto/elliptic"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// Claims that the rule makes labels of are in the access log, as text on one line, and those of a refused token are
// not. What the administrator gave the user goes before what the token says.
func TestClaimsToLabels(t *testing.T) {
	e := rig.Shared(t)
	const secret = "the secret of the tokens with labels"
	e.Add(t, gateway.JWTApp("labels", gateway.Auth{
		Position: "header", TokenName: "X-Labels",
		Config: gateway.Rule{
			"algorithm": "HS256", "secret": secret, "path": "sub", "claims_to_labels": rig.Object{"$.org.unit": "team", "roles": "role"},
		},
		Users: []gateway.User{{Name: "ann"}, {Name: "bob", Labels: map[string]string{"team": "bob's own"}}},
	}))
	sign := func(c rig.Claims) rig.Call { return rig.InHeader("X-Labels", jwttest.Sign(t, "HS256", secret, nil, c)) }
	tests := []struct {
		name string
		rig.Call
		team, role string
	}{
		{"text and a list", sign(rig.Claims{"sub": "ann", "org": rig.Object{"unit": "red"}, "roles": []any{"a", 2}}), "red", "a,2"},
		{"missing", sign(rig.Claims{"sub": "ann", "org": "red"}), "", ""},
		{"control characters", sign(rig.Claims{"sub": "ann", "org": rig.Object{"unit": "a\nb\x00\x1b[2J\u2028"}}), "a?b??[2J?", ""},
		{"long", sign(rig.Claims{"sub": "ann", "roles": strings.Repeat("x", 1000)}), "", strings.Repeat("x", 128)},
		{"the user's own", sign(rig.Claims{"sub": "bob", "org": rig.Object{"unit": "red"}, "roles": "admin"}), "bob's own", "admin"},
		{"refused", sign(rig.Claims{"sub": "carol", "org": rig.Object{"unit": "red"}, "roles": "admin"}), "", ""},
	}
	e.Accept(t, e.Node, tests[0].Call)
	answers := make([]rig.Answer, len(tests))
	for i, test := range tests {
		answers[i] = e.Send(t, e.Node, test.Call)
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := answers[i].Accepted(); (err != nil) != (test.name == "refused") {
				t.Errorf("status %d, %v", answers[i].Status, err)
			}
			e.ExpectLogged(t, answers[i], map[string]string{"team": test.team, "role": test.role})
		})
	}
}

// The reasons that the fields of key sets bring, with the key ID; and that of an accepted token.
func TestLabelsOfKeySets(t *testing.T) {
	e := rig.Shared(t)
	i, down := rig.StartKeyIssuer(t), rig.StartKeyIssuer(t)
	down.Down()
	e.Add(t, rig.KeyApp("Labelled", i.KeyRule(nil)))
	e.Add(t, rig.KeyApp("Unavailable", down.KeyRule(nil)))
	e.Accept(t, e.Node, rig.InHeader("X-Labelled", rig.TokenOf(t, "A")))
	rig.Within(t, rig.Settle, func() error { return e.Send(t, e.Node, rig.InHeader("X-Unavailable", rig.TokenOf(t, "A"))).Refused() })

	sign := func(alg string, key any, header rig.Object) string {
		return jwttest.Sign(t, alg, key, header, rig.Claims{"sub": "ann"})
	}
	a, b := jwttest.ECKey(elliptic.P256()), jwttest.OtherECKey(elliptic.P256())
	tests := []struct{ name, header, token, reason, kid string }{
		{"accepted", "X-Labelled", rig.TokenOf(t, "A"), "", "A"},
		{"accepted without kid", "X-Labelled", sign("ES256", a, nil), "", ""},
		{"unknown kid", "X-Labelled", rig.TokenOf(t, "B"), "key_unknown", "B"},
		{"forged", "X-Labelled", sign("ES256", b, rig.Object{"kid": "A"}), "signature_invalid", "A"},
		{"hostile kid", "X-Labelled", sign("ES256", b, rig.Object{"kid": "x\n" + strings.Repeat("y", 200)}), "key_unknown", "x?" + strings.Repeat("y", 126)},
		{"expired", "X-Labelled", rig.TokenOf(t, "A", rig.Claims{"exp": time.Now().Unix() - 1}), "token_expired", "A"},
		{"unknown user", "X-Labelled", rig.TokenOf(t, "A", rig.Claims{"sub": "bob"}), "user_unknown", "A"},
		{"no keys", "X-Unavailable", rig.TokenOf(t, "A"), "keys_unavailable", "A"},
	}
	answers := make([]rig.Answer, len(tests))
	for n, test := range tests {
		answers[n] = e.Send(t, e.Node, rig.InHeader(test.header, test.token))
	}
	for n, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := map[string]string{"jwt_result": test.reason, "jwt_kid": test.kid}
			if test.reason == "" {
				want["jwt_fingerprint"] = ""
			}
			e.ExpectLogged(t, answers[n], want)
		})
	}
}
