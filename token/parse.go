package token

import (
	"crypto/sha256"
	"encoding/hex"
)

// Unverified is a JWT that is well-formed and of which nothing is proven.
type Unverified struct {
	compact Compact
	claims  claims
}

// Parse reads a JWT: a JWS in compact form ([ParseCompact]) whose "typ", if there, is a JWT's, and whose payload is a
// JSON object with registered claims of the right types (RFC 7519 §7.2). Errors are *Error with TokenTooLarge,
// TokenMalformed, CriticalUnknown or TypeNotAllowed.
func Parse(raw string) (*Unverified, error) {
	u := new(Unverified)
	if err := u.compact.parse(raw); err != nil {
		return nil, err
	}
	if u.compact.header.hasType && !typeAllowed(u.compact.header.typ) {
		return nil, refuse(TypeNotAllowed, "header.typ", `is neither "JWT" nor "…+jwt"`)
	}
	if err := u.claims.parse(u.compact.payload); err != nil {
		return nil, err
	}
	return u, nil
}

// Raw is the token itself. It must not be logged: log [Fingerprint].
func (u *Unverified) Raw() string { return u.compact.raw }

// UntrustedHeader is the decoded header, as JSON text.
func (u *Unverified) UntrustedHeader() string { return u.compact.header.Text() }

// UntrustedPayload is the decoded payload, as JSON text.
func (u *Unverified) UntrustedPayload() string { return u.compact.payload }

// UntrustedAlgorithm is the header's "alg".
func (u *Unverified) UntrustedAlgorithm() string { return u.compact.header.algorithm }

// UntrustedKeyID is the header's "kid"; false where there is none.
func (u *Unverified) UntrustedKeyID() (string, bool) { return u.compact.UntrustedKeyID() }

// UntrustedIssuer is the payload's "iss", empty where there is none.
func (u *Unverified) UntrustedIssuer() string { return u.claims.issuer }

// UntrustedDates are the payload's "iat", "nbf" and "exp".
func (u *Unverified) UntrustedDates() (issuedAt, notBefore, expires NumericDate) {
	return u.claims.issuedAt, u.claims.notBefore, u.claims.expires
}

// Fingerprint stands for a token in logs and labels: "sha256:" and the first 8 bytes of its SHA-256, in hex.
func Fingerprint(raw string) string {
	sum := sha256.Sum256(bytesOf(raw))
	return "sha256:" + hex.EncodeToString(sum[:8])
}
