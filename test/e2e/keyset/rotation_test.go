package keyset

import (
	"crypto/elliptic"
	"fmt"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// The issuer gets key B, signs with it, and takes A away. Nobody touches the gateway.
func rotationByURL(t *testing.T, e *rig.Env) {
	i := rig.StartKeyIssuer(t)
	e.Add(t, rig.KeyApp("Url", i.KeyRule(gateway.Rule{"jwks_refresh": 5})))
	e.Accept(t, e.Node, rig.InHeader("X-Url", rig.TokenOf(t, "A")))
	ofA := startStream(t, e, "X-Url", "A")
	rig.InUse(t, ofA)

	i.SetKeys(i.A, i.B)
	if err := e.Send(t, e.Node, rig.InHeader("X-Url", rig.TokenOf(t, "B"))).Accepted(); err != nil {
		t.Errorf("the first token of the new key: %v", err)
	}
	ofB := startStream(t, e, "X-Url", "B")
	rig.InUse(t, ofA, ofB)
	time.Sleep(6 * time.Second) // a refresh in between
	rig.InUse(t, ofA, ofB)
	expectNoneRefused(t, "tokens of A", ofA.Stop())

	i.SetKeys(i.B)
	begin := time.Now()
	rig.Within(t, 7*time.Second, func() error { return e.Send(t, e.Node, rig.InHeader("X-Url", rig.TokenOf(t, "A"))).Refused() })
	t.Logf("tokens of A are refused %s after A was removed", time.Since(begin).Round(100*time.Millisecond))
	for range 20 {
		e.Refuse(t, e.Node, rig.InHeader("X-Url", rig.TokenOf(t, "A")))
	}
	rig.InUse(t, ofB)
	expectNoneRefused(t, "tokens of B", ofB.Stop())
	if set := i.KeySet(t, e.Node); len(set.Keys) != 1 || set.Keys[0].ID != "B" {
		t.Errorf("the status page has %+v", set)
	}
}

// The administrator puts key B beside A, and later takes A away.
func rotationByPEM(t *testing.T, e *rig.Env) {
	a, b := jwttest.PublicPEM(jwttest.ECKey(elliptic.P256())), jwttest.PublicPEM(jwttest.OtherECKey(elliptic.P256()))
	rotationByPut(t, e, "Pem", func(first, second bool) gateway.Rule {
		text := ""
		if first {
			text += a
		}
		if second {
			text += b
		}
		return gateway.Rule{"algorithm": "ES256", "rsa_public_key": text, "path": "sub"}
	})
}

func rotationInline(t *testing.T, e *rig.Env) {
	a, b := jwttest.NewJWK("A", jwttest.ECKey(elliptic.P256())), jwttest.NewJWK("B", jwttest.OtherECKey(elliptic.P256()))
	rotationByPut(t, e, "Set", func(first, second bool) gateway.Rule {
		var list []jwttest.JWK
		if first {
			list = append(list, a)
		}
		if second {
			list = append(list, b)
		}
		return gateway.Rule{"algorithm": "ES256", "jwks": jwttest.JWKS(list...), "path": "sub"}
	})
}

// rotationByPut changes the application from A to A and B, to B; rule makes the rule with these keys.
func rotationByPut(t *testing.T, e *rig.Env, name string, rule func(a, b bool) gateway.Rule) {
	t.Helper()
	e.Add(t, rig.KeyApp(name, rule(true, false)))
	e.Accept(t, e.Node, rig.InHeader("X-"+name, rig.TokenOf(t, "A")))
	e.Refuse(t, e.Node, rig.InHeader("X-"+name, rig.TokenOf(t, "B")))
	ofA := startStream(t, e, "X-"+name, "A")
	rig.InUse(t, ofA)

	e.Replace(t, rig.KeyApp(name, rule(true, true)))
	e.Accept(t, e.Node, rig.InHeader("X-"+name, rig.TokenOf(t, "B")))
	ofB := startStream(t, e, "X-"+name, "B")
	rig.InUse(t, ofA, ofB)
	expectNoneRefused(t, "tokens of A", ofA.Stop())

	e.Replace(t, rig.KeyApp(name, rule(false, true)))
	rig.Within(t, rig.Settle, func() error { return e.Send(t, e.Node, rig.InHeader("X-"+name, rig.TokenOf(t, "A"))).Refused() })
	rig.InUse(t, ofB)
	expectNoneRefused(t, "tokens of B", ofB.Stop())
	if err := e.Send(t, e.Node, rig.InHeader("X-"+name, rig.TokenOf(t, "A"))).Refused(); err != nil {
		t.Error(fmt.Errorf("a token of A at the end: %w", err))
	}
}
