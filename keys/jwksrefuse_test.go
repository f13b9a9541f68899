package keys

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
)

// A weak or malformed key is a fault of an inline set, and is skipped in a remote one.
func TestParseJWKSFaults(t *testing.T) {
	x := ecJWK["x"].(string)
	tests := []struct {
		name string
		jwk  any
		want error
	}{
		{"no object", "text", ErrJWK},
		{"null", nil, ErrJWK},
		{"kty missing", rsaJWK.Without("kty"), ErrJWK},
		{"kty no string", rsaJWK.With("kty", 1), ErrJWK},
		{"kid no string", rsaJWK.With("kid", 7), ErrJWK},
		{"alg null", rsaJWK.With("alg", nil), ErrJWK},
		{"use no string", rsaJWK.With("use", []string{"sig"}), ErrJWK},
		{"key_ops no list", rsaJWK.With("key_ops", "verify"), ErrJWK},
		{"key_ops repeated", rsaJWK.With("key_ops", []string{"verify", "verify"}), ErrJWK},
		{"key_ops no strings", rsaJWK.With("key_ops", []any{"verify", 1}), ErrJWK},
		{"n missing", rsaJWK.Without("n"), ErrJWK},
		{"n empty", rsaJWK.With("n", ""), ErrEmpty},
		{"n padded", rsaJWK.With("e", "AQAB=="), ErrBase64},
		{"standard alphabet", edJWK.With("x", strings.Repeat("+", 43)), ErrBase64},
		{"line break", rsaJWK.With("e", "AQ\nAB"), ErrBase64},
		{"space", rsaJWK.With("e", "AQAB "), ErrBase64},
		{"stray bits", edJWK.With("x", strings.Repeat("A", 42)+"B"), ErrBase64},
		{"1024 bits", jwttest.NewJWK("w", jwttest.RSAKey(1024)), ErrWeakKey},
		{"16384 bits", rsaJWK.With("n", "w"+strings.Repeat("A", 2729)+"E"), ErrUnsupportedKey},
		{"even modulus", rsaJWK.With("n", "w"+strings.Repeat("A", 343)), ErrUnsupportedKey},
		{"exponent 1", rsaJWK.With("e", "AQ"), ErrUnsupportedKey},
		{"even exponent", rsaJWK.With("e", "AQAA"), ErrUnsupportedKey},
		{"exponent of 33 bits", rsaJWK.With("e", "AQAAAAE"), ErrUnsupportedKey},
		{"exponent that wraps to 3", rsaJWK.With("e", "AQAAAAAAAAAD"), ErrUnsupportedKey},
		{"crv missing", ecJWK.Without("crv"), ErrJWK},
		{"y missing", ecJWK.Without("y"), ErrJWK},
		{"x short", ecJWK.With("x", x[4:]), ErrJWK},
		{"x long", ecJWK.With("x", "AAAA"+x), ErrJWK},
		{"not on the curve", ecJWK.With("y", x), ErrUnsupportedKey},
		{"point at infinity", ecJWK.With("x", strings.Repeat("A", 43)).With("y", strings.Repeat("A", 43)), ErrUnsupportedKey},
		{"another curve's length", ecJWK.With("crv", "P-384"), ErrJWK},
		{"alg of another curve", ecJWK.With("alg", "ES384"), ErrKeyMismatch},
		{"alg of another kind", rsaJWK.With("alg", "ES256"), ErrKeyMismatch},
		{"HMAC with a public key", rsaJWK.With("alg", "HS256"), ErrKeyMismatch},
		{"RSA alg with a secret", octJWK.With("alg", "RS256"), ErrKeyMismatch},
		{"Ed25519 of 31 octets", edJWK.With("x", strings.Repeat("A", 42)), ErrUnsupportedKey},
		{"Ed25519 without crv", edJWK.Without("crv"), ErrJWK},
		{"k missing", octJWK.Without("k"), ErrJWK},
		{"k empty", octJWK.With("k", ""), ErrEmpty},
		{"k padded", octJWK.With("k", octJWK["k"].(string)+"=="), ErrBase64},
		{"k short", octJWK.With("k", "c2VjcmV0"), ErrWeakKey},
		{"k short for its alg", octJWK.With("alg", "HS512").With("k", strings.Repeat("A", 43)), ErrWeakKey},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := jwksOf(t, edJWK.With("kid", "good"), test.jwk)
			_, _, err := ParseJWKS(text, JWKSOptions{Allowed: everything, Strict: true})
			if !errors.Is(err, test.want) || !strings.HasPrefix(err.Error(), "keys[1]") {
				t.Errorf("strict: %v", err)
			}
			set, warnings, err := ParseJWKS(text, JWKSOptions{Allowed: everything})
			if err != nil || shown(set) != "good OKP: EdDSA, Ed25519" || len(warnings) != 1 || !strings.HasPrefix(warnings[0], "keys[1]") {
				t.Errorf("not strict: %s, %q, %v", shown(set), warnings, err)
			}
		})
	}
}

func TestParseJWKSRefuses(t *testing.T) {
	many := make([]jwttest.JWK, MaxJWKSKeys+1)
	for i := range many {
		many[i] = octJWK.With("kid", fmt.Sprint(i))
	}
	good := jwttest.JWKS(edJWK)
	tests := []struct {
		name string
		text string
		want error
	}{
		{"nothing", "", ErrEmpty},
		{"blank", " \n", ErrEmpty},
		{"too long", good + strings.Repeat(" ", MaxJWKSSize), ErrTooLarge},
		{"too many", jwttest.JWKS(many...), ErrTooLarge},
		{"no JSON", "<html>", ErrJWKS},
		{"a list", "[" + good + "]", ErrJWKS},
		{"text behind", good + "x", ErrJWKS},
		{"not UTF-8", strings.Replace(good, `"kid":"d"`, "\"kid\":\"\xff\"", 1), ErrJWKS},
		{"keys twice", `{"keys":[],` + good[1:], ErrJWKS},
		{"keys in another case", strings.Replace(good, "keys", "Keys", 1), ErrJWKS},
		{"keys no list", `{"keys":{}}`, ErrJWKS},
		{"neither set nor key", `{"jwks_uri":"https://a.example"}`, ErrJWKS},
		{"nested too deep", `{"keys":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + `}`, ErrJWKS},
		{"empty", `{"keys":[]}`, ErrNoUsableKey},
		{"member twice", `{"keys":[{"kty":"oct","k":"AAAA","k":"BBBB"}]}`, ErrNoUsableKey},
		{"member twice by escape", `{"keys":[{"kty":"oct","k":"AAAA","\u006b":"BBBB"}]}`, ErrNoUsableKey},
		{"private EC (RFC 7517 A.2)", string(read(t, "rfc7517-a2-ec.json")), ErrPrivateKey},
	}
	for _, name := range privateMembers {
		for _, jwk := range []jwttest.JWK{rsaJWK, ecJWK, edJWK, rsaJWK.With("use", "enc"), rsaJWK.With("kty", "AKP"), rsaJWK.Without("kty"), rsaJWK.With("alg", "x")} {
			tests = append(tests, struct {
				name string
				text string
				want error
			}{fmt.Sprintf("private %v %s", jwk["kty"], name), jwttest.JWKS(edJWK, jwk.With(name, "AAAA")), ErrPrivateKey})
		}
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set, _, err := ParseJWKS([]byte(test.text), JWKSOptions{Allowed: everything})
			if !errors.Is(err, test.want) || set != nil {
				t.Fatalf("got %v", err)
			}
			if errors.Is(test.want, ErrPrivateKey) && !strings.Contains(err.Error(), "keys[") {
				t.Errorf("the key is not named: %v", err)
			}
		})
	}
}

func TestParseJWKSLimits(t *testing.T) {
	most := make([]jwttest.JWK, MaxJWKSKeys)
	for i := range most {
		most[i] = edJWK.With("kid", fmt.Sprint(i))
	}
	set, _, err := ParseJWKS([]byte(jwttest.JWKS(most...)), JWKSOptions{Allowed: everything, Strict: true})
	if err != nil || set.Len() != MaxJWKSKeys {
		t.Errorf("%d keys: %v", set.Len(), err)
	}
	text := jwttest.JWKS(edJWK)
	text += strings.Repeat(" ", MaxJWKSSize-len(text))
	if _, _, err := ParseJWKS([]byte(text), JWKSOptions{Allowed: everything}); err != nil {
		t.Errorf("%d bytes: %v", len(text), err)
	}
	for i := range most {
		most[i] = edJWK.With("use", "enc").With("kid", fmt.Sprint(i))
	}
	_, warnings, err := ParseJWKS([]byte(jwttest.JWKS(most...)), JWKSOptions{Allowed: everything})
	if len(warnings) != MaxJWKSKeys || len(err.Error()) > 2000 || !strings.Contains(err.Error(), "and 248 more") {
		t.Errorf("%d warnings, %v", len(warnings), err)
	}
}

// Whatever is wrong with a key, nothing of its material is shown.
func TestParseJWKSShowsNoMaterial(t *testing.T) {
	const canary = "Q0FOQVJZ"
	var all []string
	for _, jwk := range []jwttest.JWK{rsaJWK, ecJWK, edJWK, octJWK} {
		for _, name := range slices.Concat([]string{"k", "n", "e", "x", "y"}, privateMembers[:]) {
			for _, value := range []any{canary, canary + "=", []string{canary}} {
				for _, strict := range []bool{true, false} {
					_, warnings, err := ParseJWKS([]byte(jwttest.JWKS(jwk.With(name, value))), JWKSOptions{Allowed: everything, Strict: strict})
					all = append(append(all, warnings...), fmt.Sprint(err))
				}
			}
		}
	}
	all = append(all, fmt.Sprint(ParseJWKS([]byte(`{"keys":[{"k":"`+canary+`\ud800"}]}`), JWKSOptions{})))
	for _, text := range all {
		if strings.Contains(text, canary) {
			t.Errorf("shown: %s", text)
		}
	}
}
