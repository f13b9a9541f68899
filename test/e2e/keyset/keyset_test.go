package keyset

import (
	"crypto/elliptic"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/load"
	"apinto-jwt/test/e2e/rig"
)

// startStream sends requests with tokens of the key, each another one, until it is stopped.
func startStream(t *testing.T, e *rig.Env, header, kid string) *load.Run {
	t.Helper()
	run, err := load.Start(e.Node.URL+"/load/"+header+"/"+kid, http.Header{}, load.Options{
		Workers: 2, Pause: 5 * time.Millisecond, Duration: time.Minute,
		Vary: func(h http.Header) { h.Set(header, rig.TokenOf(t, kid)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { run.Stop() })
	return run
}

// expectNoneRefused is for a load that was stopped.
func expectNoneRefused(t *testing.T, what string, got load.Result) {
	t.Helper()
	t.Logf("%s: %d of %d requests were refused, the slowest took %s", what, got.Failed, got.Sent, got.Slowest.Round(time.Millisecond))
	if got.Failed > 0 || got.Sent < 20 {
		t.Errorf("%s: %d of %d requests failed, the first with %s", what, got.Failed, got.Sent, got.First)
	}
}

func TestInlineKeySet(t *testing.T) {
	e := rig.Shared(t)
	rsa, ec, secret := jwttest.RSAKey(2048), jwttest.ECKey(elliptic.P256()), []byte("a secret of thirty-two bytes, or more")
	set := jwttest.JWKS(
		jwttest.NewJWK("rsa", rsa).With("alg", "RS256").With("use", "sig"), jwttest.NewJWK("ec", ec), jwttest.NewJWK("oct", secret),
		jwttest.NewJWK("enc", jwttest.OtherRSAKey(2048)).With("use", "enc"),
	)
	e.Add(t, rig.KeyApp("Inline", gateway.Rule{"algorithm": "RS256,PS256,ES256,HS256", "jwks": set, "path": "sub"}))
	sign := func(alg string, key any, header rig.Object) rig.Call {
		return rig.InHeader("X-Inline", jwttest.Sign(t, alg, key, header, rig.Claims{"sub": "ann"}))
	}
	for name, c := range map[string]rig.Call{
		"RSA":       sign("RS256", rsa, rig.Object{"kid": "rsa"}),
		"EC":        sign("ES256", ec, rig.Object{"kid": "ec"}),
		"oct":       sign("HS256", secret, rig.Object{"kid": "oct"}),
		"no kid":    sign("ES256", ec, nil),
		"no kid, 2": sign("RS256", rsa, nil),
	} {
		t.Run(name, func(t *testing.T) { e.Accept(t, e.Node, c) })
	}
	for name, c := range map[string]rig.Call{
		"kid of another key":             sign("RS256", jwttest.OtherRSAKey(2048), rig.Object{"kid": "rsa"}),
		"kid of another kind":            sign("RS256", rsa, rig.Object{"kid": "ec"}),
		"kid of a key for encryption":    sign("RS256", jwttest.OtherRSAKey(2048), rig.Object{"kid": "enc"}),
		"unknown kid":                    sign("ES256", ec, rig.Object{"kid": "other"}),
		"alg that the key is not for":    sign("PS256", rsa, rig.Object{"kid": "rsa"}),
		"alg that is not listed":         sign("RS384", rsa, rig.Object{"kid": "rsa"}),
		"public key as a secret":         sign("HS256", jwttest.PublicPEM(rsa), rig.Object{"kid": "rsa"}),
		"public key as a secret, 2":      sign("HS256", jwttest.PublicPEM(rsa), nil),
		"public JWK as a secret":         sign("HS256", set, rig.Object{"kid": "oct"}),
		"secret under a public key's ID": sign("HS256", secret, rig.Object{"kid": "rsa"}),
		"unsigned":                       sign("none", nil, rig.Object{"kid": "rsa"}),
	} {
		t.Run(name, func(t *testing.T) { e.Refuse(t, e.Node, c) })
	}
}

// strangerToken is well-formed, has a key ID of its own that nobody has, and no true signature: it costs its maker
// nothing.
func strangerToken() string {
	n := rig.TokenNumber.Add(1)
	header := fmt.Sprintf(`{"alg":"ES256","kid":"stranger %d"}`, n)
	payload := fmt.Sprintf(`{"sub":"ann","jti":"%d"}`, n)
	return jwttest.Encode([]byte(header)) + "." + jwttest.Encode([]byte(payload)) + "." + jwttest.Encode(make([]byte, 64))
}

// contains is strings.Contains in any case.
func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}
