package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// The parts of a family's name, in bytes and in base64url.
const (
	ownerBytes, ownerLength   = 9, 12
	randomBytes, randomLength = 16, 22
)

// NewFamily returns a new name for a family of the owner. The "jti" of its access tokens is that name, a dot, and more.
// Its first part is the same for all families of an owner: in a Redis cluster they have to be on one node.
func NewFamily(owner string) string {
	sum := sha256.Sum256([]byte(owner))
	name := make([]byte, ownerBytes+randomBytes)
	copy(name, sum[:ownerBytes])
	_, _ = rand.Read(name[ownerBytes:]) // never fails, by its documentation
	return base64.RawURLEncoding.EncodeToString(name)
}

// familyOf returns the family of an access token.
func familyOf(id string) string {
	family, _, _ := strings.Cut(id, ".")
	return family
}

// ownerOf returns the first part of a family's name; empty if the name is none of NewFamily's.
func ownerOf(family string) string {
	if len(family) != ownerLength+randomLength {
		return ""
	}
	return family[:ownerLength]
}
