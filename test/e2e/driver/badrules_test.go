package driver

import (
	"crypto/elliptic"
	"net/http"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// badRules each have the fields that the admin API must name.
func badRules() map[string]struct {
	rule   gateway.Rule
	faults []string
} {
	rsa, ec := jwttest.PublicPEM(jwttest.RSAKey(2048)), jwttest.PublicPEM(jwttest.ECKey(elliptic.P256()))
	return map[string]struct {
		rule   gateway.Rule
		faults []string
	}{
		"missing config":      {nil, []string{"config: missing"}},
		"empty config":        {gateway.Rule{}, []string{"config.algorithm", "config.path"}},
		"empty secret":        {gateway.Rule{"algorithm": "HS256", "secret": "", "path": "sub"}, []string{"config.secret"}},
		"secret not base64":   {gateway.Rule{"algorithm": "HS256", "secret": "not*base64", "signature_is_base_64": true, "path": "sub"}, []string{"config.secret"}},
		"unknown algorithm":   {gateway.Rule{"algorithm": "HS1", "secret": "x", "path": "sub"}, []string{"config.algorithm", "HS256"}},
		"algorithm none":      {gateway.Rule{"algorithm": "none", "path": "sub"}, []string{"config.algorithm"}},
		"no public key":       {gateway.Rule{"algorithm": "RS256", "path": "sub"}, []string{"config.rsa_public_key"}},
		"EC key for RSA":      {gateway.Rule{"algorithm": "RS256", "rsa_public_key": ec, "path": "sub"}, []string{"config.rsa_public_key"}},
		"RSA key for EC":      {gateway.Rule{"algorithm": "ES256", "rsa_public_key": rsa, "path": "sub"}, []string{"config.rsa_public_key"}},
		"curve of another":    {gateway.Rule{"algorithm": "ES384", "rsa_public_key": ec, "path": "sub"}, []string{"config.rsa_public_key"}},
		"RSA key too short":   {gateway.Rule{"algorithm": "RS256", "rsa_public_key": jwttest.PublicPEM(jwttest.RSAKey(1024)), "path": "sub"}, []string{"config.rsa_public_key"}},
		"key is not PEM":      {gateway.Rule{"algorithm": "RS256", "rsa_public_key": "MIIB", "path": "sub"}, []string{"config.rsa_public_key"}},
		"PEM is not a key":    {gateway.Rule{"algorithm": "RS256", "rsa_public_key": "-----BEGIN PUBLIC KEY-----\nTUlJQg==\n-----END PUBLIC KEY-----\n", "path": "sub"}, []string{"config.rsa_public_key"}},
		"private key":         {gateway.Rule{"algorithm": "RS256", "rsa_public_key": jwttest.PrivatePEM(jwttest.RSAKey(2048)), "path": "sub"}, []string{"config.rsa_public_key", "private"}},
		"unknown claim":       {gateway.Rule{"algorithm": "HS256", "secret": "x", "path": "sub", "claims_to_verify": []string{"exp", "expiry"}}, []string{"config.claims_to_verify", "expiry"}},
		"bad JSONPath":        {gateway.Rule{"algorithm": "HS256", "secret": "x", "path": "$.user["}, []string{"config.path"}},
		"no path, no issuer":  {gateway.Rule{"algorithm": "HS256", "secret": "x"}, []string{"config.path"}},
		"everything at once":  {gateway.Rule{"algorithm": "HS256", "path": "$[", "claims_to_verify": []string{"x"}}, []string{"config.secret", "config.path", "config.claims_to_verify"}},
		"number not kept":     {gateway.Rule{"algorithm": "HS256", "secret": "xyz", "path": "sub", "required_claims": rig.Object{"n": 9007199254740993}}, []string{"config.required_claims", "write it as text"}},
		"port beyond":         {gateway.Rule{"algorithm": "RS256", "jwks_uri": "https://h:99999/k", "path": "sub"}, []string{"config.jwks_uri", "65535"}},
		"cookie no token":     {gateway.Rule{"algorithm": "HS256", "secret": "xyz", "path": "sub", "cookie_name": "a[b]"}, []string{"config.cookie_name"}},
		"secrets by http":     {gateway.Rule{"algorithm": "HS256", "jwks_uri": "http://10.0.0.1/k", "jwks_allow_http": true, "path": "sub"}, []string{"config.jwks_uri", "in clear"}},
		"a bad algorithm":     {gateway.Rule{"algorithm": "RS1", "jwks_uri": "http://10.0.0.1/k", "path": "sub"}, []string{"config.algorithm", "config.jwks_uri"}},
		"another's names":     {gateway.Rule{"algorithm": "HS256", "secret": "xyz", "path": "sub", "leewayy": 5, "aud": "x"}, []string{"config.leewayy", "write leeway", "config.aud", "write audience"}},
		"everything with RSA": {gateway.Rule{"algorithm": "RS512", "rsa_public_key": "x", "path": "$[", "claims_to_verify": []string{"x"}}, []string{"config.rsa_public_key", "config.path", "config.claims_to_verify"}},
	}
}

func badApp(rule gateway.Rule) gateway.App {
	return gateway.JWTApp("bad", gateway.Auth{
		Position: "header", TokenName: "X-Bad", Config: rule, Users: []gateway.User{{Name: "ann"}},
	})
}

// TestBadRules tries each as a new application and as a change of one that
// works, which must go on to work.
func TestBadRules(t *testing.T) {
	e := rig.Shared(t)
	const secret = "the secret of the rule that stays"
	working := badApp(gateway.Rule{"algorithm": "HS256", "secret": secret, "path": "sub"})
	working.Name = "working"
	e.Add(t, working)
	good := rig.InHeader("X-Bad", jwttest.Sign(t, "HS256", secret, nil, rig.Claims{"sub": "ann"}))
	e.Accept(t, e.Node, good)

	for name, test := range badRules() {
		t.Run(name, func(t *testing.T) {
			bad := badApp(test.rule)
			err := e.Node.Create(t.Context(), bad)
			rig.ExpectFaults(t, "POST", err, test.rule, test.faults)
			if err == nil {
				e.Add(t, badApp(nil)) // have it deleted
			}
			if _, err := e.Node.Call(t.Context(), http.MethodGet, "/api/app/bad", nil); err == nil {
				t.Error("the application was stored")
			}
			bad.Name = working.Name
			rig.ExpectFaults(t, "PUT", e.Node.Replace(t.Context(), bad), test.rule, test.faults)
			if err := e.Send(t, e.Node, good).Accepted(); err != nil {
				t.Error(err)
			}
			e.Refuse(t, e.Node, rig.Call{})
		})
	}
	t.Run("afterwards the admin API takes a good one", func(t *testing.T) {
		e.Replace(t, working)
		e.Accept(t, e.Node, good)
	})
}
