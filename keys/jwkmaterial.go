package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"fmt"
	"math"
	"math/big"
)

// curves are the curves of EC keys by their JWK names (RFC 7518 §6.2.1.1).
var curves = map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}

// publicKey makes a key of the public members of a JWK.
func (j *jwk) publicKey(kind Kind, id string, algorithm Algorithm, allowed AlgorithmSet) (*Key, error) {
	public, err := j.public(kind)
	if err != nil {
		return nil, err
	}
	if algorithm != "" {
		return NewPublicKey(id, public, algorithm)
	}
	if _, err := kindOf(public); err != nil {
		return nil, err
	}
	fitting := NewAlgorithmSet(Fitting(public)...) & allowed
	if fitting == 0 {
		return nil, skipped(fmt.Sprintf("an %s key fits none of the allowed algorithms (%s)", describe(public), allowed))
	}
	return NewPublicKey(id, public, fitting.List()...)
}

// public reads the key itself.
func (j *jwk) public(kind Kind) (crypto.PublicKey, error) {
	switch kind {
	case KindRSA:
		return j.rsaKey()
	case KindEC:
		return j.ecKey()
	case KindOKP:
		return j.edKey()
	}
	return nil, skipped(fmt.Sprintf("its kty %q is not one of RSA, EC, OKP, oct", clip(string(kind))))
}

// rsaKey reads "n" and "e" (RFC 7518 §6.3.1). Leading zero octets, which it forbids to writers, are passed over: every
// reader of note does, as some issuers write them.
func (j *jwk) rsaKey() (crypto.PublicKey, error) {
	n, err := j.octets("n")
	if err != nil {
		return nil, err
	}
	e, err := j.octets("e")
	if err != nil {
		return nil, err
	}
	modulus, exponent := new(big.Int).SetBytes(n), new(big.Int).SetBytes(e)
	if modulus.Bit(0) == 0 {
		return nil, fmt.Errorf("an RSA key with an even modulus %w", ErrUnsupportedKey)
	}
	if !exponent.IsInt64() || exponent.Int64() > math.MaxInt32 { // what crypto/rsa can use
		return nil, fmt.Errorf("an RSA key with a public exponent of %d bits %w", exponent.BitLen(), ErrUnsupportedKey)
	}
	return &rsa.PublicKey{N: modulus, E: int(exponent.Int64())}, nil
}

// ecKey reads "crv", "x" and "y" (RFC 7518 §6.2.1). The coordinates must have the curve's full length (§6.2.1.2); that
// they are a point of it is for kindOf.
func (j *jwk) ecKey() (crypto.PublicKey, error) {
	name, err := j.need("crv")
	if err != nil {
		return nil, err
	}
	curve, ok := curves[name]
	if !ok {
		return nil, skipped(fmt.Sprintf("its crv %q is not one of P-256, P-384, P-521", clip(name)))
	}
	x, err := j.octets("x")
	if err != nil {
		return nil, err
	}
	y, err := j.octets("y")
	if err != nil {
		return nil, err
	}
	if size := (curve.Params().BitSize + 7) / 8; len(x) != size || len(y) != size {
		return nil, fmt.Errorf(`%w: "x" and "y" have %d and %d octets, on %s both must have %d`, ErrJWK, len(x), len(y), name, size)
	}
	return &ecdsa.PublicKey{Curve: curve, X: new(big.Int).SetBytes(x), Y: new(big.Int).SetBytes(y)}, nil
}

// edKey reads "crv" and "x" of an Ed25519 key (RFC 8037 §2).
func (j *jwk) edKey() (crypto.PublicKey, error) {
	name, err := j.need("crv")
	if err != nil {
		return nil, err
	}
	if name != "Ed25519" {
		return nil, skipped(fmt.Sprintf("its crv %q is not Ed25519", clip(name)))
	}
	x, err := j.octets("x")
	if err != nil {
		return nil, err
	}
	return ed25519.PublicKey(x), nil
}

// secretKey reads "k" (RFC 7518 §6.4.1). Unlike a secret of the builtin driver's time, it must be as long as the hash
// (RFC 7518 §3.2).
func (j *jwk) secretKey(id string, algorithm Algorithm, allowed AlgorithmSet) (*Key, error) {
	if algorithm != "" {
		allowed = NewAlgorithmSet(algorithm)
	}
	secret, err := j.octets("k")
	if err != nil {
		return nil, err
	}
	var fitting []Algorithm
	shortest := 0 // octets that the least demanding of the algorithms asks for
	for _, a := range allowed.List() {
		if a.Kind() != KindSecret {
			continue
		}
		need := a.Hash().Size()
		if shortest == 0 || need < shortest {
			shortest = need
		}
		if len(secret) >= need {
			fitting = append(fitting, a)
		}
	}
	switch {
	case shortest == 0 && algorithm != "":
		return nil, fmt.Errorf("a shared secret %w %s", ErrKeyMismatch, algorithm)
	case shortest == 0:
		return nil, skipped(fmt.Sprintf("a shared secret fits none of the allowed algorithms (%s)", allowed))
	case len(fitting) == 0:
		return nil, fmt.Errorf("a shared secret of %d bits %w: at least %d are needed (RFC 7518 §3.2)", len(secret)*8, ErrWeakKey, shortest*8)
	}
	return NewSecretKey(id, secret, fitting...)
}
