package driver

import (
	"crypto/elliptic"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/rig"
)

// fetching is the application whose keys come from this address.
func fetching(address string) rig.Object {
	return ruled(rig.Object{"algorithm": "ES256", "secret": nil, "jwks_uri": address})
}

// keySetsMistaken are mistakes in where a key set is and what stands there.
func keySetsMistaken(t *testing.T) map[string]mistake {
	t.Helper()
	key := jwttest.ECKey(elliptic.P256())
	token := jwttest.Sign(t, "ES256", key, rig.Object{"kid": "today"}, claimed(nil))
	start := func(s *jwttest.KeyServer) *jwttest.KeyServer {
		t.Cleanup(s.Close)
		return s
	}
	published := jwttest.NewJWK("today", key)
	plain, secure := start(jwttest.StartKeyServer(published)), start(jwttest.StartTLSKeyServer(published))
	page, old := start(jwttest.StartKeyServer()), start(jwttest.StartKeyServer(jwttest.NewJWK("yesterday", jwttest.OtherECKey(elliptic.P256()))))
	page.SetBody("<!doctype html><title>Sign in</title>")
	return map[string]mistake{
		"The issuer's host is mistyped":             sent(fetching("https://issuer.invalid/jwks"), token),
		"The address of the key set is not found":   sent(fetching(plain.URL("/keys")), token),
		"A page of HTML instead of a key set":       sent(fetching(page.URL(jwttest.KeysPath)), token),
		"The issuer has signed its own certificate": sent(fetching(secure.URL(jwttest.KeysPath)), token),
		"The token's `kid` is unknown":              sent(fetching(old.URL(jwttest.KeysPath)), token),
	}
}
