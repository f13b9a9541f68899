package token

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"apinto-jwt/keys"
)

// Unverified is a JWT that is well-formed and of which nothing is proven.
type Unverified struct {
	compact  Compact
	claims   claims
	verified Verified // when it is
}

// Parse reads a JWT: a JWS in compact form ([ParseCompact]) whose "typ", if there, is a JWT's, and whose payload is a
// JSON object with registered claims of the right types (RFC 7519 §7.2). Errors are *Error with TokenTooLarge,
// TokenMalformed, CriticalUnknown or TypeNotAllowed.
func Parse(raw string) (*Unverified, error) {
	first, second, err := form(raw)
	if err != nil {
		return nil, err
	}
	u := pool.Get().(*Unverified)
	if err := u.parse(raw, first, second); err != nil {
		u.Discard()
		return nil, err
	}
	return u, nil
}

// parse fills u, with the two dots that form has found.
func (u *Unverified) parse(raw string, first, second int) *Error {
	if err := u.compact.parse(raw, first, second); err != nil {
		return err
	}
	if u.compact.header.hasType && !TypeAllowed(u.compact.header.typ) {
		return refuse(TypeNotAllowed, "header.typ", `is neither "JWT" nor "…+jwt"`)
	}
	return u.claims.parse(u.compact.payload)
}

// pool keeps what refused tokens were parsed into, so that refusing one allocates next to nothing.
var pool = sync.Pool{New: func() any { return new(Unverified) }}

// maxPooled is the largest buffer that is kept, in bytes.
const maxPooled = 4 << 10

// Discard gives u back for the next token. It is for a token that was refused: nothing may hold u, a Verified made
// of it, or a string that it returned.
func (u *Unverified) Discard() {
	buffer := u.compact.buffer
	if cap(buffer) > maxPooled {
		buffer = nil
	}
	*u = Unverified{}
	u.compact.buffer = buffer
	pool.Put(u)
}

// Raw returns the token itself. It must not be logged: log [Fingerprint].
func (u *Unverified) Raw() string { return u.compact.raw }

// UntrustedHeader returns the decoded header, as JSON text.
func (u *Unverified) UntrustedHeader() string { return u.compact.header.Text() }

// UntrustedPayload returns the decoded payload, as JSON text.
func (u *Unverified) UntrustedPayload() string { return u.compact.payload }

// UntrustedAlgorithm returns the header's "alg".
func (u *Unverified) UntrustedAlgorithm() string { return u.compact.header.algorithm }

// UntrustedKeyID returns the header's "kid"; false if there is none.
func (u *Unverified) UntrustedKeyID() (string, bool) { return u.compact.UntrustedKeyID() }

// UntrustedIssuer returns the payload's "iss", empty if there is none.
func (u *Unverified) UntrustedIssuer() string { return u.claims.issuer }

// Lookup holds the claims that select keys and rules for a token. They are not to be trusted.
type Lookup struct {
	Algorithm keys.Algorithm // "alg"
	Issuer    string         // "iss", empty if there is none
	KeyID     string         // "kid"
	HasKeyID  bool           // whether there is one
}

// Lookup returns the token's claims about itself.
func (u *Unverified) Lookup() Lookup {
	return Lookup{
		Algorithm: keys.Algorithm(u.compact.header.algorithm),
		Issuer:    u.claims.issuer,
		KeyID:     u.compact.header.keyID,
		HasKeyID:  u.compact.header.hasKeyID,
	}
}

// Lookup returns the token's claims about itself.
func (v *Verified) Lookup() Lookup { return v.token.Lookup() }

// UntrustedDates returns the payload's "iat", "nbf" and "exp".
func (u *Unverified) UntrustedDates() (issuedAt, notBefore, expires NumericDate) {
	return u.claims.issuedAt, u.claims.notBefore, u.claims.expires
}

// Fingerprint stands for a token in logs and labels: "sha256:" and the first 8 bytes of its SHA-256, in hex.
func Fingerprint(raw string) string {
	sum := sha256.Sum256(bytesOf(raw))
	text := [23]byte([]byte("sha256:0123456789abcdef"))
	hex.Encode(text[7:], sum[:8])
	return string(text[:])
}
