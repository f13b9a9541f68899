package token

import (
	"crypto/rsa"

	gojwt "github.com/golang-jwt/jwt/v4"

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

// pssOptions demand the salt that RFC 7518 §3.5 prescribes; golang-jwt's own accept a salt of any length.
var pssOptions = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}

// methods verify the algorithms with public keys.
var methods = map[keys.Algorithm]gojwt.SigningMethod{
	keys.RS256: gojwt.SigningMethodRS256,
	keys.RS384: gojwt.SigningMethodRS384,
	keys.RS512: gojwt.SigningMethodRS512,
	keys.ES256: gojwt.SigningMethodES256,
	keys.ES384: gojwt.SigningMethodES384,
	keys.ES512: gojwt.SigningMethodES512,
	keys.PS256: &gojwt.SigningMethodRSAPSS{SigningMethodRSA: gojwt.SigningMethodPS256.SigningMethodRSA, VerifyOptions: pssOptions},
	keys.PS384: &gojwt.SigningMethodRSAPSS{SigningMethodRSA: gojwt.SigningMethodPS384.SigningMethodRSA, VerifyOptions: pssOptions},
	keys.PS512: &gojwt.SigningMethodRSAPSS{SigningMethodRSA: gojwt.SigningMethodPS512.SigningMethodRSA, VerifyOptions: pssOptions},
	keys.EdDSA: gojwt.SigningMethodEdDSA,
}

// Verify checks the signature (RFC 7515 §5.2) with one key. The key's own algorithms decide, never the token's "alg":
// where they differ the token is refused before any signature is looked at. Errors are *Error with
// AlgorithmNotAllowed or SignatureInvalid.
func (c *Compact) Verify(key *keys.Key) error {
	if err := c.verify(key); err != nil {
		return err
	}
	return nil
}

// The refusals of a signature; they carry no detail that differs from token to token.
var (
	errAlgorithm    = refuse(AlgorithmNotAllowed, "header.alg", "is not an algorithm that the key is configured for")
	errSignature    = refuse(SignatureInvalid, "signature", "does not verify with the configured key")
	errKeyUnknown   = refuse(KeyUnknown, "header.kid", "no configured key has this ID, or fits the token")
	errNoKeys       = refuse(KeysUnavailable, "", "no keys are at hand")
	errNoSuchMethod = refuse(Internal, "header.alg", "has no verifier")
)

func (c *Compact) verify(key *keys.Key) *Error {
	algorithm := keys.Algorithm(c.header.algorithm)
	if !key.Allows(algorithm) {
		return errAlgorithm
	}
	if key.Kind() == keys.KindSecret {
		if !key.VerifyMAC(algorithm, c.signingInput, c.signature) {
			return errSignature
		}
		return nil
	}
	method, ok := methods[algorithm]
	if !ok {
		return errNoSuchMethod
	}
	if method.Verify(c.signingInput, c.signature64, key.Public()) != nil {
		return errSignature
	}
	return nil
}

// VerifyWith checks the signature with one key. Errors are those of [Compact.Verify].
func (u *Unverified) VerifyWith(key *keys.Key) (*Verified, error) {
	if err := u.compact.verify(key); err != nil {
		return nil, err
	}
	return &Verified{token: u, key: key}, nil
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

// Candidates are the keys of the set that could have signed the token, at most MaxKeys: of those with the token's
// "kid" (where there are none, or the token has none: of those without an ID, or of all) the ones that fit its
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

// fitting leaves out the keys that may not verify the algorithm; where all may, as is usual, nothing is copied.
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

// Key is the key that verified the token.
func (v *Verified) Key() *keys.Key { return v.key }

// Raw is the token itself, "" after [Verified.Memorize]. It must not be logged: log [Fingerprint].
func (v *Verified) Raw() string { return v.token.compact.raw }

// Header is the decoded header, as JSON text.
func (v *Verified) Header() string { return v.token.compact.header.Text() }

// Payload is the decoded payload, as JSON text.
func (v *Verified) Payload() string { return v.token.compact.payload }

// KeyID is the header's "kid"; false where there is none.
func (v *Verified) KeyID() (string, bool) { return v.token.compact.UntrustedKeyID() }

// Issuer is "iss" (RFC 7519 §4.1.1), empty where there is none.
func (v *Verified) Issuer() string { return v.token.claims.issuer }

// Subject is "sub" (RFC 7519 §4.1.2), empty where there is none.
func (v *Verified) Subject() string { return v.token.claims.subject }

// ID is "jti" (RFC 7519 §4.1.7), empty where there is none.
func (v *Verified) ID() string { return v.token.claims.id }

// Expires is "exp" (RFC 7519 §4.1.4).
func (v *Verified) Expires() NumericDate { return v.token.claims.expires }

// NotBefore is "nbf" (RFC 7519 §4.1.5).
func (v *Verified) NotBefore() NumericDate { return v.token.claims.notBefore }

// IssuedAt is "iat" (RFC 7519 §4.1.6).
func (v *Verified) IssuedAt() NumericDate { return v.token.claims.issuedAt }

// Candidates are the keys of the set that could have signed the token; none where there are none.
func (v *Verified) Candidates(set *keys.Set) []*keys.Key {
	list, err := v.token.Candidates(set)
	if err != nil {
		return nil
	}
	return list
}
