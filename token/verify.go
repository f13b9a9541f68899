package token

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"math/big"

	"apinto-jwt/keys"
)

// MaxKeys is how many keys one token is tried against.
const MaxKeys = 8

// Verified is a JWT whose signature has been verified. Its claims are what the issuer said; whether they hold now is
// for [Expected.Check].
type Verified struct {
	token *Unverified
	key   *keys.Key
}

// Verify checks the signature (RFC 7515 §5.2) with one key. The key's own algorithms decide, never the token's "alg":
// if they differ the token is refused before any signature is looked at. Errors are *Error with
// AlgorithmNotAllowed or SignatureInvalid.
func (c *Compact) Verify(key *keys.Key) error {
	if err := c.verify(key); err != nil {
		return err
	}
	return nil
}

// The refusals of a signature; they carry no detail that differs from token to token.
var (
	errAlgorithm  = refuse(AlgorithmNotAllowed, "header.alg", "is not an algorithm that the key is configured for")
	errSignature  = refuse(SignatureInvalid, "signature", "does not verify with the configured key")
	errKeyUnknown = refuse(KeyUnknown, "header.kid", "no configured key has this ID, or fits the token")
	errNoKeys     = refuse(KeysUnavailable, "", "no keys are at hand")
)

func (c *Compact) verify(key *keys.Key) *Error {
	algorithm := keys.Algorithm(c.header.algorithm)
	if !key.Allows(algorithm) {
		return errAlgorithm
	}
	valid := false
	switch public := key.Public().(type) {
	case nil:
		valid = key.VerifyMAC(algorithm, c.signingInput, c.signature)
	case *rsa.PublicKey:
		valid = c.verifyRSA(public, algorithm)
	case *ecdsa.PublicKey:
		valid = c.verifyECDSA(public, algorithm)
	case ed25519.PublicKey:
		valid = ed25519.Verify(public, bytesOf(c.signingInput), c.signature)
	}
	if !valid {
		return errSignature
	}
	return nil
}

// pssOptions demand the salt that RFC 7518 §3.5 prescribes.
var pssOptions = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}

// verifyRSA checks an RSASSA signature (RFC 7518 §3.3, §3.5).
func (c *Compact) verifyRSA(key *rsa.PublicKey, a keys.Algorithm) bool {
	var room digestRoom
	digest := c.digest(a.Hash(), &room)
	switch a {
	case keys.PS256, keys.PS384, keys.PS512:
		return rsa.VerifyPSS(key, a.Hash(), digest, c.signature, pssOptions) == nil
	}
	return rsa.VerifyPKCS1v15(key, a.Hash(), digest, c.signature) == nil
}

// verifyECDSA checks an ECDSA signature: R and S, each as long as the curve's order (RFC 7518 §3.4).
func (c *Compact) verifyECDSA(key *ecdsa.PublicKey, a keys.Algorithm) bool {
	size := (key.Curve.Params().BitSize + 7) / 8
	if len(c.signature) != 2*size {
		return false
	}
	var room digestRoom
	r, s := new(big.Int).SetBytes(c.signature[:size]), new(big.Int).SetBytes(c.signature[size:])
	return ecdsa.Verify(key, c.digest(a.Hash(), &room), r, s)
}

// digestRoom is room for the longest digest.
type digestRoom [sha512.Size]byte

// digest returns the hash of the signing input.
func (c *Compact) digest(h crypto.Hash, room *digestRoom) []byte {
	input := bytesOf(c.signingInput)
	switch h {
	case crypto.SHA384:
		sum := sha512.Sum384(input)
		return room[:copy(room[:], sum[:])]
	case crypto.SHA512:
		*room = sha512.Sum512(input)
		return room[:]
	}
	sum := sha256.Sum256(input)
	return room[:copy(room[:], sum[:])]
}

// VerifyWith checks the signature with one key. A token is verified once: a second result takes the place of the first.
// Errors are those of [Compact.Verify].
func (u *Unverified) VerifyWith(key *keys.Key) (*Verified, error) {
	if err := u.compact.verify(key); err != nil {
		return nil, err
	}
	u.verified = Verified{token: u, key: key}
	return &u.verified, nil
}

// Verify checks the signature with the keys of the set that could have made it ([Unverified.Candidates]). Errors are
// *Error with KeysUnavailable, KeyUnknown, AlgorithmNotAllowed or SignatureInvalid.
func (u *Unverified) Verify(set *keys.Set) (*Verified, error) {
	candidates, err := u.Candidates(set)
	if err != nil {
		return nil, err
	}
	for _, key := range candidates {
		if v, err := u.VerifyWith(key); err == nil {
			return v, nil
		}
	}
	return nil, errSignature
}

// Candidates returns the keys of the set that could have signed the token, at most MaxKeys: of those with the token's
// "kid" (if there are none, or the token has none: of those without an ID, or of all) the ones that fit its
// algorithm. The slice must not be changed. Errors are *Error with KeysUnavailable (an empty set), KeyUnknown or
// AlgorithmNotAllowed.
func (u *Unverified) Candidates(set *keys.Set) ([]*keys.Key, error) {
	if set.Len() == 0 {
		return nil, errNoKeys
	}
	pool := set.Keys()
	if u.compact.header.hasKeyID {
		if pool = set.WithID(u.compact.header.keyID); len(pool) == 0 {
			pool = set.WithID("")
		}
		if len(pool) == 0 {
			return nil, errKeyUnknown
		}
	}
	pool = fitting(pool, keys.Algorithm(u.compact.header.algorithm))
	if len(pool) == 0 {
		return nil, errAlgorithm
	}
	return pool[:min(len(pool), MaxKeys)], nil
}

// fitting leaves out the keys that may not verify the algorithm; if all may, as is usual, nothing is copied.
func fitting(pool []*keys.Key, algorithm keys.Algorithm) []*keys.Key {
	for i, key := range pool {
		if key.Allows(algorithm) {
			continue
		}
		kept := append([]*keys.Key(nil), pool[:i]...)
		for _, key := range pool[i+1:] {
			if key.Allows(algorithm) {
				kept = append(kept, key)
			}
		}
		return kept
	}
	return pool
}

// Key returns the key that verified the token.
func (v *Verified) Key() *keys.Key { return v.key }

// Raw returns the token itself, "" after [Verified.Memorize]. It must not be logged: log [Fingerprint].
func (v *Verified) Raw() string { return v.token.compact.raw }

// Header returns the decoded header, as JSON text.
func (v *Verified) Header() string { return v.token.compact.header.Text() }

// Payload returns the decoded payload, as JSON text.
func (v *Verified) Payload() string { return v.token.compact.payload }

// KeyID returns the header's "kid"; false if there is none.
func (v *Verified) KeyID() (string, bool) { return v.token.compact.UntrustedKeyID() }

// Issuer returns "iss" (RFC 7519 §4.1.1), empty if there is none.
func (v *Verified) Issuer() string { return v.token.claims.issuer }

// Subject returns "sub" (RFC 7519 §4.1.2), empty if there is none.
func (v *Verified) Subject() string { return v.token.claims.subject }

// ID returns "jti" (RFC 7519 §4.1.7), empty if there is none.
func (v *Verified) ID() string { return v.token.claims.id }

// Expires returns "exp" (RFC 7519 §4.1.4).
func (v *Verified) Expires() NumericDate { return v.token.claims.expires }

// NotBefore returns "nbf" (RFC 7519 §4.1.5).
func (v *Verified) NotBefore() NumericDate { return v.token.claims.notBefore }

// IssuedAt returns "iat" (RFC 7519 §4.1.6).
func (v *Verified) IssuedAt() NumericDate { return v.token.claims.issuedAt }

// Candidates returns the keys of the set that could have signed the token; none if there are none.
func (v *Verified) Candidates(set *keys.Set) []*keys.Key {
	list, err := v.token.Candidates(set)
	if err != nil {
		return nil
	}
	return list
}
