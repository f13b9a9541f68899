package keys

import (
	"crypto/hmac"
	"hash"
	"sync"
	"unsafe"
)

// macPools keeps HMAC states of one secret ready for use, a pool for each hash: making a state costs two hash blocks
// and five allocations, a Reset of a used one next to nothing.
type macPools [3]sync.Pool

// init gives the pools their secret.
func (p *macPools) init(secret material) {
	for i := range p {
		newHash := algorithms[i].hash.New // the table begins with HS256, HS384, HS512
		p[i].New = func() any { return &macState{Hash: hmac.New(newHash, secret())} }
	}
}

// macState is one HMAC state with room for its result.
type macState struct {
	hash.Hash
	sum [64]byte
}

// VerifyMAC reports, in time that does not depend on the MAC's bytes, whether mac is the HMAC of the message under the
// key (RFC 7518 §3.2). False for a key that is no secret or may not verify the algorithm.
func (k *Key) VerifyMAC(a Algorithm, message string, mac []byte) bool {
	if k.kind != KindSecret || !k.Allows(a) {
		return false
	}
	pool := &k.macs[a.index()]
	state := pool.Get().(*macState)
	state.Reset()
	state.Write(bytesOf(message))
	ok := hmac.Equal(state.Sum(state.sum[:0]), mac)
	pool.Put(state)
	return ok
}

// bytesOf returns a string's bytes without a copy; they are only read.
func bytesOf(s string) []byte {
	return unsafe.Slice(unsafe.StringData(s), len(s)) //nolint:gosec // saves a copy of the signed text per check
}
