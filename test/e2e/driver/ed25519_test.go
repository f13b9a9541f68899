package driver

import (
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// EdDSA and Ed25519 (RFC 9864) are one signature by two names: each is accepted as the rule says, and a key's own name binds it.
func TestEd25519Names(t *testing.T) {
	e := rig.Shared(t)
	key := jwttest.Ed25519Key()
	named := func(alg string) map[string]any {
		return map[string]any{"jwks": jwttest.JWKS(jwttest.NewJWK("1", key).With("alg", alg))}
	}
	pem := map[string]any{"rsa_public_key": jwttest.PublicPEM(key)}
	for name, test := range map[string]struct {
		algorithm string
		key       map[string]any
		accepted  []string
	}{
		"Ed-old": {"EdDSA", pem, []string{"EdDSA"}}, "Ed-new": {"Ed25519", pem, []string{"Ed25519"}}, "Ed-both": {"EdDSA,Ed25519", pem, []string{"EdDSA", "Ed25519"}},
		"Ed-set": {"EdDSA,Ed25519", named("EdDSA"), []string{"EdDSA"}}, "Ed-newset": {"EdDSA,Ed25519", named("Ed25519"), []string{"Ed25519"}},
	} {
		rule := gateway.Rule{"algorithm": test.algorithm, "path": "sub"}
		for field, value := range test.key {
			rule[field] = value
		}
		e.Add(t, gateway.JWTApp(name, gateway.Auth{Position: "header", TokenName: "X-" + name, Config: rule, Users: []gateway.User{{Name: "*"}}}))
		refused := map[string]bool{"EdDSA": true, "Ed25519": true}
		call := func(alg string) rig.Call {
			return rig.InHeader("X-"+name, jwttest.Sign(t, alg, key, map[string]any{"kid": "1"}, rig.Claims{"sub": "ann"}))
		}
		for _, alg := range test.accepted {
			e.Accept(t, e.Node, call(alg))
			delete(refused, alg)
		}
		for alg := range refused {
			e.Refuse(t, e.Node, call(alg))
		}
	}
	wrong := gateway.Rule{"algorithm": "Ed25519", "path": "sub", "jwks": named("EdDSA")["jwks"]}
	if err := e.Node.Create(t.Context(), gateway.JWTApp("Ed-none", gateway.Auth{Position: "header", TokenName: "X-Ed-None", Config: wrong, Users: []gateway.User{{Name: "*"}}})); err == nil {
		t.Error("a set whose key is for another algorithm alone is accepted")
	}
}
