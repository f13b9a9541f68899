// Package token makes the keys and tokens that all contenders get.
package token

import (
	"crypto"
	"crypto/elliptic"
	"fmt"
	"testing"

	"apinto-jwt/jwttest"
)

// Algorithms are those that are compared.
var Algorithms = []string{"HS256", "RS256", "ES256", "PS256", "EdDSA"}

// Key is one signing key with what verifiers need of it.
type Key struct {
	Algorithm string
	Private   any // []byte for HS256, else a crypto.Signer
	Public    any // the same []byte, else the public half
	PEM       string
}

// NewKey returns the key of an algorithm: 256 bits for HS256, RSA of 2048 bits, P-256, Ed25519.
func NewKey(algorithm string) Key {
	switch algorithm {
	case "HS256":
		return Secret("")
	case "RS256", "PS256":
		return signer(algorithm, jwttest.RSAKey(2048))
	case "ES256":
		return signer(algorithm, jwttest.ECKey(elliptic.P256()))
	}
	return signer(algorithm, jwttest.Ed25519Key())
}

// Secret returns a key for HS256 that the name determines.
func Secret(name string) Key {
	secret := fmt.Appendf(nil, "%-32.32s", "secret of "+name)
	return Key{Algorithm: "HS256", Private: secret, Public: secret}
}

func signer(algorithm string, private crypto.Signer) Key {
	return Key{Algorithm: algorithm, Private: private, Public: private.Public(), PEM: jwttest.PublicPEM(private)}
}

// TB lets helpers for tests be used outside of one: what would fail a test is a fault of this program.
type TB struct{ testing.TB }

// Helper does nothing.
func (TB) Helper() {}

// Fatal panics.
func (TB) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

// Fatalf panics.
func (TB) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
