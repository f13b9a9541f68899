// Package jwttest holds what the tests of all packages share: keys, tokens, and
// fakes. Tokens are made with the standard library alone, so that a test never
// trusts the code that it tests.
package jwttest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha256" // registers SHA-256 with crypto.Hash
	_ "crypto/sha512" // and SHA-384 and SHA-512
	"encoding/base64"
	"encoding/json"
	"testing"
)

// hashes are RFC 7518's: the digits of an algorithm's name are its hash.
var hashes = map[string]crypto.Hash{"256": crypto.SHA256, "384": crypto.SHA384, "512": crypto.SHA512}

// Sign makes a compact JWS. The header's members are the given ones and "alg",
// unless header has that too. The key is []byte or string for HS*,
// *rsa.PrivateKey for RS* and PS*, *ecdsa.PrivateKey for ES*,
// ed25519.PrivateKey for EdDSA and Ed25519, and not looked at for "none".
func Sign(t testing.TB, alg string, key any, header, claims map[string]any) string {
	t.Helper()
	full := map[string]any{"alg": alg}
	for name, value := range header {
		full[name] = value
	}
	return SignRaw(t, alg, key, marshal(t, full), marshal(t, claims))
}

// SignRaw signs exactly these bytes of header and payload, JSON or not.
func SignRaw(t testing.TB, alg string, key any, header, payload []byte) string {
	t.Helper()
	input := Encode(header) + "." + Encode(payload)
	return watched(input+"."+Encode(signature(t, alg, key, []byte(input))), key)
}

// Encode is base64url without padding (RFC 7515 §2).
func Encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("jwttest: %v", err)
	}
	return encoded
}

func signature(t testing.TB, alg string, key any, input []byte) []byte {
	t.Helper()
	if alg == "none" {
		return nil
	}
	if private, ok := key.(ed25519.PrivateKey); ok && (alg == "EdDSA" || alg == "Ed25519") {
		return ed25519.Sign(private, input)
	}
	family, hash := split(t, alg)
	switch private := key.(type) {
	case string:
		key = []byte(private)
	case *rsa.PrivateKey:
		return signRSA(t, family, hash, private, input)
	case *ecdsa.PrivateKey:
		return signECDSA(t, hash, private, input)
	}
	secret, ok := key.([]byte)
	if !ok {
		t.Fatalf("jwttest: %T is no key for %s", key, alg)
	}
	mac := hmac.New(hash.New, secret)
	mac.Write(input)
	return mac.Sum(nil)
}

func split(t testing.TB, alg string) (family string, hash crypto.Hash) {
	t.Helper()
	if len(alg) == 5 {
		if hash, ok := hashes[alg[2:]]; ok {
			return alg[:2], hash
		}
	}
	t.Fatalf("jwttest: unknown algorithm %q", alg)
	return "", 0
}

func signRSA(t testing.TB, family string, hash crypto.Hash, key *rsa.PrivateKey, input []byte) []byte {
	t.Helper()
	digest := sum(hash, input)
	var signed []byte
	var err error
	if family == "PS" {
		signed, err = rsa.SignPSS(rand.Reader, key, hash, digest, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	} else {
		signed, err = rsa.SignPKCS1v15(rand.Reader, key, hash, digest)
	}
	if err != nil {
		t.Fatalf("jwttest: %v", err)
	}
	return signed
}

// signECDSA writes both numbers at the curve's full length (RFC 7518 §3.4).
func signECDSA(t testing.TB, hash crypto.Hash, key *ecdsa.PrivateKey, input []byte) []byte {
	t.Helper()
	r, s, err := ecdsa.Sign(rand.Reader, key, sum(hash, input))
	if err != nil {
		t.Fatalf("jwttest: %v", err)
	}
	size := (key.Curve.Params().BitSize + 7) / 8
	signed := make([]byte, 2*size)
	r.FillBytes(signed[:size])
	s.FillBytes(signed[size:])
	return signed
}

func sum(hash crypto.Hash, input []byte) []byte {
	state := hash.New()
	state.Write(input)
	return state.Sum(nil)
}
