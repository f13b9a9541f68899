package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
)

// MinRSABits is the shortest RSA key that is accepted (RFC 7518 §3.3).
const MinRSABits = 2048

// maxRSABits bounds the work of one verification; no issuer is known to use more.
const maxRSABits = 8192

// Key is one key for verifying signatures, bound to the algorithms it may verify. It is immutable and safe for
// concurrent use.
type Key struct {
	id      string
	kind    Kind
	allowed AlgorithmSet
	public  crypto.PublicKey
	secret  material
	macs    macPools
	thumb   [sha256.Size]byte
}

// material is a secret's bytes where fmt does not find them: it prints a function's address. A key that stands in
// another type's unexported field is printed field by field, and Format is not asked.
type material func() []byte

// NewSecretKey makes an HMAC key that verifies the given algorithms. The secret is copied. Errors: ErrEmpty,
// ErrKeyMismatch.
func NewSecretKey(id string, secret []byte, algs ...Algorithm) (*Key, error) {
	if len(secret) == 0 {
		return nil, ErrEmpty
	}
	for _, a := range algs {
		if a.Kind() != KindSecret {
			return nil, fmt.Errorf("a shared secret %w %s", ErrKeyMismatch, a)
		}
	}
	own := append([]byte(nil), secret...)
	k := &Key{id: id, kind: KindSecret, allowed: NewAlgorithmSet(algs...), secret: func() []byte { return own }}
	k.macs.init(k.secret)
	k.thumb = sha256.Sum256(append([]byte("oct\x00"), own...))
	return k, nil
}

// NewPublicKey makes a key that verifies the given algorithms with an *rsa.PublicKey, *ecdsa.PublicKey or
// ed25519.PublicKey. Each algorithm must fit the key's kind, curve and size. Errors: ErrUnsupportedKey,
// ErrKeyMismatch, ErrWeakKey.
func NewPublicKey(id string, public crypto.PublicKey, algs ...Algorithm) (*Key, error) {
	kind, err := kindOf(public)
	if err != nil {
		return nil, err
	}
	for _, a := range algs {
		if err := fits(public, kind, a); err != nil {
			return nil, err
		}
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsupportedKey, err)
	}
	return &Key{
		id: id, kind: kind, allowed: NewAlgorithmSet(algs...), public: public,
		thumb: sha256.Sum256(append([]byte("pub\x00"), der...)),
	}, nil
}

// kindOf names the kind of a public key and refuses keys that no algorithm may use.
func kindOf(public crypto.PublicKey) (Kind, error) {
	switch k := public.(type) {
	case *rsa.PublicKey:
		switch bits := k.N.BitLen(); {
		case bits < MinRSABits:
			return "", fmt.Errorf("an RSA key of %d bits %w: at least %d are needed (RFC 7518 §3.3)", bits, ErrWeakKey, MinRSABits)
		case bits > maxRSABits:
			return "", fmt.Errorf("an RSA key of %d bits %w: at most %d are accepted", bits, ErrUnsupportedKey, maxRSABits)
		case k.E < 3 || k.E&1 == 0:
			return "", fmt.Errorf("an RSA key with public exponent %d %w", k.E, ErrUnsupportedKey)
		}
		return KindRSA, nil
	case *ecdsa.PublicKey:
		if _, err := k.ECDH(); err != nil { // also checks that the point is on the curve
			return "", fmt.Errorf("an EC key that is no point of P-256, P-384 or P-521 %w", ErrUnsupportedKey)
		}
		return KindEC, nil
	case ed25519.PublicKey:
		if len(k) != ed25519.PublicKeySize {
			return "", fmt.Errorf("an Ed25519 key of %d bytes %w", len(k), ErrUnsupportedKey)
		}
		return KindOKP, nil
	}
	return "", fmt.Errorf("%T %w", public, ErrUnsupportedKey)
}

// fits reports whether the algorithm may be used with the key: kind, and for EC the curve (RFC 7518 §3.4).
func fits(public crypto.PublicKey, kind Kind, a Algorithm) error {
	if a.Kind() != kind {
		return fmt.Errorf("an %s key %w %s", describe(public), ErrKeyMismatch, a)
	}
	if ec, ok := public.(*ecdsa.PublicKey); ok && ec.Curve.Params().Name != a.Curve() {
		return fmt.Errorf("an %s key %w %s, which needs %s", describe(public), ErrKeyMismatch, a, a.Curve())
	}
	return nil
}

// describe names a public key for an error text: "RSA", "EC P-256", "Ed25519".
func describe(public crypto.PublicKey) string {
	switch k := public.(type) {
	case *rsa.PublicKey:
		return "RSA"
	case *ecdsa.PublicKey:
		return "EC " + k.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return fmt.Sprintf("%T", public)
}

// Fitting lists the algorithms that a public key may be used with.
func Fitting(public crypto.PublicKey) []Algorithm {
	kind, err := kindOf(public)
	if err != nil {
		return nil
	}
	var list []Algorithm
	for _, a := range Algorithms() {
		if fits(public, kind, a) == nil {
			list = append(list, a)
		}
	}
	return list
}

// ID returns the key ID, "kid" (RFC 7515 §4.1.4); empty if it has none.
func (k *Key) ID() string { return k.id }

// Kind returns the kind of the key.
func (k *Key) Kind() Kind { return k.kind }

// Algorithms returns the algorithms that the key may verify.
func (k *Key) Algorithms() AlgorithmSet { return k.allowed }

// Allows reports whether the key may verify the algorithm.
func (k *Key) Allows(a Algorithm) bool { return k.allowed.Has(a) }

// Public returns the public key; nil for a secret.
func (k *Key) Public() crypto.PublicKey { return k.public }

// SecretBits returns the length of a shared secret in bits; 0 for a public key. RFC 7518 §3.2 wants at least the hash's.
func (k *Key) SecretBits() int {
	if k.secret == nil {
		return 0
	}
	return len(k.secret()) * 8
}

// Thumbprint is equal for two keys of the same material, whatever their ID and algorithms. It is derived from the
// secret of an HMAC key, so it must not be shown: show [Key.String].
func (k *Key) Thumbprint() [sha256.Size]byte { return k.thumb }

// String names the key without its material: kind, ID and, for a public key, the start of its thumbprint.
func (k *Key) String() string {
	name := string(k.kind)
	if k.public != nil {
		name = describe(k.public) + " sha256:" + hex.EncodeToString(k.thumb[:8])
	}
	if k.id != "" {
		name += fmt.Sprintf(" kid=%q", clip(k.id))
	}
	return name
}

// GoString keeps %#v from printing the material.
func (k *Key) GoString() string { return "keys.Key(" + k.String() + ")" }

// Format keeps every other verb from printing the material.
func (k *Key) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, k.String()) }
