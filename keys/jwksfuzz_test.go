package keys

import (
	"encoding/json"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
)

// FuzzParseJWKS holds what is true of every text: a set that is accepted has keys, each bound to allowed algorithms of
// its own kind; a set that is accepted strictly is the same set otherwise; it survives being written and read; and no
// private member was in it.
func FuzzParseJWKS(f *testing.F) {
	for _, name := range []string{"rfc7517-a1.json", "rfc7517-a2-ec.json", "rfc7517-a3.json", "rfc7638-3.1.json", "rfc8037-a2.json", "jwkset.json"} {
		f.Add(string(read(f, name)), uint16(everything))
	}
	for _, jwk := range []jwttest.JWK{rsaJWK, ecJWK, edJWK, octJWK} {
		f.Add(jwttest.JWKS(jwk.With("alg", "ES256"), jwk.With("use", "sig").With("key_ops", []string{"verify"})), uint16(everything))
		f.Add(jwttest.JWKS(jwk, jwk.Without("kid"), jwk.With("d", "AAAA")), uint16(NewAlgorithmSet(RS256, ES256)))
	}
	f.Add(`{"keys":[{"kty":"oct","k":"AAAA","\u006b":"BBBB"},null,[],"x",{"kty":"EC","crv":"P-521","x":"","y":1}]}`, uint16(everything))
	f.Fuzz(func(t *testing.T, text string, bits uint16) {
		allowed := AlgorithmSet(bits) & everything
		set, _, err := ParseJWKS([]byte(text), JWKSOptions{Allowed: allowed})
		strict, _, strictErr := ParseJWKS([]byte(text), JWKSOptions{Allowed: allowed, Strict: true})
		if strictErr == nil && (err != nil || !set.Equal(strict)) {
			t.Fatalf("strictly %s, otherwise %s, %v", shown(strict), shown(set), err)
		}
		if err != nil {
			if set != nil {
				t.Fatal("a set and an error")
			}
			return
		}
		checkAccepted(t, set, allowed)
		checkNoPrivate(t, text, set)
	})
}

func checkAccepted(t *testing.T, set *Set, allowed AlgorithmSet) {
	t.Helper()
	if set.Len() == 0 || set.Len() > MaxJWKSKeys {
		t.Fatalf("%d keys", set.Len())
	}
	for _, k := range set.Keys() {
		if k.Algorithms() == 0 || k.Algorithms()&^allowed != 0 {
			t.Fatalf("%s is bound to %s, allowed are %s", k, k.Algorithms(), allowed)
		}
		for _, a := range k.Algorithms().List() {
			if a.Kind() != k.Kind() {
				t.Fatalf("%s is bound to %s", k, a)
			}
		}
	}
	encoded, err := EncodeJWKS(set)
	if err != nil {
		return // it has a secret
	}
	if again, _, err := ParseJWKS(encoded, JWKSOptions{Allowed: allowed, Strict: true}); err != nil || !again.Equal(set) {
		t.Fatalf("%s is read again as %s, %v", shown(set), shown(again), err)
	}
}

// checkNoPrivate reads the text with another parser.
func checkNoPrivate(t *testing.T, text string, set *Set) {
	t.Helper()
	if !strings.Contains(text, `"d"`) {
		return
	}
	var document struct {
		Keys []map[string]json.RawMessage `json:"keys"`
	}
	if json.Unmarshal([]byte(text), &document) != nil || len(document.Keys) != set.Len() {
		return // something was skipped, or "keys" is not the set's
	}
	for _, key := range document.Keys {
		var kty string
		if _, has := key["d"]; has && json.Unmarshal(key["kty"], &kty) == nil && kty != "oct" {
			t.Fatalf("a private key was accepted: %s", text)
		}
	}
}
