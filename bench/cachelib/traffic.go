package cachelib

import (
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"
)

// The traffic: nine of ten requests bring one of a set of tokens, popular ones far more often than others (Zipf), one
// of ten a token that comes once and never again.
const (
	tokens    = 40_000
	zipfS     = 1.05
	newShare  = 0.1
	tokenSize = 300 // bytes of text
	entrySize = 640 // bytes that an entry counts for
)

// sequence is the number of each request's token: those from tokens on come once.
func sequence(n int, source *rand.Rand) []uint32 {
	zipf := rand.NewZipf(source, zipfS, 8, tokens-1)
	list := make([]uint32, n)
	fresh := uint32(tokens)
	for i := range list {
		if source.Float64() < newShare {
			list[i] = fresh
			fresh++
		} else {
			list[i] = uint32(zipf.Uint64())
		}
	}
	return list
}

// tokenText is a text of a token's length that the number determines.
func tokenText(number uint32) string {
	source := rand.New(rand.NewPCG(uint64(number), 1))
	raw := make([]byte, 0, tokenSize)
	for len(raw) < tokenSize*3/4 {
		raw = binary.LittleEndian.AppendUint64(raw, source.Uint64())
	}
	return base64.RawURLEncoding.EncodeToString(raw)[:tokenSize]
}
