package jwt

import (
	"context"
	"iter"

	"apinto-jwt/keys"
	"apinto-jwt/keys/remote"
	"apinto-jwt/token"
)

// candidates are the groups of rules that could have keys for a token, in the lists of the index.
type candidates [4][]*group

// candidates looks a token up. Where there is no group the reason says at which step it failed.
func (s *shelf) candidates(l token.Lookup, c *candidates) token.Reason {
	key := bucketKey{algorithm: keys.NewAlgorithmSet(l.Algorithm), issuer: l.Issuer}
	modes := [2]bucketKey{key, key}
	if l.HasKeyID {
		modes[0].kid, modes[0].kidMode = l.KeyID, kidExact
		modes[1].kidMode = kidAny
	}
	found := 0
	for i, issuer := range [2]string{key.issuer, ""} {
		if i == 1 && key.issuer == "" { // looked up already
			break
		}
		for j := range modes {
			if modes[j].issuer = issuer; j == 1 && !l.HasKeyID {
				continue
			}
			c[2*i+j] = s.load(modes[j])
			found += len(c[2*i+j])
		}
	}
	if found > 0 {
		return token.Accepted
	}
	return s.whyNone(key)
}

// whyNone says why no group fits: the algorithm, the issuer, or the key ID.
func (s *shelf) whyNone(key bucketKey) token.Reason {
	if keys.AlgorithmSet(s.algorithms.Load())&key.algorithm == 0 { //nolint:gosec // an AlgorithmSet was stored
		return token.AlgorithmNotAllowed
	}
	if len(s.load(key)) > 0 {
		return token.KeyUnknown
	}
	if key.issuer = ""; len(s.load(key)) > 0 {
		return token.KeyUnknown
	}
	return token.IssuerMismatch
}

// verify checks the signature with each distinct key once, until one made it, and says in which group that was. Where
// none did, the key sets that are fetched and do not have the token's key ID are asked whether there is a newer one.
func (c *candidates) verify(u *token.Unverified) (v *token.Verified, from *group, reason token.Reason) {
	var t trial
	var room [4]*keys.Set
	tried := room[:0] // the sets that are fetched, as they were tried: they may change any moment
	for g := range c.all() {
		set := g.held.keys()
		if v := t.try(u, set); v != nil {
			return v, g, token.Accepted
		}
		if g.held.live != nil {
			tried = append(tried, set)
		}
	}
	var ctx context.Context // one for all, so that several issuers do not hold a request up longer than one
	for g := range c.all() {
		if g.held.live == nil {
			continue
		}
		seen := tried[0]
		if tried = tried[1:]; !lacks(seen, u) {
			continue
		}
		if ctx == nil {
			limited, cancel := context.WithTimeout(context.Background(), remote.DefaultWait)
			defer cancel()
			ctx = limited
		}
		if set := g.held.live.Refresh(ctx, seen); set != seen {
			if v := t.try(u, set); v != nil {
				return v, g, token.Accepted
			}
		}
	}
	return nil, nil, t.reason
}

// lacks tells whether the set does not have the key that the token names, or has none at all. What keys without an ID
// make of the token says nothing of that.
func lacks(set *keys.Set, u *token.Unverified) bool {
	l := u.Lookup()
	return set.Len() == 0 || l.HasKeyID && len(set.WithID(l.KeyID)) == 0
}

// all walks the groups of all lists.
func (c *candidates) all() iter.Seq[*group] {
	return func(yield func(*group) bool) {
		for _, groups := range c {
			for _, g := range groups {
				if !yield(g) {
					return
				}
			}
		}
	}
}

// trial is one token's search for its key.
type trial struct {
	failed map[[32]byte]struct{} // keys that did not make it
	reason token.Reason          // the one that came furthest
}

// try tries the token against those keys of the set that could have made it and have not been tried.
func (t *trial) try(u *token.Unverified, set *keys.Set) *token.Verified {
	list, err := u.Candidates(set)
	if err != nil {
		t.reason = max(t.reason, token.ReasonOf(err))
		return nil
	}
	for _, key := range list {
		if _, known := t.failed[key.Thumbprint()]; known {
			continue
		}
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

// with walks the groups that have the key which verified the token, beginning with the one where it was found, if that
// is known: those before it do not have it.
func (c *candidates) with(v *token.Verified, from *group) iter.Seq[*group] {
	return func(yield func(*group) bool) {
		thumb, reached := v.Key().Thumbprint(), from == nil
		for g := range c.all() {
			if reached = reached || g == from; !reached {
				continue
			}
			if (g == from || g.has(v, thumb)) && !yield(g) {
				return
			}
		}
	}
}

// has tells whether one of the group's keys that could have signed the token is the one that did.
func (g *group) has(v *token.Verified, thumb [32]byte) bool {
	for _, key := range v.Candidates(g.held.keys()) {
		if key.Thumbprint() == thumb {
			return true
		}
	}
	return false
}
