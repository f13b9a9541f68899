package issuer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"

	"apinto-jwt/keys"
)

// maxRSABits is the longest RSA key that package keys verifies with.
const maxRSABits = 8192

// GenerateSecret makes a random secret as long as the algorithm's hash, the least that RFC 7518 §3.2 allows and all that
// HMAC makes use of. It is base64url without padding. The error is keys.ErrKeyMismatch for an algorithm without secret.
func GenerateSecret(algorithm keys.Algorithm) (keys.Secret, error) {
	if algorithm.Kind() != keys.KindSecret {
		return "", fmt.Errorf("a shared secret %w %s", keys.ErrKeyMismatch, algorithm)
	}
	secret := make([]byte, algorithm.Hash().Size())
	if _, err := rand.Read(secret); err != nil {
		return "", fmt.Errorf("random numbers: %w", err)
	}
	return keys.Secret(base64.RawURLEncoding.EncodeToString(secret)), nil
}

// GenerateKeyPair makes a key pair for the algorithm, as PEM: the private key as PKCS#8 ("PRIVATE KEY"), the public one as
// SubjectPublicKeyInfo ("PUBLIC KEY"). rsaBits is the length of an RSA key, keys.MinRSABits if it is 0; it does
// not matter to other kinds. Errors: keys.ErrKeyMismatch, keys.ErrWeakKey, keys.ErrUnsupportedKey.
func GenerateKeyPair(algorithm keys.Algorithm, rsaBits int) (private keys.Secret, public string, err error) {
	signer, err := generate(algorithm, rsaBits)
	if err != nil {
		return "", "", err
	}
	privateDER, err := x509.MarshalPKCS8PrivateKey(signer)
	if err != nil {
		return "", "", fmt.Errorf("write the private key: %w", err)
	}
	publicDER, err := x509.MarshalPKIXPublicKey(signer.Public())
	if err != nil {
		return "", "", fmt.Errorf("write the public key: %w", err)
	}
	return keys.Secret(encodePEM("PRIVATE KEY", privateDER)), encodePEM("PUBLIC KEY", publicDER), nil
}

// generate makes the private key.
func generate(algorithm keys.Algorithm, rsaBits int) (crypto.Signer, error) {
	switch algorithm.Kind() {
	case keys.KindRSA:
		if rsaBits == 0 {
			rsaBits = keys.MinRSABits
		}
		if rsaBits < keys.MinRSABits {
			return nil, fmt.Errorf("an RSA key of %d bits %w: at least %d are needed (RFC 7518 §3.3)", rsaBits, keys.ErrWeakKey, keys.MinRSABits)
		}
		if rsaBits > maxRSABits {
			return nil, fmt.Errorf("an RSA key of %d bits %w: at most %d are accepted", rsaBits, keys.ErrUnsupportedKey, maxRSABits)
		}
		return rsa.GenerateKey(rand.Reader, rsaBits)
	case keys.KindEC:
		return ecdsa.GenerateKey(curve(algorithm), rand.Reader)
	case keys.KindOKP:
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	}
	return nil, fmt.Errorf("a key pair %w %s", keys.ErrKeyMismatch, algorithm)
}

// curve returns the curve that an ES* algorithm is bound to (RFC 7518 §3.4).
func curve(algorithm keys.Algorithm) elliptic.Curve {
	for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384()} {
		if c.Params().Name == algorithm.Curve() {
			return c
		}
	}
	return elliptic.P521()
}

// encodePEM returns one PEM block.
func encodePEM(label string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}
