package cachelib

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/maphash"
	"unsafe"
)

// keying is one way to make a cache's key of a token.
type keying[K comparable] struct {
	name string
	of   func(token string) K
	hash func(K) uint64
	// matches tells whether the entry found is the token's. A key of 64 bits is a guess until the text was compared.
	matches func(e *entry, token string) bool
	// keep is the key to put an entry in with: where the key is text, the entry's own and not the request's.
	keep func(key K, e *entry) K
}

var byHash = keying[uint64]{
	name:    "uint64 (seeded hash, text compared)",
	of:      func(token string) uint64 { return maphash.String(seed, token) },
	hash:    func(k uint64) uint64 { return k },
	matches: func(e *entry, token string) bool { return e.token == token },
	keep:    func(key uint64, _ *entry) uint64 { return key },
}

var byText = keying[string]{
	name:    "string (the token)",
	of:      func(token string) string { return token },
	hash:    func(k string) uint64 { return maphash.String(seed, k) },
	matches: func(*entry, string) bool { return true },
	keep:    func(_ string, e *entry) string { return e.token },
}

var byDigest = keying[[32]byte]{
	name: "[32]byte (SHA-256)",
	of: func(token string) [32]byte { // without the copy that a conversion to bytes makes
		return sha256.Sum256(unsafe.Slice(unsafe.StringData(token), len(token)))
	},
	hash:    func(k [32]byte) uint64 { return binary.LittleEndian.Uint64(k[:8]) },
	matches: func(*entry, string) bool { return true },
	keep:    func(key [32]byte, _ *entry) [32]byte { return key },
}
