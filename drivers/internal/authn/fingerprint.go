package authn

import (
	"hash/maphash"
	"sync/atomic"

	"apinto-jwt/token"
)

// fingerprints computes the fingerprints of refused tokens, and keeps some of the last: who sends a token that is refused
// mostly sends it again, and the SHA-256 of it takes as long as all else that a refusal costs.
type fingerprints struct {
	seed maphash.Seed // secret, so that nobody can choose tokens of one number
	last [1 << 8]atomic.Pointer[fingerprint]
}

// fingerprint is that of the token with the number. The token itself is not kept.
type fingerprint struct {
	number uint64
	text   string
}

func newFingerprints() *fingerprints { return &fingerprints{seed: maphash.MakeSeed()} }

// of is the token's fingerprint.
func (f *fingerprints) of(raw string) string {
	number := maphash.String(f.seed, raw)
	slot := &f.last[number%uint64(len(f.last))]
	if last := slot.Load(); last != nil && last.number == number {
		return last.text
	}
	text := token.Fingerprint(raw)
	slot.Store(&fingerprint{number, text})
	return text
}
