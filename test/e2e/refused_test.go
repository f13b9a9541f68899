package e2e

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
)

type (
	object = map[string]any
	claims = map[string]any
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
	e := shared.get(t)
	for _, app := range refusedApps() {
		e.add(t, app)
	}
	now := time.Now().Unix()
	sign := func(c claims) string { return jwttest.Sign(t, "HS256", refusedSecret, object{"typ": "JWT"}, c) }
	good := sign(claims{"iss": "us", "name": "ann"})
	header, payload, signature := split(good)
	goodRSA := jwttest.Sign(t, "RS256", jwttest.RSAKey(2048), nil, claims{"name": "ann"})
	timed := claims{"iss": "us", "name": "ann", "exp": now + 600, "nbf": now - 600}

	e.accept(t, e.node, inHeader("X-Hmac", good))
	e.accept(t, e.node, inHeader("X-Hmac", sign(timed)))
	e.accept(t, e.node, inHeader("X-Listed", sign(timed)))
	e.accept(t, e.node, inHeader("X-Rsa", goodRSA))

	tests := []struct {
		name, header, token, reason string
	}{
		{"signature tampered with", "X-Hmac", header + "." + payload + "." + flip(signature), "signature_invalid"},
		{"signature cut off", "X-Hmac", header + "." + payload + ".", "signature_invalid"},
		{"payload tampered with", "X-Hmac", header + "." + jwttest.Encode([]byte(`{"iss":"us","name":"root"}`)) + "." + signature, "signature_invalid"},
		{"header tampered with", "X-Hmac", jwttest.Encode([]byte(`{"alg":"HS256","kid":"1"}`)) + "." + payload + "." + signature, "signature_invalid"},
		{"another secret", "X-Hmac", jwttest.Sign(t, "HS256", "another secret", nil, claims{"iss": "us", "name": "ann"}), "signature_invalid"},
		{"another RSA key", "X-Rsa", jwttest.Sign(t, "RS256", jwttest.OtherRSAKey(2048), nil, claims{"name": "ann"}), "signature_invalid"},
		{"alg none", "X-Hmac", jwttest.Sign(t, "none", nil, nil, claims{"iss": "us", "name": "ann"}), "algorithm_not_allowed"},
		{"alg of the same family", "X-Hmac", jwttest.Sign(t, "HS512", refusedSecret, nil, claims{"iss": "us", "name": "ann"}), "algorithm_not_allowed"},
		{"public key as a secret", "X-Rsa", jwttest.Sign(t, "HS256", jwttest.PublicPEM(jwttest.RSAKey(2048)), nil, claims{"name": "ann"}), "algorithm_not_allowed"},
		{"not a token", "X-Hmac", "nonsense", "token_malformed"},
		{"four parts", "X-Hmac", good + ".x", "token_malformed"},
		{"padded", "X-Hmac", good + "=", "token_malformed"},
		{"unknown critical extension", "X-Hmac", jwttest.Sign(t, "HS256", refusedSecret, object{"crit": []string{"x"}, "x": 1}, claims{"iss": "us", "name": "ann"}), "critical_unknown"},
		{"other issuer", "X-Hmac", sign(claims{"iss": "them", "name": "ann"}), "issuer_mismatch"},
		{"no issuer", "X-Hmac", sign(claims{"name": "ann"}), "issuer_mismatch"},
		{"exp past", "X-Hmac", sign(claims{"iss": "us", "name": "ann", "exp": now - 60}), "token_expired"},
		{"nbf future", "X-Hmac", sign(claims{"iss": "us", "name": "ann", "nbf": now + 600}), "token_not_yet_valid"},
		{"exp past where listed", "X-Listed", sign(claims{"iss": "us", "name": "ann", "exp": now - 60, "nbf": now - 60}), "token_expired"},
		{"nbf future where listed", "X-Listed", sign(claims{"iss": "us", "name": "ann", "exp": now + 600, "nbf": now + 300}), "token_not_yet_valid"},
		{"no exp where listed", "X-Listed", sign(claims{"iss": "us", "name": "ann", "nbf": now - 60}), "claim_missing"},
		{"no nbf where listed", "X-Listed", sign(claims{"iss": "us", "name": "ann", "exp": now + 60}), "claim_missing"},
		{"no user", "X-Hmac", sign(claims{"iss": "us"}), "user_missing"},
		{"user not a string", "X-Hmac", sign(claims{"iss": "us", "name": []string{"ann"}}), "user_missing"},
		{"unknown user", "X-Hmac", sign(claims{"iss": "us", "name": "bob"}), "user_unknown"},
		{"user expired", "X-Hmac", sign(claims{"iss": "us", "name": "late"}), "user_expired"},
		{"app disabled", "X-Disabled", good, "app_disabled"},
		{"no token", "X-Hmac", "", ""},
		{"token elsewhere", "X-Nowhere", good, ""},
	}
	// All are sent before the first log is read: the host writes its log when
	// there has been no request for a second.
	answers := make([]answer, len(tests))
	for i, test := range tests {
		request := inHeader(test.header, test.token)
		if test.token == "" {
			request = call{}
		}
		answers[i] = e.send(t, e.node, request)
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := answers[i].refused(); err != nil {
				t.Error(err)
			}
			e.expectLogged(t, answers[i], map[string]string{"application": "", "jwt_result": test.reason})
		})
	}
}

// A header of the gateway ends at 16 KiB; a token can only be larger elsewhere.
func TestTooLarge(t *testing.T) {
	e := shared.get(t)
	const secret = "the secret of the large tokens"
	e.add(t, gateway.JWTApp("large", gateway.Auth{
		Position: "body", TokenName: "large", Config: gateway.Rule{"algorithm": "HS256", "secret": secret, "path": "sub"},
		Users: []gateway.User{{Name: "ann"}},
	}))
	sized := func(fill int) call {
		return inForm("large", jwttest.Sign(t, "HS256", secret, nil, claims{"sub": "ann", "fill": strings.Repeat("x", fill)}))
	}
	e.accept(t, e.node, sized(11_000))
	e.expectLogged(t, e.refuse(t, e.node, sized(13_000)), map[string]string{"jwt_result": "token_too_large"})
}

func split(token string) (header, payload, signature string) {
	parts := strings.Split(token, ".")
	return parts[0], parts[1], parts[2]
}

// flip changes one bit of a signature.
func flip(signature string) string {
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil {
		panic(err)
	}
	raw[0] ^= 1
	return jwttest.Encode(raw)
}
