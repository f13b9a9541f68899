package driver

import (
	"context"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// A filter in the path to the user's name asks for an item of a list.
func TestPathWithFilter(t *testing.T) {
	e := rig.Shared(t)
	e.Add(t, gateway.JWTApp("filtered", gateway.Auth{
		Position: "header", TokenName: "X-Filtered", Users: []gateway.User{{Name: "ann"}, {Name: "42.0"}},
		Config: gateway.Rule{"algorithm": "HS256", "secret": claimsSecret, "path": "$.users[?('a' in @.roles)].name"},
	}))
	with := func(roles ...string) rig.Call {
		users := []rig.Object{{"name": "bob", "roles": []string{"b"}}, {"name": "ann", "roles": roles}}
		return rig.InHeader("X-Filtered", claimsToken(t, rig.Claims{"users": users}))
	}
	e.Accept(t, e.Node, with("x", "a"))
	e.Refuse(t, e.Node, with("x"))
	e.Refuse(t, e.Node, with())
	number := []rig.Object{{"name": json.RawMessage("42.0"), "roles": []string{"a"}}}
	e.Accept(t, e.Node, rig.InHeader("X-Filtered", claimsToken(t, rig.Claims{"users": number})))
}

// Required claims are compared as JSON values, whatever the host makes of a configuration's numbers.
func TestClaimsAreComparedAsValues(t *testing.T) {
	e := rig.Shared(t)
	e.Add(t, gateway.JWTApp("values", gateway.Auth{
		Position: "header", TokenName: "X-Values", Users: []gateway.User{{Name: "ann"}},
		Config: gateway.Rule{"algorithm": "HS256", "secret": claimsSecret, "path": "sub", "required_claims": rig.Object{"n": []any{2, "9007199254740993", true}}},
	}))
	for text, accepted := range map[string]bool{
		`2`: true, `2.0`: true, `20e-1`: true, `[1,2.00]`: true, `9007199254740993`: true, `"9007199254740993"`: true, `true`: true,
		`"2"`: false, `2.1`: false, `9007199254740992`: false, `9007199254740994`: false, `"true"`: false, `null`: false,
	} {
		t.Run(text, func(t *testing.T) {
			one := rig.InHeader("X-Values", claimsToken(t, rig.Claims{"n": json.RawMessage(text)}))
			if accepted {
				e.Accept(t, e.Node, one)
			} else {
				e.Refuse(t, e.Node, one)
			}
		})
	}
}

// The key of a certificate's issuer does not sign tokens.
func TestCertificateChain(t *testing.T) {
	e := rig.Shared(t)
	leaf, ca := jwttest.ECKey(elliptic.P256()), jwttest.OtherECKey(elliptic.P256())
	template := func(name string) *x509.Certificate {
		return &x509.Certificate{
			SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour), BasicConstraintsValid: true, IsCA: name == "ca",
		}
	}
	chain := ""
	for _, name := range []string{"leaf", "ca"} {
		public := leaf.Public()
		if name == "ca" {
			public = ca.Public()
		}
		der, err := x509.CreateCertificate(rand.Reader, template(name), template("ca"), public, ca)
		if err != nil {
			t.Fatal(err)
		}
		chain += string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	e.Add(t, gateway.JWTApp("chain", gateway.Auth{
		Position: "header", TokenName: "X-Chain", Users: []gateway.User{{Name: "ann"}},
		Config: gateway.Rule{"algorithm": "ES256", "rsa_public_key": chain, "path": "sub"},
	}))
	e.Accept(t, e.Node, rig.InHeader("X-Chain", jwttest.Sign(t, "ES256", leaf, nil, rig.Claims{"sub": "ann"})))
	e.Refuse(t, e.Node, rig.InHeader("X-Chain", jwttest.Sign(t, "ES256", ca, nil, rig.Claims{"sub": "ann"})))
}

// What an interface sends beside our fields, as it came, is passed over.
func TestFieldsOfAnInterface(t *testing.T) {
	e := rig.Shared(t)
	entry := rig.Object{
		"type": "jwt", "position": "header", "token_name": "X-Fields", "config": gateway.Rule{"algorithm": "HS256", "secret": claimsSecret, "path": "sub"},
		"uuid": "x", "users": []rig.Object{{"pattern": rig.Object{"username": "ann", "icon": "x"}, "uuid": "x"}},
	}
	if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/app", withEntry("fields", entry)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = e.Node.Call(context.Background(), http.MethodDelete, "/api/app/fields", nil) })
	e.Accept(t, e.Node, rig.InHeader("X-Fields", claimsToken(t, nil)))
}
