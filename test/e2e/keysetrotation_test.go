package e2e

import (
	"crypto/elliptic"
	"fmt"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
)

// The issuer gets key B, signs with it, and takes A away. Nobody touches the gateway.
func rotationByURL(t *testing.T, e *env) {
	i := startKeyIssuer(t)
	e.add(t, keyApp("Url", i.keyRule(gateway.Rule{"jwks_refresh": 5})))
	e.accept(t, e.node, inHeader("X-Url", tokenOf(t, "A")))
	ofA := e.stream(t, "X-Url", "A")
	inUse(t, ofA)

	i.SetKeys(i.a, i.b)
	if err := e.send(t, e.node, inHeader("X-Url", tokenOf(t, "B"))).accepted(); err != nil {
		t.Errorf("the first token of the new key: %v", err)
	}
	ofB := e.stream(t, "X-Url", "B")
	inUse(t, ofA, ofB)
	time.Sleep(6 * time.Second) // a refresh in between
	inUse(t, ofA, ofB)
	expectNoneRefused(t, "tokens of A", ofA.Stop())

	i.SetKeys(i.b)
	begin := time.Now()
	within(t, 7*time.Second, func() error { return e.send(t, e.node, inHeader("X-Url", tokenOf(t, "A"))).refused() })
	t.Logf("tokens of A are refused %s after A was removed", time.Since(begin).Round(100*time.Millisecond))
	for range 20 {
		e.refuse(t, e.node, inHeader("X-Url", tokenOf(t, "A")))
	}
	inUse(t, ofB)
	expectNoneRefused(t, "tokens of B", ofB.Stop())
	if set := i.keySet(t, e.node); len(set.Keys) != 1 || set.Keys[0].ID != "B" {
		t.Errorf("the status page has %+v", set)
	}
}

// The administrator puts key B beside A, and later takes A away.
func rotationByPEM(t *testing.T, e *env) {
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

func rotationInline(t *testing.T, e *env) {
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
func rotationByPut(t *testing.T, e *env, name string, rule func(a, b bool) gateway.Rule) {
	t.Helper()
	e.add(t, keyApp(name, rule(true, false)))
	e.accept(t, e.node, inHeader("X-"+name, tokenOf(t, "A")))
	e.refuse(t, e.node, inHeader("X-"+name, tokenOf(t, "B")))
	ofA := e.stream(t, "X-"+name, "A")
	inUse(t, ofA)

	e.replace(t, keyApp(name, rule(true, true)))
	e.accept(t, e.node, inHeader("X-"+name, tokenOf(t, "B")))
	ofB := e.stream(t, "X-"+name, "B")
	inUse(t, ofA, ofB)
	expectNoneRefused(t, "tokens of A", ofA.Stop())

	e.replace(t, keyApp(name, rule(false, true)))
	within(t, settle, func() error { return e.send(t, e.node, inHeader("X-"+name, tokenOf(t, "A"))).refused() })
	inUse(t, ofB)
	expectNoneRefused(t, "tokens of B", ofB.Stop())
	if err := e.send(t, e.node, inHeader("X-"+name, tokenOf(t, "A"))).refused(); err != nil {
		t.Error(fmt.Errorf("a token of A at the end: %w", err))
	}
}
