package main

import (
	"crypto/rsa"
	"encoding/json"
	"maps"

	"apinto-jwt/test/corpus"
	"apinto-jwt/test/corpus/forge"
)

// badRules are configurations that must be refused when they are saved, because a verifier that works by them either
// lets forged tokens through or none.
func badRules(k *forge.Keyring) []corpus.BadRule {
	var list []corpus.BadRule
	add := func(name, field, hidden, alg string, change object) {
		rule := ruleWith(k, alg)
		maps.Copy(rule, change)
		text, err := json.Marshal(rule)
		must(err)
		list = append(list, corpus.BadRule{Name: name, Config: text, Field: "config." + field, Hidden: hidden})
	}
	secret := func(name, value string, isBase64 bool) {
		hidden := ""
		if len(value) > 4 {
			hidden = value
		}
		add("secret "+name, "secret", hidden, "HS256", object{"secret": value, "signature_is_base_64": isBase64})
	}
	secret("empty", "", false)
	secret("blank", " \t\n", false)
	secret("empty base64", "", true)
	secret("padding alone", "====", true)
	secret("no base64", "not base64 at all!", true)
	secret("base64 with a line end inside", "c2VjcmV0\nc2VjcmV0", true)
	secret("base64 of both alphabets", "ab+/ab-_", true)
	secret("base64 with stray bits", "c2VjcmV0AB", true)
	secret("base64 of one letter", "A", true)
	add("secret no string", "secret", "", "HS256", object{"secret": 1})

	for _, name := range []string{"none", "None", "", "HS257", "hs256", "HS256 ", "HS256,RS256", "RSA", "Ed448", "EdDSA,RS256", "*"} {
		add("algorithm "+jsonText(name), "algorithm", "", "HS256", object{"algorithm": name})
	}
	badKeys(k, add)
	badKeySets(k, add)
	add("path unfinished", "path", "", "HS256", object{"path": "$.name["})
	add("path with an empty name", "path", "", "HS256", object{"path": "user..name"})
	add("path and issuer empty", "path", "", "HS256", object{"path": "", "iss": ""})
	add("claim unknown", "claims_to_verify", "", "HS256", object{"claims_to_verify": []string{"exp", "iat"}})
	add("claims no list", "claims_to_verify", "", "HS256", object{"claims_to_verify": 1})
	add("leeway negative", "leeway", "", "HS256", object{"leeway": -1})
	add("leeway of a day", "leeway", "", "HS256", object{"leeway": 86400})
	add("base64 no boolean", "signature_is_base_64", "", "HS256", object{"signature_is_base_64": "yes"})
	return list
}

// badKeys are public keys that do not fit, or are none.
func badKeys(k *forge.Keyring, add func(name, field, hidden, alg string, change object)) {
	key := func(name, alg, pem string) {
		add("key "+name, "rsa_public_key", "", alg, object{"rsa_public_key": pem})
	}
	key("empty", "RS256", "")
	key("no PEM", "RS256", "-----BEGIN")
	key("no key in it", "RS256", forge.Block("PUBLIC KEY", []byte("nothing")))
	key("EC for RS256", "RS256", forge.PublicPEM(k.EC["ES256"]))
	key("RSA for ES256", "ES256", forge.PublicPEM(k.RSA))
	key("RSA for EdDSA", "EdDSA", forge.PublicPEM(k.RSA))
	key("Ed25519 for PS256", "PS256", forge.PublicPEM(k.Ed))
	key("P-256 for ES384", "ES384", forge.PublicPEM(k.EC["ES256"]))
	key("P-384 for ES256", "ES256", forge.PublicPEM(k.EC["ES384"]))
	key("P-256 for ES512", "ES512", forge.PublicPEM(k.EC["ES256"]))
	key("RSA of 1024 bits", "RS256", forge.PublicPEM(forge.Private[*rsa.PrivateKey]("rsa-1024.pem")))
	key("secp256k1", "ES256", forge.File("secp256k1.pub.pem"))
	key("X25519", "EdDSA", forge.File("x25519.pub.pem"))
	key("two, one of another kind", "RS256", forge.PublicPEM(k.RSA)+forge.PublicPEM(k.EC["ES256"]))
	key("two, one damaged", "RS256", forge.PublicPEM(k.RSA)+"-----BEGIN PUBLIC KEY-----\n!!!\n-----END PUBLIC KEY-----\n")
	pasted := map[string]string{"rsa.pem": "RS256", "p256.pem": "ES256", "ed25519.pem": "EdDSA"}
	for _, name := range sorted(pasted) {
		add("key private, "+name, "rsa_public_key", forge.File(name)[40:80], pasted[name], object{"rsa_public_key": forge.File(name)})
	}
}

// badKeySets are JWK Sets with a key that cannot be used, or must not be there.
func badKeySets(k *forge.Keyring, add func(name, field, hidden, alg string, change object)) {
	good := forge.JWK(k.RSA)
	set := func(name, hidden string, jwks any) {
		add("key set "+name, "jwks", hidden, "RS256", object{"jwks": jwks})
	}
	private := map[string]string{"d": forge.Encode(k.RSA.D.Bytes())}
	maps.Copy(private, good)
	off := map[string]string{"kty": "EC", "crv": "P-256", "x": forge.Encode(make([]byte, 32)), "y": forge.Encode(make([]byte, 32))}
	set("empty", "", object{"keys": []any{}})
	set("no JSON", "", "{")
	set("of no keys", "", object{"key": good})
	set("keys no list", "", object{"keys": good})
	set("keys twice", "", `{"keys":[],"keys":[`+jsonText(good)+`]}`)
	set("a private key", private["d"][:40], object{"keys": []any{good, private}})
	set("RSA of 1024 bits beside a good one", "", object{"keys": []any{good, forge.JWK(forge.Private[*rsa.PrivateKey]("rsa-1024.pem"))}})
	set("a point off the curve beside a good one", "", object{"keys": []any{good, off}})
	set("for encryption alone", "", object{"keys": []any{map[string]string{"kty": "RSA", "use": "enc", "n": good["n"], "e": good["e"]}}})
	set("of another kind alone", "", object{"keys": []any{forge.JWK(k.EC["ES256"])}})
	add("key set beside its address", "jwks", "", "RS256", object{"jwks": object{"keys": []any{good}}, "jwks_uri": "https://issuer.test/keys"})
}
