package main

import (
	"strings"

	"apinto-jwt/test/corpus/forge"
)

// valid: what must be accepted, whatever else is refused.
func valid(b *builder) {
	for _, alg := range forge.Algorithms {
		b.accept(alg, ruleOf(alg), forge.Compact(alg, b.keys.Signer(alg), headerOf(alg), payload), "alice")
		b.accept(alg+" without typ", ruleOf(alg), forge.Compact(alg, b.keys.Signer(alg), `{"alg":"`+alg+`"}`, payload), "alice")
	}
	b.accept("short secret", "short-secret", forge.Compact("HS256", "apinto", header, payload), "alice")
	secret := "\xff\xef\x00\x86oobarbaz\xff"
	b.accept("secret in base64", "base64-secret", forge.Compact("HS256", secret, header, payload), "alice")
	b.accept("secret in base64url", "base64url-secret", forge.Compact("HS256", secret, header, payload), "alice")
	b.accept("key in PKCS1", "rs256-pkcs1", forge.Compact("RS256", b.keys.RSA, headerOf("RS256"), payload), "alice")
	for _, alg := range []string{"RS256", "ES256", "EdDSA"} {
		b.accept(alg+" key in a certificate", ruleOf(alg)+"-cert", forge.Compact(alg, b.keys.Signer(alg), headerOf(alg), payload), "alice")
	}
	for _, key := range []any{b.keys.RSA, b.keys.OtherRSA} {
		name := map[bool]string{true: "second", false: "first"}[key == any(b.keys.RSA)]
		b.accept("RS256, "+name+" of two keys", "rs256-two", forge.Compact("RS256", key, headerOf("RS256"), payload), "alice")
	}
	b.accept("ES256, first of two keys", "es256-two", forge.Compact("ES256", b.keys.EC["ES256"], headerOf("ES256"), payload), "alice")
	b.accept("ES256, second of two keys", "es256-two", forge.Compact("ES256", b.keys.OtherEC["ES256"], headerOf("ES256"), payload), "alice")
	b.add("RS256, third of two keys", "rs256-two", forge.Compact("RS384", b.keys.RSA, headerOf("RS256"), payload), badSig)

	b.accept("header with other members", mainRule, b.hs(`{"x":{"y":[1,2]},"alg":"HS256","cty":"json","typ":"JWT"}`, payload), "alice")
	b.accept("escaped names", mainRule, b.hs(`{"\u0061\u006c\u0067":"HS256"}`, `{"\u0069ss":"https://issuer.test","s\u0075b":"alice"}`), "alice")
	b.accept("escaped algorithm", mainRule, b.hs(`{"alg":"\u0048S256"}`, payload), "alice")
	b.accept("unicode everywhere", mainRule,
		b.hs(`{"alg":"HS256","kid":"钥匙 🔑","注":"é"}`, claims(`"sub":"张三","名":"Jürgen 😀","e":"e\u0301"`)), "张三")
	b.accept("payload of 8 KiB", mainRule, b.hs(header, claims(`"sub":"alice","x":"`+strings.Repeat("é", 4<<10)+`"`)), "alice")
	b.accept("nothing but the user", "any-issuer", b.hs(`{"alg":"HS256"}`, `{"sub":"alice"}`), "alice")
	b.accept("jti and aud", mainRule, b.hs(header, claims(`"sub":"alice","jti":"1","aud":["a","b"]`)), "alice")
	b.accept("empty strings", mainRule, b.hs(`{"alg":"HS256","kid":"","cty":""}`, claims(`"sub":"alice","jti":"","aud":""`)), "alice")
	b.accept("URL-named claim", mainRule, b.hs(header, claims(`"sub":"alice","http://example.com/is_root":true`)), "alice")
	b.accept("solidus escaped", mainRule, b.hs(header, `{"iss":"https:\/\/issuer.test","sub":"alice"}`), "alice")
}
