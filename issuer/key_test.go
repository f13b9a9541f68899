package issuer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
)

// signingKey makes a key for any algorithm.
func signingKey(t *testing.T, id string, algorithm keys.Algorithm) *SigningKey {
	t.Helper()
	var key *SigningKey
	var err error
	switch algorithm.Kind() {
	case keys.KindSecret:
		key, err = NewSecretKey(id, []byte(jwttest.Secret), algorithm)
	case keys.KindRSA:
		key, err = NewPrivateKey(id, jwttest.RSAKey(keys.MinRSABits), algorithm)
	default:
		var signer crypto.Signer
		if signer, err = generate(algorithm, 0); err == nil {
			key, err = NewPrivateKey(id, signer, algorithm)
		}
	}
	must.Succeed(t, err)
	return key
}

// foreignSigner is a crypto.Signer of a kind that we cannot use.
type foreignSigner struct{ crypto.Signer }

func (foreignSigner) Public() crypto.PublicKey                                  { return nil }
func (foreignSigner) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return nil, nil }

func TestKeyFitsItsAlgorithm(t *testing.T) {
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must.Succeed(t, err)
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	must.Succeed(t, err)
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	tests := []struct {
		name      string
		private   crypto.Signer
		algorithm keys.Algorithm
		want      error
	}{
		{"RSA for RS256", jwttest.RSAKey(keys.MinRSABits), keys.RS256, nil},
		{"RSA for PS512", jwttest.RSAKey(keys.MinRSABits), keys.PS512, nil},
		{"RSA for ES256", jwttest.RSAKey(keys.MinRSABits), keys.ES256, keys.ErrKeyMismatch},
		{"RSA for HS256", jwttest.RSAKey(keys.MinRSABits), keys.HS256, keys.ErrKeyMismatch},
		{"RSA for none", jwttest.RSAKey(keys.MinRSABits), "none", keys.ErrKeyMismatch},
		{"P-256 for ES256", p256, keys.ES256, nil},
		{"P-256 for ES384", p256, keys.ES384, keys.ErrKeyMismatch},
		{"P-256 for ES512", p256, keys.ES512, keys.ErrKeyMismatch},
		{"P-224 for ES256", p224, keys.ES256, keys.ErrUnsupportedKey},
		{"Ed25519 for EdDSA", ed, keys.EdDSA, nil},
		{"Ed25519 for ES256", ed, keys.ES256, keys.ErrKeyMismatch},
		{"half an Ed25519 key", ed[:32], keys.EdDSA, keys.ErrUnsupportedKey},
		{"no key", nil, keys.RS256, keys.ErrUnsupportedKey},
		{"nil RSA key", (*rsa.PrivateKey)(nil), keys.RS256, keys.ErrUnsupportedKey},
		{"nil EC key", (*ecdsa.PrivateKey)(nil), keys.ES256, keys.ErrUnsupportedKey},
		{"foreign signer", foreignSigner{}, keys.RS256, keys.ErrUnsupportedKey},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			key, err := NewPrivateKey("", tt.private, tt.algorithm)
			if !errors.Is(err, tt.want) || (err == nil) != (key != nil) {
				t.Fatalf("got %v, %v; want %v", key, err, tt.want)
			}
		})
	}
}

func TestSecretKey(t *testing.T) {
	if _, err := NewSecretKey("", nil, keys.HS256); !errors.Is(err, keys.ErrEmpty) {
		t.Errorf("empty secret: %v", err)
	}
	if _, err := NewSecretKey("", []byte(jwttest.Secret), keys.RS256); !errors.Is(err, keys.ErrKeyMismatch) {
		t.Errorf("secret for RS256: %v", err)
	}
	secret := []byte(jwttest.Secret)
	key, err := NewSecretKey("", secret, keys.HS256)
	must.Succeed(t, err)
	before, err := key.Sign(Header{}, []byte(`{}`))
	must.Succeed(t, err)
	clear(secret)
	if after, _ := key.Sign(Header{}, []byte(`{}`)); after != before {
		t.Error("the key shares the caller's bytes")
	}
}

func TestKeyRedactsItself(t *testing.T) {
	const short = "hush-hush"
	key, err := NewSecretKey("k1", []byte(short), keys.HS256)
	must.Succeed(t, err)
	private := signingKey(t, "k2", keys.ES256)
	d := private.material.(*ecdsa.PrivateKey).D
	holder := struct{ Key *SigningKey }{key}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%b"} {
		for _, value := range []any{key, *key, holder, private, *private} {
			text := fmt.Sprintf(verb, value)
			for _, leak := range []string{
				short, fmt.Sprintf("%x", short), fmt.Sprintf("%X", short), fmt.Sprintf("%d", []byte(short)),
				base64.StdEncoding.EncodeToString([]byte(short)), d.String(), d.Text(16),
			} {
				if strings.Contains(text, leak) {
					t.Errorf("%s of %T prints %q", verb, value, text)
				}
			}
		}
	}
	if got := key.String(); got != `HS256 oct kid="k1"` {
		t.Errorf("String: %s", got)
	}
}
