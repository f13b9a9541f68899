package jwt

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"

	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// trial is a request's search for the key of its token, over all rules and places.
type trial struct {
	failed map[[32]byte]struct{} // Keys that did not make it.
	reason token.Reason          // Reason that came furthest.
	spent  int                   // Cost of the signature checks so far.
	// shuffled tells that the groups were not tried in the order of their lists.
	shuffled bool
}

// Signature checks are counted by what they cost, in the time that HMAC with SHA-256 takes for a short token: some 0.3 µs.
// So many rules with secrets stand in nobody's way, and a stranger cannot keep a processor busy with public keys.
const (
	// maxCost bounds the checks of one request: 5 ms on one processor.
	maxCost = 16 << 10

	costEd25519 = 100
	costRSA     = 100 // With 2048 bits; it grows with their square.
	costP256    = 160
	costP384    = 1200
	// maxKeyCost is the most that one key counts, so that a request is tried against eight of any kind.
	maxKeyCost = maxCost / token.MaxKeys
	// macBlock is how many bytes of a token cost as much as one short token. SHA-512 takes twice the time of SHA-256.
	macBlock = 512
)

// costOf is what a check of so many signed bytes with the key costs.
func costOf(key *keys.Key, signed int) int {
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

// exhausted reports whether the request may try no more keys.
func (t *trial) exhausted() bool { return t.spent >= maxCost }

// try tries the token against those keys of the set that could have made it and have not been tried.
func (t *trial) try(u *token.Unverified, set *keys.Set) *token.Verified {
	list, err := u.Candidates(set)
	if err != nil {
		t.reason = max(t.reason, token.ReasonOf(err))
		return nil
	}
	for _, key := range list {
		if _, known := t.failed[key.Thumbprint()]; known {
			t.reason = max(t.reason, token.SignatureInvalid)
			continue
		}
		if t.exhausted() {
			t.reason = max(t.reason, token.SignatureInvalid)
			return nil
		}
		t.spent += costOf(key, len(u.Raw()))
		v, err := u.VerifyWith(key)
		if err == nil {
			return v
		}
		t.reason = max(t.reason, token.ReasonOf(err))
		if t.failed == nil {
			t.failed = make(map[[32]byte]struct{})
		}
		t.failed[key.Thumbprint()] = struct{}{}
	}
	return nil
}
