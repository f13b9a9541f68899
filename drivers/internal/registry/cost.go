package registry

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"

	"apinto-jwt/keys"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// Signature checks are counted by what they cost, in the time that HMAC with SHA-256 takes for a short token: some 0.3 µs.
// So many rules with secrets stand in nobody's way, and a stranger cannot keep a processor busy with public keys.
const (
	// MaxCost bounds the checks of one request: 5 ms on one processor.
	MaxCost = 16 << 10

	costEd25519 = 100
	costRSA     = 100 // With 2048 bits; it grows with their square.
	costP256    = 160
	costP384    = 1200
	// maxKeyCost is the most that one key counts, so that a request is tried against eight of any kind.
	maxKeyCost = MaxCost / token.MaxKeys
	// macBlock is how many bytes of a token cost as much as one short token. SHA-512 takes twice the time of SHA-256.
	macBlock = 512
)

// KeyCost is what a check of so many signed bytes with the key costs.
func KeyCost(key *keys.Key, signed int) int {
	switch public := key.Public().(type) {
	case *rsa.PublicKey:
		return min(maxKeyCost, costRSA*public.Size()*public.Size()/(256*256))
	case *ecdsa.PublicKey:
		switch bits := public.Curve.Params().BitSize; {
		case bits <= 256:
			return costP256
		case bits <= 384:
			return costP384
		}
		return maxKeyCost
	case ed25519.PublicKey:
		return costEd25519
	}
	return 1 + signed/macBlock
}

// costOfKeys is what trying a source's keys for an algorithm costs a request, as far as that is known.
func costOfKeys(s *rule.KeySource, algorithm keys.AlgorithmSet) int {
	if s.Remote != nil { // its keys come and go
		return token.MaxKeys * costOfUnknown(algorithm)
	}
	total, count := 0, 0
	for _, key := range s.Set.Keys() {
		if key.Algorithms()&algorithm != 0 && count < token.MaxKeys {
			total += KeyCost(key, 0)
			count++
		}
	}
	return total
}

// costOfUnknown is what a check with a usual key for the algorithm costs.
func costOfUnknown(algorithm keys.AlgorithmSet) int {
	switch {
	case algorithm&keys.NewAlgorithmSet(keys.ES256) != 0:
		return costP256
	case algorithm&keys.NewAlgorithmSet(keys.ES384) != 0:
		return costP384
	case algorithm&keys.NewAlgorithmSet(keys.ES512) != 0:
		return maxKeyCost
	case algorithm&keys.NewAlgorithmSet(keys.HS256, keys.HS384, keys.HS512) != 0:
		return 1
	}
	return costRSA
}
