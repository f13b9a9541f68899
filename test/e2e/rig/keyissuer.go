package rig

import (
	"crypto/elliptic"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
)

// KeyIssuer is an issuer of tokens with two keys, A and B, that publishes them on a key server that counts. It begins
// with A.
type KeyIssuer struct {
	*jwttest.KeyServer
	A, B jwttest.JWK
}

// StartKeyIssuer starts an issuer for the time of the test.
func StartKeyIssuer(t *testing.T) *KeyIssuer {
	t.Helper()
	i := &KeyIssuer{
		A: jwttest.NewJWK("A", jwttest.ECKey(elliptic.P256())),
		B: jwttest.NewJWK("B", jwttest.OtherECKey(elliptic.P256())),
	}
	i.KeyServer = jwttest.StartKeyServer(i.A)
	t.Cleanup(i.Close)
	return i
}

// KeyRule is a rule with the issuer's key set, and these fields too.
func (i *KeyIssuer) KeyRule(fields gateway.Rule) gateway.Rule {
	rule := gateway.Rule{"algorithm": "ES256", "jwks_uri": i.URL(jwttest.KeysPath), "path": "sub"}
	for name, value := range fields {
		rule[name] = value
	}
	return rule
}

// KeyApp is an application that takes tokens from a header of its own, X-<name>.
func KeyApp(name string, rule gateway.Rule) gateway.App {
	return gateway.JWTApp(name, gateway.Auth{
		Position: "header", TokenName: "X-" + name, Config: rule, Users: []gateway.User{{Name: "ann"}},
	})
}

// KeySet is the issuer's set on the node's status page, the zero one if it is not there.
func (i *KeyIssuer) KeySet(t *testing.T, node *gateway.Node) keySetState {
	t.Helper()
	for _, set := range Status(t, node).KeySets {
		if strings.HasPrefix(set.URL, i.URL("/")) {
			return set
		}
	}
	return keySetState{}
}
