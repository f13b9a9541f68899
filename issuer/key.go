package issuer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"fmt"

	gojwt "github.com/golang-jwt/jwt/v4"

	"apinto-jwt/keys"
)

// SigningKey is one key for signing tokens, bound to one algorithm. It is immutable, safe for concurrent use, and
// prints without its material.
type SigningKey struct {
	algorithm keys.Algorithm
	method    gojwt.SigningMethod
	material  any // as the method wants it: []byte, *rsa.PrivateKey, *ecdsa.PrivateKey or ed25519.PrivateKey
	verifier  *keys.Key
}

// pssOptions make the salt as long as the hash (RFC 7518 §3.5): verifiers refuse any other.
var pssOptions = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}

// methods sign, by algorithm.
var methods = map[keys.Algorithm]gojwt.SigningMethod{
	keys.HS256: gojwt.SigningMethodHS256,
	keys.HS384: gojwt.SigningMethodHS384,
	keys.HS512: gojwt.SigningMethodHS512,
	keys.RS256: gojwt.SigningMethodRS256,
	keys.RS384: gojwt.SigningMethodRS384,
	keys.RS512: gojwt.SigningMethodRS512,
	keys.ES256: gojwt.SigningMethodES256,
	keys.ES384: gojwt.SigningMethodES384,
	keys.ES512: gojwt.SigningMethodES512,
	keys.PS256: &gojwt.SigningMethodRSAPSS{SigningMethodRSA: gojwt.SigningMethodPS256.SigningMethodRSA, Options: pssOptions},
	keys.PS384: &gojwt.SigningMethodRSAPSS{SigningMethodRSA: gojwt.SigningMethodPS384.SigningMethodRSA, Options: pssOptions},
	keys.PS512: &gojwt.SigningMethodRSAPSS{SigningMethodRSA: gojwt.SigningMethodPS512.SigningMethodRSA, Options: pssOptions},
	keys.EdDSA: gojwt.SigningMethodEdDSA,
	// The same signature under the newer name (RFC 9864 §2.2).
	keys.Ed25519: gojwt.SigningMethodEdDSA,
}

// NewSecretKey makes a key that signs with a shared secret (RFC 7518 §3.2), which is copied. A secret that is shorter
// than the hash is accepted, as it is for verifying; the caller may warn ([keys.Key.SecretBits]). The ID is the
// token's "kid"; empty: none. Errors: keys.ErrEmpty, keys.ErrKeyMismatch.
func NewSecretKey(id string, secret []byte, algorithm keys.Algorithm) (*SigningKey, error) {
	verifier, err := keys.NewSecretKey(id, secret, algorithm)
	if err != nil {
		return nil, err
	}
	return newKey(verifier, append([]byte(nil), secret...), algorithm), nil
}

// NewPrivateKey makes a key that signs with an *rsa.PrivateKey, *ecdsa.PrivateKey or ed25519.PrivateKey. Its kind, curve
// and size must fit the algorithm. The ID is the token's "kid"; empty: none. Errors: keys.ErrUnsupportedKey,
// keys.ErrKeyMismatch, keys.ErrWeakKey.
func NewPrivateKey(id string, private crypto.Signer, algorithm keys.Algorithm) (*SigningKey, error) {
	if !supported(private) {
		return nil, fmt.Errorf("%T %w", private, keys.ErrUnsupportedKey)
	}
	verifier, err := keys.NewPublicKey(id, private.Public(), algorithm)
	if err != nil {
		return nil, err
	}
	return newKey(verifier, private, algorithm), nil
}

// NewPEMKey is [NewPrivateKey] with the key of [ParsePrivatePEM].
func NewPEMKey(id string, text keys.Secret, algorithm keys.Algorithm) (*SigningKey, error) {
	private, err := ParsePrivatePEM(text)
	if err != nil {
		return nil, err
	}
	return NewPrivateKey(id, private, algorithm)
}

// newKey puts a key together whose material has been checked.
func newKey(verifier *keys.Key, material any, algorithm keys.Algorithm) *SigningKey {
	return &SigningKey{algorithm: algorithm, method: methods[algorithm], material: material, verifier: verifier}
}

// supported reports whether the methods can sign with the key; another crypto.Signer, of a hardware module for example,
// they cannot.
func supported(private crypto.Signer) bool {
	switch k := private.(type) {
	case *rsa.PrivateKey:
		return k != nil
	case *ecdsa.PrivateKey:
		return k != nil
	case ed25519.PrivateKey:
		return len(k) == ed25519.PrivateKeySize
	}
	return false
}

// ID returns the key ID, "kid" (RFC 7515 §4.1.4); empty if it has none.
func (k *SigningKey) ID() string { return k.verifier.ID() }

// Algorithm returns the one algorithm that the key signs with.
func (k *SigningKey) Algorithm() keys.Algorithm { return k.algorithm }

// Verifier returns the key that verifies what this one signs.
func (k *SigningKey) Verifier() *keys.Key { return k.verifier }

// String names the key without its material.
func (k SigningKey) String() string { return fmt.Sprintf("%s %s", k.algorithm, k.verifier) }

// GoString keeps %#v from printing the material.
func (k SigningKey) GoString() string { return "issuer.SigningKey(" + k.String() + ")" }

// Format keeps every other verb from printing the material.
func (k SigningKey) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, k.String()) }
