package token

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"unsafe"
)

// Memory is a verified token to be recognised when it comes again, without its signature: who reads the memory of the
// process finds claims there, but no token that could be used.
type Memory struct {
	verified *Verified
	signed   string            // the token up to the second dot
	digest   [sha256.Size]byte // of what stood behind it
}

// Memorize makes v a memory. From here on v has no signature and no raw token.
func (v *Verified) Memorize() *Memory {
	c := &v.token.compact
	m := &Memory{verified: v, signed: strings.Clone(c.signingInput), digest: sha256.Sum256(bytesOf(c.signature64))}
	clear(c.signature)
	c.raw, c.signingInput, c.signature64, c.signature = "", "", "", nil
	return m
}

// Recall is the verified token, if raw is that very token: every byte of it is compared, the signature by its digest.
// Whether the claims hold still is not looked at.
func (m *Memory) Recall(raw string) (*Verified, bool) {
	n := len(m.signed)
	if len(raw) <= n || raw[n] != '.' || raw[:n] != m.signed {
		return nil, false
	}
	digest := sha256.Sum256(bytesOf(raw[n+1:]))
	return m.verified, subtle.ConstantTimeCompare(digest[:], m.digest[:]) == 1
}

// Verified is the token that is remembered.
func (m *Memory) Verified() *Verified { return m.verified }

// Size is about how many bytes the memory takes.
func (m *Memory) Size() int {
	return int(unsafe.Sizeof(*m)+unsafe.Sizeof(Verified{})+unsafe.Sizeof(Unverified{})) +
		len(m.signed) + cap(m.verified.token.compact.buffer)
}
