package jwttest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
)

// JWK is one key of a JWK Set as its members (RFC 7517 §4). It is made with the
// standard library alone, so that a test never trusts the code that it tests.
type JWK map[string]any

// NewJWK returns the public half of a private key, a public key, or a []byte secret,
// with this "kid" unless that is empty.
func NewJWK(kid string, key any) JWK {
	if private, ok := key.(crypto.Signer); ok {
		key = private.Public()
	}
	var k JWK
	switch key := key.(type) {
	case *rsa.PublicKey:
		k = JWK{"kty": "RSA", "n": Encode(key.N.Bytes()), "e": Encode(big.NewInt(int64(key.E)).Bytes())}
	case *ecdsa.PublicKey:
		point, err := key.ECDH()
		if err != nil {
			panic("jwttest: " + err.Error())
		}
		xy := point.Bytes()[1:]
		k = JWK{"kty": "EC", "crv": key.Curve.Params().Name, "x": Encode(xy[:len(xy)/2]), "y": Encode(xy[len(xy)/2:])}
	case ed25519.PublicKey:
		k = JWK{"kty": "OKP", "crv": "Ed25519", "x": Encode(key)}
	case []byte:
		k = JWK{"kty": "oct", "k": Encode(key)}
	default:
		panic(fmt.Sprintf("jwttest: %T is no key", key))
	}
	if kid != "" {
		k["kid"] = kid
	}
	return k
}

// With returns a copy that has this member too.
func (k JWK) With(name string, value any) JWK {
	other := maps.Clone(k)
	other[name] = value
	return other
}

// Without returns a copy that lacks this member.
func (k JWK) Without(name string) JWK {
	other := maps.Clone(k)
	delete(other, name)
	return other
}

// JWKS returns a JWK Set (RFC 7517 §5) as JSON.
func JWKS(keys ...JWK) string {
	if keys == nil {
		keys = []JWK{}
	}
	return document(map[string]any{"keys": keys})
}

// document returns the JSON text of a value that can always be written.
func document(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("jwttest: " + err.Error())
	}
	return string(text)
}
