package issuance

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
)

// The parts of a minted token's ID, base64url: the session's has at least 16 bytes, the token's own 6.
const (
	minSession = 22
	ownBytes   = 6
	ownLength  = 8
)

// NewTokenID returns the ID ("jti", RFC 7519 §4.1.7) of a new token of a session, which is known by at least 16 random bytes,
// base64url.
func NewTokenID(session string) string {
	own := make([]byte, ownBytes)
	_, _ = rand.Read(own) // never fails, by its documentation
	return session + "." + base64.RawURLEncoding.EncodeToString(own)
}

// minted reports whether a token's ID is of the form that the gateway's have.
func minted(id string) bool {
	session, own, found := strings.Cut(id, ".")
	return found && len(session) >= minSession && len(own) == ownLength
}
