package driver

import (
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

const refusedSecret = "the secret of the tokens to refuse"

// refusedApps are reached through headers of their own, so that the reason in
// the access log is theirs.
func refusedApps() []gateway.App {
	hmac := gateway.Rule{"algorithm": "HS256", "secret": refusedSecret, "iss": "us", "path": "$.name"}
	listed := gateway.Rule{
		"algorithm": "HS256", "secret": refusedSecret, "iss": "us", "path": "$.name", "claims_to_verify": []string{"exp", "nbf"},
	}
	rsa := gateway.Rule{"algorithm": "RS256", "rsa_public_key": jwttest.PublicPEM(jwttest.RSAKey(2048)), "path": "$.name"}
	users := []gateway.User{{Name: "ann"}, {Name: "late", Expire: time.Now().Add(-time.Hour).Unix()}}
	disabled := gateway.JWTApp("refused-disabled", gateway.Auth{Position: "header", TokenName: "X-Disabled", Config: hmac, Users: users})
	disabled.Disable = true
	return []gateway.App{
		gateway.JWTApp("refused", gateway.Auth{Position: "header", TokenName: "X-Hmac", Config: hmac, Users: users}),
		gateway.JWTApp("refused-listed", gateway.Auth{Position: "header", TokenName: "X-Listed", Config: listed, Users: users}),
		gateway.JWTApp("refused-rsa", gateway.Auth{Position: "header", TokenName: "X-Rsa", Config: rsa, Users: users}),
		disabled,
	}
}

func TestRefused(t *testing.T) {
	e := rig.Shared(t)
	for _, app := range refusedApps() {
		e.Add(t, app)
	}
	now := time.Now().Unix()
	sign := func(c rig.Claims) string { return jwttest.Sign(t, "HS256", refusedSecret, rig.Object{"typ": "JWT"}, c) }
	good := sign(rig.Claims{"iss": "us", "name": "ann"})
	header, payload, signature := rig.Split(good)
	goodRSA := jwttest.Sign(t, "RS256", jwttest.RSAKey(2048), nil, rig.Claims{"name": "ann"})
	timed := rig.Claims{"iss": "us", "name": "ann", "exp": now + 600, "nbf": now - 600}

	e.Accept(t, e.Node, rig.InHeader("X-Hmac", good))
	e.Accept(t, e.Node, rig.InHeader("X-Hmac", sign(timed)))
	e.Accept(t, e.Node, rig.InHeader("X-Listed", sign(timed)))
	e.Accept(t, e.Node, rig.InHeader("X-Rsa", goodRSA))

	tests := []struct {
		name, header, token, reason string
	}{
		{"signature tampered with", "X-Hmac", header + "." + payload + "." + rig.Flip(signature), "signature_invalid"},
		{"signature cut off", "X-Hmac", header + "." + payload + ".", "signature_invalid"},
		{"payload tampered with", "X-Hmac", header + "." + jwttest.Encode([]byte(`{"iss":"us","name":"root"}`)) + "." + signature, "signature_invalid"},
		{"header tampered with", "X-Hmac", jwttest.Encode([]byte(`{"alg":"HS256","kid":"1"}`)) + "." + payload + "." + signature, "signature_invalid"},
		{"another secret", "X-Hmac", jwttest.Sign(t, "HS256", "another secret", nil, rig.Claims{"iss": "us", "name": "ann"}), "signature_invalid"},
		{"another RSA key", "X-Rsa", jwttest.Sign(t, "RS256", jwttest.OtherRSAKey(2048), nil, rig.Claims{"name": "ann"}), "signature_invalid"},
		{"alg none", "X-Hmac", jwttest.Sign(t, "none", nil, nil, rig.Claims{"iss": "us", "name": "ann"}), "algorithm_not_allowed"},
		{"alg of the same family", "X-Hmac", jwttest.Sign(t, "HS512", refusedSecret, nil, rig.Claims{"iss": "us", "name": "ann"}), "algorithm_not_allowed"},
		{"public key as a secret", "X-Rsa", jwttest.Sign(t, "HS256", jwttest.PublicPEM(jwttest.RSAKey(2048)), nil, rig.Claims{"name": "ann"}), "algorithm_not_allowed"},
		{"not a token", "X-Hmac", "nonsense", "token_malformed"},
		{"four parts", "X-Hmac", good + ".x", "token_malformed"},
		{"padded", "X-Hmac", good + "=", "token_malformed"},
		{"unknown critical extension", "X-Hmac", jwttest.Sign(t, "HS256", refusedSecret, rig.Object{"crit": []string{"x"}, "x": 1}, rig.Claims{"iss": "us", "name": "ann"}), "critical_unknown"},
		{"other issuer", "X-Hmac", sign(rig.Claims{"iss": "them", "name": "ann"}), "issuer_mismatch"},
		{"no issuer", "X-Hmac", sign(rig.Claims{"name": "ann"}), "issuer_mismatch"},
		{"exp past", "X-Hmac", sign(rig.Claims{"iss": "us", "name": "ann", "exp": now - 60}), "token_expired"},
		{"nbf future", "X-Hmac", sign(rig.Claims{"iss": "us", "name": "ann", "nbf": now + 600}), "token_not_yet_valid"},
		{"exp past where listed", "X-Listed", sign(rig.Claims{"iss": "us", "name": "ann", "exp": now - 60, "nbf": now - 60}), "token_expired"},
		{"nbf future where listed", "X-Listed", sign(rig.Claims{"iss": "us", "name": "ann", "exp": now + 600, "nbf": now + 300}), "token_not_yet_valid"},
		{"no exp where listed", "X-Listed", sign(rig.Claims{"iss": "us", "name": "ann", "nbf": now - 60}), "claim_missing"},
		{"no nbf where listed", "X-Listed", sign(rig.Claims{"iss": "us", "name": "ann", "exp": now + 60}), "claim_missing"},
		{"no user", "X-Hmac", sign(rig.Claims{"iss": "us"}), "user_missing"},
		{"user not a string", "X-Hmac", sign(rig.Claims{"iss": "us", "name": []string{"ann"}}), "user_missing"},
		{"unknown user", "X-Hmac", sign(rig.Claims{"iss": "us", "name": "bob"}), "user_unknown"},
		{"user expired", "X-Hmac", sign(rig.Claims{"iss": "us", "name": "late"}), "user_expired"},
		{"app disabled", "X-Disabled", good, "app_disabled"},
		{"no token", "X-Hmac", "", ""},
		{"token elsewhere", "X-Nowhere", good, ""},
	}
	// All are sent before the first log is read: the host writes its log when
	// there has been no request for a second.
	answers := make([]rig.Answer, len(tests))
	for i, test := range tests {
		request := rig.InHeader(test.header, test.token)
		if test.token == "" {
			request = rig.Call{}
		}
		answers[i] = e.Send(t, e.Node, request)
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := answers[i].Refused(); err != nil {
				t.Error(err)
			}
			e.ExpectLogged(t, answers[i], map[string]string{"application": "", "jwt_result": test.reason})
		})
	}
}

// A header of the gateway ends at 16 KiB; a token can only be larger elsewhere.
func TestTooLarge(t *testing.T) {
	e := rig.Shared(t)
	const secret = "the secret of the large tokens"
	e.Add(t, gateway.JWTApp("large", gateway.Auth{
		Position: "body", TokenName: "large", Config: gateway.Rule{"algorithm": "HS256", "secret": secret, "path": "sub"},
		Users: []gateway.User{{Name: "ann"}},
	}))
	sized := func(fill int) rig.Call {
		return rig.InForm("large", jwttest.Sign(t, "HS256", secret, nil, rig.Claims{"sub": "ann", "fill": strings.Repeat("x", fill)}))
	}
	e.Accept(t, e.Node, sized(11_000))
	e.ExpectLogged(t, e.Refuse(t, e.Node, sized(13_000)), map[string]string{"jwt_result": "token_too_large"})
}
