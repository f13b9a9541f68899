package issuer

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
)

func TestGenerateSecret(t *testing.T) {
	for algorithm, size := range map[keys.Algorithm]int{keys.HS256: 32, keys.HS384: 48, keys.HS512: 64} {
		secret, err := GenerateSecret(algorithm)
		must.Succeed(t, err)
		decoded, err := secret.Bytes(true)
		if err != nil || len(decoded) != size {
			t.Errorf("%s: %d bytes, %v; want %d", algorithm, len(decoded), err, size)
		}
		if other, _ := GenerateSecret(algorithm); other == secret {
			t.Errorf("%s: the same secret twice", algorithm)
		}
		if text := fmt.Sprintf("%v %+v %#v %x", secret, secret, secret, secret); strings.Contains(text, secret.Reveal()) {
			t.Errorf("%s: the secret prints", algorithm)
		}
	}
	if _, err := GenerateSecret(keys.RS256); !errors.Is(err, keys.ErrKeyMismatch) {
		t.Errorf("RS256: %v", err)
	}
}

func TestGenerateKeyPair(t *testing.T) {
	for _, algorithm := range []keys.Algorithm{keys.RS256, keys.ES256, keys.ES384, keys.ES512, keys.EdDSA, keys.Ed25519} {
		t.Run(string(algorithm), func(t *testing.T) {
			private, public, err := GenerateKeyPair(algorithm, 0)
			must.Succeed(t, err)
			signer, err := NewPEMKey("", private, algorithm)
			must.Succeed(t, err)
			list, err := keys.ParsePublicPEM(public)
			if err != nil || len(list) != 1 {
				t.Fatalf("%d public keys, %v", len(list), err)
			}
			verifier, err := keys.NewPublicKey("", list[0], algorithm)
			must.Succeed(t, err)
			if verifier.Thumbprint() != signer.Verifier().Thumbprint() {
				t.Error("the two halves are no pair")
			}
			if strings.Contains(fmt.Sprintf("%v %#v %x", private, private, private), private.Reveal()) {
				t.Error("the private key prints")
			}
		})
	}
}

func TestGenerateKeyPairRefuses(t *testing.T) {
	tests := []struct {
		name      string
		algorithm keys.Algorithm
		bits      int
		want      error
	}{
		{"short RSA", keys.RS256, 2047, keys.ErrWeakKey},
		{"negative RSA", keys.PS256, -1, keys.ErrWeakKey},
		{"long RSA", keys.RS256, maxRSABits + 1, keys.ErrUnsupportedKey},
		{"HS256", keys.HS256, 0, keys.ErrKeyMismatch},
		{"unknown", "none", 0, keys.ErrKeyMismatch},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if private, _, err := GenerateKeyPair(tt.algorithm, tt.bits); !errors.Is(err, tt.want) || private != "" {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// The limit here must be the one of package keys, which does not export it.
func TestRSALimitIsTheVerifiers(t *testing.T) {
	for bits, want := range map[int]error{maxRSABits: nil, maxRSABits + 1: keys.ErrUnsupportedKey} {
		public := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), uint(bits-1)), E: 65537}
		if _, err := keys.NewPublicKey("", public, keys.RS256); !errors.Is(err, want) {
			t.Errorf("%d bits: %v, want %v", bits, err, want)
		}
	}
}
