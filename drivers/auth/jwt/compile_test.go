package jwt

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
)

// block is one PEM block.
func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// must is a value that is there.
func must[V any](t *testing.T, v V, err error) V {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// certificate is a self-signed one.
func certificate(t *testing.T, key *ecdsa.PrivateKey) string {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return block("CERTIFICATE", must(t, der, err))
}

// pemRule is a rule for an algorithm with public keys.
func pemRule(algorithm, text string) string {
	encoded, _ := json.Marshal(text)
	return ruleJSON("algorithm", quote(algorithm), "secret", "", "rsa_public_key", string(encoded))
}

func TestRuleFaults(t *testing.T) {
	tests := []struct {
		name   string
		entry  entry
		faults []string
	}{
		{"empty object", entry{config: `{}`}, []string{"config.algorithm", "config.path"}},
		{"null", entry{config: `null`}, []string{"config.algorithm", "config.path"}},
		{"no algorithm", entry{config: ruleJSON("algorithm", `""`)}, []string{"config.algorithm"}},
		{"unknown algorithm", entry{config: ruleJSON("algorithm", `"HS257"`)}, []string{"config.algorithm"}},
		{"none", entry{config: ruleJSON("algorithm", `"none"`)}, []string{"config.algorithm"}},
		{"algorithm in another case", entry{config: ruleJSON("algorithm", `"hs256"`)}, []string{"config.algorithm"}},
		{"algorithm with a blank", entry{config: ruleJSON("algorithm", `" HS256"`)}, []string{"config.algorithm"}},
		{"two algorithms without a key set", entry{config: ruleJSON("algorithm", `"HS256,HS384"`)}, []string{"config.algorithm"}},
		{"empty secret", entry{config: ruleJSON("secret", `""`)}, []string{"config.secret"}},
		{"no secret", entry{config: ruleJSON("secret", ``)}, []string{"config.secret"}},
		{"blank secret", entry{config: ruleJSON("secret", `" \t "`)}, []string{"config.secret"}},
		{"secret is not base64", entry{config: ruleJSON("secret", `"a*b"`, "signature_is_base_64", `true`)}, []string{"config.secret"}},
		{"base64 of nothing", entry{config: ruleJSON("secret", `"===="`, "signature_is_base_64", `true`)}, []string{"config.secret"}},
		{"base64 of one letter", entry{config: ruleJSON("secret", `"A"`, "signature_is_base_64", `true`)}, []string{"config.secret"}},
		{"base64 in two alphabets", entry{config: ruleJSON("secret", `"a+b-"`, "signature_is_base_64", `true`)}, []string{"config.secret"}},
		{"no public key", entry{config: pemRule("RS256", "")}, []string{"config.rsa_public_key"}},
		{"public key is no PEM", entry{config: pemRule("RS256", "MIIBIjANBgkq")}, []string{"config.rsa_public_key"}},
		{"neither path nor issuer", entry{config: ruleJSON("path", `""`)}, []string{"config.path"}},
		{"unfinished JSONPath", entry{config: ruleJSON("path", `"$.name["`)}, []string{"config.path"}},
		{"unknown claim", entry{config: ruleJSON("claims_to_verify", `["exp","iat"]`)}, []string{"config.claims_to_verify"}},
		{"claim in another case", entry{config: ruleJSON("claims_to_verify", `["EXP"]`)}, []string{"config.claims_to_verify"}},
		{"empty claim", entry{config: ruleJSON("claims_to_verify", `[""]`)}, []string{"config.claims_to_verify"}},
		{"null claim", entry{config: ruleJSON("claims_to_verify", `[null]`)}, []string{"config.claims_to_verify"}},
		{"unknown position", entry{position: "cookie"}, []string{"position"}},
		{"position in another case", entry{position: "Header"}, []string{"position"}},
		{"query without a name", entry{position: "query"}, []string{"token_name"}},
		{"body without a name", entry{position: "body", name: " "}, []string{"token_name"}},
		{"body with the root", entry{position: "body", name: "$"}, []string{"token_name"}},
		{"body with a wildcard", entry{position: "body", name: "$.*.token"}, []string{"token_name"}},
		{"body with an index", entry{position: "body", name: "$.tokens[0]"}, []string{"token_name"}},
		{"body with a search", entry{position: "body", name: "$..token"}, []string{"token_name"}},
		{"body with a filter", entry{position: "body", name: "$[?(@.a=='b')]"}, []string{"token_name"}},
		{"body with an unfinished path", entry{position: "body", name: "$.a["}, []string{"token_name"}},
		{"algorithm of another name hides nothing", entry{config: ruleJSON("algorithm", `"HS257"`, "secret", `"a*b"`, "signature_is_base_64", `true`, "leeway", `-1`)}, []string{"config.algorithm", "config.secret", "config.leeway"}},
		{"algorithm of another name and a key", entry{config: ruleJSON("algorithm", `"RS257"`, "secret", `""`, "rsa_public_key", `"x"`)}, []string{"config.algorithm", "config.rsa_public_key"}},
		{"algorithm of another name and a URL", entry{config: ruleJSON("algorithm", `"HS257,RS256"`, "jwks_uri", `"http://h/k"`, "jwks_ca", `"x"`)}, []string{"config.algorithm", "config.jwks_uri", "config.jwks_ca"}},
		{"algorithm of another name and a set", entry{config: ruleJSON("algorithm", `"x"`, "jwks", `"{}"`)}, []string{"config.algorithm", "config.jwks"}},
		{"set and URL, each with a fault", entry{config: ruleJSON("jwks", `"{}"`, "jwks_uri", `"ftp://h/k"`)}, []string{"config.jwks", "config.jwks_uri"}},
		{"algorithm of another name and a private key", entry{config: ruleJSON("algorithm", `"x"`, "issue", `{"private_key":"x"}`)}, []string{"config.algorithm", "config.issue.private_key"}},
		{"port beyond the last", entry{config: ruleJSON("algorithm", `"RS256"`, "jwks_uri", `"https://h:99999/k"`)}, []string{"config.jwks_uri"}},
		{"port 0", entry{config: ruleJSON("algorithm", `"RS256"`, "jwks_uri", `"https://h:0/k"`)}, []string{"config.jwks_uri"}},
		{"number that is not kept", entry{config: ruleJSON("required_claims", `{"n":[1,9007199254740992]}`)}, []string{"config.required_claims"}},
		{"cookie with a bracket", entry{config: ruleJSON("cookie_name", `"a[b]"`)}, []string{"config.cookie_name"}},
		{"cookie beyond ASCII", entry{config: ruleJSON("cookie_name", `"é"`)}, []string{"config.cookie_name"}},
		{"secrets by http", entry{config: ruleJSON("algorithm", `"HS256,RS256"`, "jwks_uri", `"http://h/k"`, "jwks_allow_http", `true`)}, []string{"config.jwks_uri"}},
		{"fields of another name", entry{config: ruleJSON("leewayy", `1`, "aud", `"x"`, "issue", `{"ttl":5}`)}, []string{"config.leewayy", "config.aud", "config.issue.ttl"}},
		{
			"all of them",
			entry{
				position: "query",
				config:   `{"algorithm":"HS256","secret":"","path":"$[","claims_to_verify":["a","b"],"iss":3}`,
			},
			[]string{"token_name", "config.secret", "config.path", "config.claims_to_verify", "config.iss"},
		},
	}
	k := newKit(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := k.fault(test.entry)
			if !errors.Is(err, ErrConfig) {
				t.Errorf("%v is no ErrConfig", err)
			}
			slices.Sort(test.faults)
			if got := faultyFields(err); !slices.Equal(got, test.faults) {
				t.Errorf("faults of %q, want of %q: %v", got, test.faults, err)
			}
		})
	}
}

func TestEachWrongClaimIsNamed(t *testing.T) {
	err := newKit(t).fault(entry{config: ruleJSON("claims_to_verify", `["sub","exp","foo"]`)})
	for _, claim := range []string{`"sub"`, `"foo"`} {
		if !strings.Contains(err.Error(), claim) {
			t.Errorf("%s is missing in: %v", claim, err)
		}
	}
}

func TestPlainRulesAreAccepted(t *testing.T) {
	tests := []struct {
		name  string
		entry entry
	}{
		{"the documented one", entry{position: "header", name: "Authorization", config: `{"iss":"apinto","algorithm":"HS256","secret":"apinto","path":"$.name"}`}},
		{"no path but an issuer", entry{config: ruleJSON("path", `""`, "iss", `"me"`)}},
		{"null lists and strings", entry{config: ruleJSON("claims_to_verify", `null`, "iss", `null`, "rsa_public_key", `null`)}},
		{"no claims", entry{config: ruleJSON("claims_to_verify", `[]`)}},
		{"claims with blanks", entry{config: ruleJSON("claims_to_verify", `[" exp","nbf "]`)}},
		{"a claim twice", entry{config: ruleJSON("claims_to_verify", `["exp","exp"]`)}},
		{"a public key beside a secret", entry{config: ruleJSON("rsa_public_key", `"not looked at"`)}},
		{"base64 is not looked at for public keys", entry{config: strings.Replace(pemRule("ES256", jwttest.PublicPEM(jwttest.ECKey(p256))), "}", `,"signature_is_base_64":true}`, 1)}},
		{"secrets by http from this machine", entry{config: ruleJSON("jwks_uri", `"http://127.0.0.1/k"`, "jwks_allow_http", `true`)}},
		{"public keys by http", entry{config: ruleJSON("algorithm", `"RS256"`, "jwks_uri", `"http://h:8080/k"`, "jwks_allow_http", `true`)}},
		{"cookie of all characters", entry{config: ruleJSON("cookie_name", `"aZ09!#$%&'*+-.^_`+"`"+`|~"`)}},
		{"long number as text", entry{config: ruleJSON("required_claims", `{"n":"9007199254740993"}`)}},
		{"a header in any case", entry{position: "header", name: "x-token"}},
		{"empty position", entry{name: "whatever"}},
		{"header without a name", entry{position: "header"}},
		{"query", entry{position: "query", name: "a.b[0]"}},
		{"body member", entry{position: "body", name: "a.b"}},
		{"body path", entry{position: "body", name: "$.a.b"}},
		{"body path in brackets", entry{position: "body", name: "$['a.b']['c']"}},
	}
	k := newKit(t)
	for _, test := range tests {
		t.Run(test.name, func(*testing.T) { k.make(test.entry) })
	}
}

func TestKeyKinds(t *testing.T) {
	rsaKey, ecKey, edKey := jwttest.RSAKey(2048), jwttest.ECKey(p256), jwttest.Ed25519Key()
	public := jwttest.PublicPEM
	pkcs1 := block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey))
	ecDER, err := x509.MarshalECPrivateKey(ecKey)
	ecPrivate := block("EC PRIVATE KEY", must(t, ecDER, err))
	damaged := strings.Replace(public(ecKey), "M", "*", 1)
	tests := []struct {
		name, algorithm, pem string
		ok                   bool
	}{
		{"RSA", "RS256", public(rsaKey), true},
		{"RSA for PS512", "PS512", public(rsaKey), true},
		{"RSA in PKCS#1", "RS384", pkcs1, true},
		{"EC P-256", "ES256", public(ecKey), true},
		{"EC P-384", "ES384", public(jwttest.ECKey(elliptic.P384())), true},
		{"EC P-521", "ES512", public(jwttest.ECKey(elliptic.P521())), true},
		{"Ed25519", "EdDSA", public(edKey), true},
		{"certificate", "ES256", certificate(t, ecKey), true},
		{"certificate under another label", "ES256", strings.ReplaceAll(certificate(t, ecKey), "CERTIFICATE", "PUBLIC KEY"), true},
		{"CRLF", "ES256", strings.ReplaceAll(public(ecKey), "\n", "\r\n"), true},
		{"text round it", "ES256", "subject=CN=x\n\n" + public(ecKey) + "\nend\n", true},
		{"two keys", "ES256", public(ecKey) + public(jwttest.OtherECKey(p256)), true},
		{"eight keys", "ES256", strings.Repeat(public(ecKey), 8), true},
		{"nine keys", "ES256", strings.Repeat(public(ecKey), 9), false},
		{"EC for RS256", "RS256", public(ecKey), false},
		{"RSA for ES256", "ES256", public(rsaKey), false},
		{"Ed25519 for ES256", "ES256", public(edKey), false},
		{"EC for EdDSA", "EdDSA", public(ecKey), false},
		{"P-384 for ES256", "ES256", public(jwttest.ECKey(elliptic.P384())), false},
		{"P-256 for ES512", "ES512", public(ecKey), false},
		{"P-224", "ES256", public(jwttest.ECKey(elliptic.P224())), false},
		{"short RSA", "RS256", public(jwttest.RSAKey(1024)), false},
		{"second key of another kind", "ES256", public(ecKey) + public(rsaKey), false},
		{"damaged block", "ES256", damaged, false},
		{"damaged second block", "ES256", public(ecKey) + damaged, false},
		{"unfinished block", "ES256", strings.TrimSpace(strings.Split(public(ecKey), "-----END")[0]), false},
		{"PKCS#8 private key", "RS256", jwttest.PrivatePEM(rsaKey), false},
		{"PKCS#1 private key", "RS256", block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey)), false},
		{"EC private key", "ES256", ecPrivate, false},
		{"Ed25519 private key", "EdDSA", jwttest.PrivatePEM(edKey), false},
		{"encrypted private key", "RS256", block("ENCRYPTED PRIVATE KEY", []byte{1, 2, 3}), false},
		{"private key under a public label", "ES256", strings.ReplaceAll(ecPrivate, "EC PRIVATE KEY", "PUBLIC KEY"), false},
		{"private key behind a public one", "ES256", public(ecKey) + ecPrivate, false},
		{"rubbish under the label", "ES256", block("PUBLIC KEY", []byte("rubbish")), false},
	}
	k := newKit(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := entry{config: pemRule(test.algorithm, test.pem)}
			if test.ok {
				k.make(e)
				return
			}
			err := k.fault(e)
			if !slices.Contains(faultyFields(err), "config.rsa_public_key") {
				t.Errorf("config.rsa_public_key is missing in: %v", err)
			}
			for _, line := range strings.Fields(test.pem) {
				if len(line) > 30 && strings.Contains(err.Error(), line) {
					t.Errorf("the error shows the key: %v", err)
				}
			}
		})
	}
}
