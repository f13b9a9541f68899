package rule_test

import (
	"encoding/json"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// EdDSA and Ed25519 are two names of one signature (RFC 9864 §2.2). A rule takes those that it lists, and a key set's key
// the one that it names.
func TestNamesOfEd25519(t *testing.T) {
	key := jwttest.Ed25519Key()
	pem := jwttest.PublicPEM(key)
	set := func(alg string) string {
		jwk := jwttest.NewJWK("k", key)
		if alg != "" {
			jwk = jwk.With("alg", alg)
		}
		return jwttest.JWKS(jwk)
	}
	tests := []struct {
		name                 string
		config               map[string]any
		takesEdDSA, takesNew bool
	}{
		{"EdDSA", map[string]any{"algorithm": "EdDSA", "rsa_public_key": pem}, true, false},
		{"Ed25519", map[string]any{"algorithm": "Ed25519", "rsa_public_key": pem}, false, true},
		{"both", map[string]any{"algorithm": "EdDSA,Ed25519", "rsa_public_key": pem}, true, true},
		{"both, with a blank", map[string]any{"algorithm": "Ed25519, EdDSA", "rsa_public_key": pem}, true, true},
		{"key set, both", map[string]any{"algorithm": "Ed25519, EdDSA", "jwks": set("")}, true, true},
		{"key set, Ed25519", map[string]any{"algorithm": "Ed25519", "jwks": set("")}, false, true},
		{"key set, both, the key is for EdDSA", map[string]any{"algorithm": "Ed25519, EdDSA", "jwks": set("EdDSA")}, true, false},
		{"key set, both, the key is for Ed25519", map[string]any{"algorithm": "Ed25519, EdDSA", "jwks": set("Ed25519")}, false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.config["path"] = "sub"
			text, err := json.Marshal(test.config)
			must.Succeed(t, err)
			r, err := compile(t, text, rule.Saved)
			must.Succeed(t, err)
			for alg, takes := range map[string]bool{"EdDSA": test.takesEdDSA, "Ed25519": test.takesNew} {
				want := token.AlgorithmNotAllowed
				if takes {
					want = token.Accepted
				}
				_, err := judge(r, jwttest.Sign(t, alg, key, nil, map[string]any{"sub": "ann"}))
				if got := token.ReasonOf(err); got != want {
					t.Errorf("%s: %s, want %s", alg, got, want)
				}
			}
		})
	}
}

// No other algorithms stand together without a key set: a key is for one algorithm (RFC 8725 §3.1).
func TestSeveralAlgorithmsWithoutAKeySet(t *testing.T) {
	pem := jwttest.PublicPEM(jwttest.Ed25519Key())
	for _, algorithms := range []string{"EdDSA,", ",Ed25519", "EdDSA,RS256", "RS256,PS256", "Ed25519,none", "EdDSA;Ed25519", "EdDSA Ed25519"} {
		text, _ := json.Marshal(map[string]any{"algorithm": algorithms, "rsa_public_key": pem, "path": "sub"})
		if _, err := compile(t, text, rule.Saved); err == nil || !strings.Contains(err.Error(), "config.algorithm: ") {
			t.Errorf("%s: %v", algorithms, err)
		}
	}
}
