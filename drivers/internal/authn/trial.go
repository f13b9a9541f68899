package authn

import (
	"apinto-jwt/drivers/internal/registry"
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

// exhausted reports whether the request may try no more keys.
func (t *trial) exhausted() bool { return t.spent >= registry.MaxCost }

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
		t.spent += registry.KeyCost(key, len(u.Raw()))
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
