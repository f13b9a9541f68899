package main

import (
	"strconv"

	"apinto-jwt/test/corpus/forge"
)

// keySet is the set that most cases are judged with.
const keySet = "key-set"

// keySetCases: which key of a JWK Set a token is verified with (RFC 7515 §4.1.4, RFC 7517 §4), and that keys of
// several kinds in one set cannot be confused.
func keySetCases(b *builder) {
	k := b.keys
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
		b.accept(strconv.Itoa(i+1)+" "+good.alg+" kid "+good.kid, keySet, withKeyID(good.alg, good.key, good.kid), "alice")
	}
	b.accept("a key without ID, no kid", "key-set-unnamed", withKeyID("RS256", k.RSA, ""), "alice")
	b.accept("a key without ID, any kid", "key-set-unnamed", withKeyID("RS256", k.RSA, "x"), "alice")
	for _, kid := range []string{"x", "RSA", "rsa ", "keys[0]", "later", "enc", "p384", `\u0000`} {
		b.add("unknown kid "+kid, keySet, withKeyID("RS256", k.RSA, kid), "key_unknown")
	}
	b.accept("any issuer, its kid", "key-set-any-issuer", withKeyID("RS256", k.RSA, "rsa"), "alice")
	b.add("any issuer, unknown kid", "key-set-any-issuer", withKeyID("RS256", k.RSA, "x"), "key_unknown")
	b.add("a key that is for encryption", keySet, withKeyID("ES256", k.OtherEC["ES256"], "enc"), "key_unknown")
	b.add("a key that is for encryption, no kid", keySet, withKeyID("ES256", k.OtherEC["ES256"], ""), badSig)
	b.add("the kid of another key of its kind", keySet, withKeyID("RS256", k.RSA, "any"), badSig)
	b.add("an attacker's key with a kid of the set", keySet, withKeyID("ES256", k.OtherEC["ES256"], "ec"), badSig)
	b.add("an algorithm that is not listed", keySet, withKeyID("RS384", k.RSA, "rsa"), badAlg)
	b.add("Ed25519 with a key that is bound to EdDSA", keySet, withKeyID("Ed25519", k.Ed, "ed"), badAlg)
	b.add("none", keySet, withKeyID("none", nil, "rsa"), badAlg)
	confusedKeyCases(b)
}

// withKeyID signs the payload with a key; an empty kid leaves the parameter out.
func withKeyID(alg string, key any, kid string) string {
	h := headerOf(alg)
	if kid != "" {
		h = `{"alg":"` + alg + `","typ":"JWT","kid":"` + kid + `"}`
	}
	return forge.Compact(alg, key, h, payload)
}

// confusedKeyCases: a key of one kind is used as one of another.
func confusedKeyCases(b *builder) {
	k := b.keys
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
		b.add(confused.name, keySet, withKeyID(confused.alg, confused.key, confused.kid), confused.want)
	}
}
