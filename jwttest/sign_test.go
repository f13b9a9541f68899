package jwttest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
)

// RFC 7515, appendix A.1: the one example whose signature can be made again.
func TestSignIsRFC7515(t *testing.T) {
	key, err := base64.RawURLEncoding.DecodeString("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
	must.Succeed(t, err)
	header := []byte("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}")
	payload := []byte("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}")
	const want = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" +
		".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ" +
		".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	if got := SignRaw(t, "HS256", key, header, payload); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestSignVerifies(t *testing.T) {
	rsaKey, ecKey, edKey := RSAKey(2048), ECKey(elliptic.P521()), Ed25519Key()
	tests := []struct {
		alg    string
		key    any
		verify func(input, signature []byte) bool
	}{
		{"RS384", rsaKey, func(input, signature []byte) bool {
			return rsa.VerifyPKCS1v15(&rsaKey.PublicKey, crypto.SHA384, sum(crypto.SHA384, input), signature) == nil
		}},
		{"PS256", rsaKey, func(input, signature []byte) bool {
			return rsa.VerifyPSS(&rsaKey.PublicKey, crypto.SHA256, sum(crypto.SHA256, input), signature, nil) == nil
		}},
		{"ES512", ecKey, func(input, signature []byte) bool {
			r, s := new(big.Int).SetBytes(signature[:66]), new(big.Int).SetBytes(signature[66:])
			return ecdsa.Verify(&ecKey.PublicKey, sum(crypto.SHA512, input), r, s)
		}},
		{"EdDSA", edKey, func(input, signature []byte) bool {
			return ed25519.Verify(edKey.Public().(ed25519.PublicKey), input, signature)
		}},
	}
	for _, test := range tests {
		t.Run(test.alg, func(t *testing.T) {
			token := Sign(t, test.alg, test.key, map[string]any{"typ": "JWT"}, map[string]any{"sub": "x"})
			at := strings.LastIndexByte(token, '.')
			signature, err := base64.RawURLEncoding.DecodeString(token[at+1:])
			must.Succeed(t, err)
			if !test.verify([]byte(token[:at]), signature) {
				t.Error("the signature does not verify")
			}
		})
	}
}

func TestUnsigned(t *testing.T) {
	if token := Sign(t, "none", nil, nil, map[string]any{}); !strings.HasSuffix(token, ".") {
		t.Errorf("an unsigned token has a signature: %s", token)
	}
}
