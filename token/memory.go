package token

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"unsafe"
)

// Memory is a verified token to be recognised when it comes again, without its signature: who reads the memory of the
// process finds claims there, but no token that could be used.
type Memory struct {
	verified *Verified
	signed   string // the token up to the second dot
	digest   Digest // of what stood behind it
}

// Digest stands for a signature within this process.
type Digest [16]byte

// digester computes digests. GMAC, whose tags never leave the process, is a universal hash under a key that nobody
// knows: two signatures have the same digest with a probability below 2^-115, whoever chose them. It takes a
// fraction of the time of a hash that has to stand up to somebody who knows the key.
var digester = newDigester()

func newDigester() cipher.AEAD {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails, by its documentation
	block, err := aes.NewCipher(key)
	if err != nil { // the length is right
		panic(err)
	}
	mac, err := cipher.NewGCM(block)
	if err != nil { // a process that is allowed FIPS 140 alone
		return nil
	}
	return mac
}

// noNonce serves all digests: a nonce keeps those from telling anything who see them, and nobody does.
var noNonce [12]byte

// of computes the digest of a signature.
func (d *Digest) of(signature64 string) {
	if digester == nil {
		sum := sha256.Sum256(bytesOf(signature64))
		copy(d[:], sum[:])
		return
	}
	digester.Seal(d[:0], noNonce[:], nil, bytesOf(signature64)) //nolint:gosec // see above
}

// Memorize moves v into a memory. From here on v is empty, and so is what it was parsed into: discarding that recycles
// nothing of the memory. The token of the memory has no signature and no raw token.
func (v *Verified) Memorize() *Memory {
	from, own := v.token, new(Unverified)
	*own = *from
	own.verified = Verified{token: own, key: v.key}
	*from, *v = Unverified{}, Verified{}
	c := &own.compact
	m := &Memory{verified: &own.verified, signed: strings.Clone(c.signingInput)}
	m.digest.of(c.signature64)
	clear(c.signature)
	c.header.Trim()
	own.claims.Trim()
	c.raw, c.signingInput, c.signature64, c.signature = "", "", "", nil
	return m
}

// Recall returns the verified token, if raw is that very token: every byte of it is compared, the signature by its digest,
// for which there must be room. Whether the claims hold still is not looked at.
func (m *Memory) Recall(raw string, room *Digest) (*Verified, bool) {
	n := len(m.signed)
	if len(raw) <= n || raw[n] != '.' || raw[:n] != m.signed {
		return nil, false
	}
	room.of(raw[n+1:])
	return m.verified, subtle.ConstantTimeCompare(room[:], m.digest[:]) == 1
}

// Verified returns the token that is remembered.
func (m *Memory) Verified() *Verified { return m.verified }

// Size is about how many bytes the memory takes, with what was parsed out of the token.
func (m *Memory) Size() int {
	u := m.verified.token
	size := int(unsafe.Sizeof(*m)+unsafe.Sizeof(*u)) + len(m.signed) + cap(u.compact.buffer) + u.compact.header.Size() + u.claims.Size()
	if strings.IndexByte(u.compact.payload, '\\') >= 0 { // then these do not stand in the buffer
		size += len(u.claims.issuer) + len(u.claims.subject) + len(u.claims.id)
	}
	return size + size/sizeClass
}

// sizeClass is which part of what was asked for the allocator adds to it, about.
const sizeClass = 16
