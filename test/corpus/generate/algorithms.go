package main

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"strings"

	"apinto-jwt/test/corpus/forge"
)

// algNone: an unsecured token (RFC 7515 appendix A.5), by whatever name, with and without a signature.
func algNone(b *builder) {
	names := map[string]string{
		"lower": `"none"`, "title": `"None"`, "mixed": `"nOnE"`, "upper": `"NONE"`, "empty": `""`, "blank": `" "`,
		"trailing space": `"none "`, "NUL": `"\u0000"`, "none NUL": `"none\u0000"`, "escaped": `"\u006eone"`,
		"HS256 NUL": `"HS256\u0000"`, "dotless i": `"n\u01ffne"`,
	}
	for _, name := range sorted(names) {
		h := `{"alg":` + names[name] + `,"typ":"JWT"}`
		b.add(name+", no signature", mainRule, forge.Compact("", nil, h, payload), badAlg)
		b.add(name+", MAC of the empty key", mainRule, forge.Compact("HS256", "", h, payload), badAlg)
		b.add(name+", MAC of the secret", mainRule, forge.Compact("HS256", b.keys.Secret, h, payload), badAlg)
	}
	b.add("none at RS256", "rs256", forge.Compact("", nil, headerOf("none"), payload), badAlg)
	b.add("none at ES256", "es256", forge.Compact("", nil, headerOf("none"), payload), badAlg)
	b.add("none at EdDSA", "eddsa", forge.Compact("", nil, headerOf("none"), payload), badAlg)
	b.add("none with an issuer's signature", "rs256", forge.Compact("RS256", b.keys.RSA, headerOf("none"), payload), badAlg)
	b.add("no alg, no signature", mainRule, forge.Compact("", nil, `{"typ":"JWT"}`, payload), malformed)
	b.add("no alg, right MAC", mainRule, b.hs(`{"typ":"JWT"}`, payload), malformed)
	b.add("null alg", mainRule, b.hs(`{"alg":null,"typ":"JWT"}`, payload), malformed)
	b.add("HS256 without signature", mainRule, forge.Compact("", nil, header, payload), badSig)
	b.add("RS256 without signature", "rs256", forge.Compact("", nil, headerOf("RS256"), payload), badSig)
	b.add("ES256 without signature", "es256", forge.Compact("", nil, headerOf("ES256"), payload), badSig)
	b.add("EdDSA without signature", "eddsa", forge.Compact("", nil, headerOf("EdDSA"), payload), badSig)
	b.add("PS256 without signature", "ps256", forge.Compact("", nil, headerOf("PS256"), payload), badSig)
}

// confusion: a token signed with HMAC, whose secret is the public key that everyone knows (RFC 8725 §3.1).
func confusion(b *builder) {
	for _, alg := range []string{"RS256", "PS256", "ES256", "EdDSA"} {
		key := b.keys.Signer(alg).(crypto.Signer)
		texts := publicTexts(key)
		for _, form := range sorted(texts) {
			b.add(alg+" with HS256 of "+form, ruleOf(alg), forge.Compact("HS256", texts[form], header, payload), badAlg)
		}
		pem := texts["PEM"]
		b.add(alg+" with HS384 of PEM", ruleOf(alg), forge.Compact("HS384", pem, headerOf("HS384"), payload), badAlg)
		b.add(alg+" with HS512 of PEM", ruleOf(alg), forge.Compact("HS512", pem, headerOf("HS512"), payload), badAlg)
		b.add(alg+" that says so, MAC of PEM", ruleOf(alg), forge.Compact("HS256", pem, headerOf(alg), payload), badSig)
	}
	certificate := map[string]string{"RS256": b.keys.RSACert, "ES256": b.keys.ECCert, "EdDSA": b.keys.EdCert}
	for _, alg := range sorted(certificate) {
		rule := ruleOf(alg) + "-cert"
		b.add(alg+" with HS256 of the certificate", rule, forge.Compact("HS256", certificate[alg], header, payload), badAlg)
	}
	b.add("RS256 with HS256 of PKCS1 as configured", "rs256-pkcs1",
		forge.Compact("HS256", forge.PKCS1PEM(b.keys.RSA), header, payload), badAlg)
	b.add("HS256 rule, token of an RSA key", mainRule, forge.Compact("RS256", b.keys.RSA, header, payload), badSig)
	b.add("HS256 rule, RS256 token", mainRule, forge.Compact("RS256", b.keys.RSA, headerOf("RS256"), payload), badAlg)
}

// publicTexts returns the forms in which a public key may serve as a secret.
func publicTexts(key crypto.Signer) map[string]string {
	pem, der := forge.PublicPEM(key), forge.PKIX(key)
	body := strings.Join(strings.Split(strings.TrimSpace(pem), "\n")[1:], "\n")
	body = body[:strings.LastIndexByte(body, '\n')]
	texts := map[string]string{
		"PEM": pem, "PEM without its last line end": strings.TrimSpace(pem), "PEM on one line": strings.ReplaceAll(pem, "\n", ""),
		"PEM with CRLF": strings.ReplaceAll(pem, "\n", "\r\n"), "PEM with \\n": strings.ReplaceAll(pem, "\n", `\n`),
		"DER": string(der), "base64": base64.StdEncoding.EncodeToString(der), "base64 lines": body, "JWK": jsonText(forge.JWK(key)),
	}
	if k, ok := key.(*rsa.PrivateKey); ok {
		texts["PKCS1 PEM"], texts["modulus"] = forge.PKCS1PEM(k), string(k.N.Bytes())
		texts["PKCS1 DER"] = string(x509.MarshalPKCS1PublicKey(&k.PublicKey))
		texts["modulus in hex"] = k.N.Text(16)
	}
	return texts
}

// pinning: the right key with an algorithm that is not configured (RFC 8725 §3.1).
func pinning(b *builder) {
	for _, configured := range forge.Algorithms {
		for _, alg := range forge.Algorithms {
			key := b.keys.Signer(configured)
			if alg == configured || !sameKind(alg, configured) {
				continue
			}
			b.add(alg+" at "+configured, ruleOf(configured), forge.Compact(alg, key, headerOf(alg), payload), badAlg)
			if configured[2:] == "256" {
				b.add(alg+" that says "+configured, ruleOf(configured), forge.Compact(alg, key, headerOf(configured), payload), badSig)
			}
		}
	}
	for _, name := range []string{"hs256", "Hs256", "HS256 ", " HS256", "HS-256", "HMAC", "SHA256", "HS256,none", "ＨＳ256", "HS2560"} {
		b.add("name "+name, mainRule, b.hs(headerOf(name), payload), badAlg)
	}
	for _, name := range []string{"RSA256", "rs256", "RS1", "RSASSA-PKCS1-v1_5", "ES256K", "Ed25519", "Ed448", "dir", "RSA-OAEP"} {
		b.add("name "+name+" at RS256", "rs256", forge.Compact("RS256", b.keys.RSA, headerOf(name), payload), badAlg)
	}
	for _, alg := range []string{"EdDSA", "Ed25519"} { // a rule may list both names (RFC 9864 §2.2)
		b.accept(alg+" at both", "ed25519-both", forge.Compact(alg, b.keys.Ed, headerOf(alg), payload), "alice")
	}
	for _, alg := range []string{"HS256", "Ed448", "ed25519", "EdDSA,Ed25519"} {
		b.add(alg+" at both names of Ed25519", "ed25519-both", forge.Compact("EdDSA", b.keys.Ed, headerOf(alg), payload), badAlg)
	}
}

// sameKind reports whether two algorithms can be tried with one key.
func sameKind(a, b string) bool {
	rsa := func(alg string) bool { return alg[0] == 'R' || alg[0] == 'P' }
	return a[:2] == b[:2] || rsa(a) && rsa(b)
}

// emptySecret: MACs of secrets that a careless configuration may have left.
func emptySecret(b *builder) {
	secrets := map[string]string{
		"the empty one": "", "a blank": " ", "NUL": "\x00", "32 NULs": strings.Repeat("\x00", 32), "null": "null", "[redacted]": "[redacted]",
		"secret": "secret", "undefined": "undefined", "the secret with a line end": b.keys.Secret + "\n",
		"the secret's beginning": b.keys.Secret[:64], "the secret in base64": base64.StdEncoding.EncodeToString([]byte(b.keys.Secret)),
		"the issuer": issuer,
	}
	for _, name := range sorted(secrets) {
		b.add("MAC of "+name, mainRule, forge.Compact("HS256", secrets[name], header, payload), badSig)
	}
	b.add("base64 secret taken as text", "base64-secret", forge.Compact("HS256", "/+8Ahm9vYmFyYmF6/w==", header, payload), badSig)
	b.add("base64 secret cut at its NUL", "base64-secret", forge.Compact("HS256", "\xff\xef", header, payload), badSig)
	b.add("short secret, MAC of the empty one", "short-secret", forge.Compact("HS256", "", header, payload), badSig)
}
