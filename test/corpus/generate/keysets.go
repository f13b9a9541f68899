package main

import (
	"strconv"

	"apinto-jwt/test/corpus/forge"
)

// keySetCases: which key of a JWK Set a token is verified with (RFC 7515 §4.1.4, RFC 7517 §4), and that keys of
// several kinds in one set cannot be confused.
func keySetCases(b *builder) {
	const set = "key-set"
	k := b.keys
	with := func(alg string, key any, kid string) string {
		h := headerOf(alg)
		if kid != "" {
			h = `{"alg":"` + alg + `","typ":"JWT","kid":"` + kid + `"}`
		}
		return forge.Compact(alg, key, h, payload)
	}
	for i, good := range []struct {
		alg string
		key any
		kid string
	}{
		{"RS256", k.RSA, "rsa"},
		{"RS256", k.OtherRSA, "any"},
		{"PS256", k.OtherRSA, "any"},
		{"ES256", k.EC["ES256"], "ec"},
		{"EdDSA", k.Ed, "ed"},
		{"HS256", k.Secret, "mac"},
		{"RS256", k.RSA, ""},
		{"RS256", k.OtherRSA, ""},
		{"PS256", k.OtherRSA, ""},
		{"ES256", k.EC["ES256"], ""},
		{"EdDSA", k.Ed, ""},
		{"HS256", k.Secret, ""},
		{"ES256", k.EC["ES256"], `\u0065c`},
	} {
		b.accept(strconv.Itoa(i+1)+" "+good.alg+" kid "+good.kid, set, with(good.alg, good.key, good.kid), "alice")
	}
	b.accept("a key without ID, no kid", "key-set-unnamed", with("RS256", k.RSA, ""), "alice")
	b.accept("a key without ID, any kid", "key-set-unnamed", with("RS256", k.RSA, "x"), "alice")
	for _, kid := range []string{"x", "RSA", "rsa ", "keys[0]", "later", "enc", "p384", `\u0000`} {
		b.add("unknown kid "+kid, set, with("RS256", k.RSA, kid), "key_unknown")
	}
	b.accept("any issuer, its kid", "key-set-any-issuer", with("RS256", k.RSA, "rsa"), "alice")
	b.add("any issuer, unknown kid", "key-set-any-issuer", with("RS256", k.RSA, "x"), "key_unknown")
	b.add("a key that is for encryption", set, with("ES256", k.OtherEC["ES256"], "enc"), "key_unknown")
	b.add("a key that is for encryption, no kid", set, with("ES256", k.OtherEC["ES256"], ""), badSig)
	b.add("the kid of another key of its kind", set, with("RS256", k.RSA, "any"), badSig)
	b.add("an attacker's key with a kid of the set", set, with("ES256", k.OtherEC["ES256"], "ec"), badSig)
	b.add("an algorithm that is not listed", set, with("RS384", k.RSA, "rsa"), badAlg)
	b.add("none", set, with("none", nil, "rsa"), badAlg)
	modulus := string(k.RSA.N.Bytes())
	for _, confused := range []struct {
		name, alg string
		key       any
		kid, want string
	}{
		{"MAC with the RSA key's PEM", "HS256", forge.PublicPEM(k.RSA), "", badSig},
		{"MAC with the RSA key's modulus", "HS256", modulus, "", badSig},
		{"MAC with the RSA key as JWK", "HS256", jsonText(forge.JWK(k.RSA)), "", badSig},
		{"MAC with the EC key's PEM", "HS256", forge.PublicPEM(k.EC["ES256"]), "", badSig},
		{"MAC with the RSA key's PEM, its kid", "HS256", forge.PublicPEM(k.RSA), "rsa", badAlg},
		{"MAC with the RSA key's modulus, its kid", "HS256", modulus, "rsa", badAlg},
		{"MAC with the secret, the RSA key's kid", "HS256", k.Secret, "rsa", badAlg},
		{"RS256 with the secret's kid", "RS256", k.RSA, "mac", badAlg},
		{"PS256 with a key that is bound to RS256", "PS256", k.RSA, "rsa", badAlg},
		{"PS256 with a key that is bound to RS256, no kid", "PS256", k.RSA, "", badSig},
		{"ES256 with the Ed25519 key's kid", "ES256", k.EC["ES256"], "ed", badAlg},
	} {
		b.add(confused.name, set, with(confused.alg, confused.key, confused.kid), confused.want)
	}
}
