package jwt

import (
	"context"

	"apinto-jwt/keys"
	"apinto-jwt/keys/remote"
	"apinto-jwt/token"
)

// candidates are the groups of rules that could have keys for a token, in the lists of the index: with and without the
// token's issuer, each with and without its key ID.
type candidates [4][]*group

// candidates looks a token up. Where there is no group the reason says at which step it failed.
func (s *shelf) candidates(l token.Lookup, c *candidates) token.Reason {
	key := bucketKey{algorithm: keys.NewAlgorithmSet(l.Algorithm), issuer: l.Issuer}
	found := s.lists(key, l, c[:2])
	if l.Issuer != "" && s.anyIssuer.Load() {
		key.issuer = ""
		found = s.lists(key, l, c[2:]) || found
	}
	if found {
		return token.Accepted
	}
	key.issuer = l.Issuer
	return s.whyNone(key)
}

// lists looks up one issuer.
func (s *shelf) lists(key bucketKey, l token.Lookup, into [][]*group) (found bool) {
	if !l.HasKeyID {
		into[0] = s.load(key)
		return len(into[0]) > 0
	}
	key.kid, key.kidMode = l.KeyID, kidExact
	into[0] = s.load(key)
	key.kid, key.kidMode = "", kidAny
	into[1] = s.load(key)
	return len(into[0])+len(into[1]) > 0
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

// having appends the groups that have the key of a verified token. If it is known where the key was found, the groups
// before that one do not have it.
func (c *candidates) having(v *token.Verified, from *group, into []*group) []*group {
	reached := from == nil
	for _, groups := range c {
		for _, g := range groups {
			if reached = reached || g == from; reached && (g == from || g.has(v)) {
				into = append(into, g)
			}
		}
	}
	return into
}

// verify checks the signature with each distinct key once, until one made it, and says in which group that was. Where
// none did, the key sets that are fetched and may lack the token's key are asked whether there is a newer one.
func (c *candidates) verify(u *token.Unverified) (v *token.Verified, from *group, reason token.Reason) {
	var t trial
	var live []fetched
	for _, groups := range c {
		for _, g := range groups {
			if g.ended() {
				continue
			}
			set := g.held.keys()
			if v := t.try(u, set); v != nil {
				return v, g, token.Accepted
			}
			if g.held.live != nil {
				live = append(live, fetched{g, set})
			}
		}
	}
	if len(live) > 0 {
		if v, from = t.refresh(u, live); v != nil {
			return v, from, token.Accepted
		}
	}
	if t.reason == token.Accepted { // all have ended since they were looked up
		t.reason = token.IssuerMismatch
	}
	return nil, nil, t.reason
}

// fetched is a group whose keys are fetched, with the set as it was tried: it may change any moment.
type fetched struct {
	group *group
	set   *keys.Set
}

// refresh tries newer sets, where there are any.
func (t *trial) refresh(u *token.Unverified, live []fetched) (*token.Verified, *group) {
	// One limit for all, so that several issuers do not hold a request up longer than one.
	ctx, cancel := context.WithTimeout(context.Background(), remote.DefaultWait)
	defer cancel()
	waiting := make([]remote.Waiting, len(live)) // for all before the first, so that a slow issuer delays no other
	for i, l := range live {
		if lacks(l.set, u) {
			waiting[i] = l.group.held.live.Ask(l.set)
		}
	}
	for i, l := range live {
		if !lacks(l.set, u) {
			continue
		}
		set := waiting[i].Await(ctx)
		for again := true; set != l.set; again = false {
			if v := t.try(u, set); v != nil {
				return v, l.group
			}
			if l.set = set; again && lacks(set, u) { // it may have changed before the key was published
				set = l.group.held.live.Refresh(ctx, set)
			}
		}
	}
	return nil, nil
}

// lacks reports whether a set whose keys did not sign the token may be without the one that did: it has no key at all, or
// none with the token's key ID, or the token names none. What keys without an ID make of the token says nothing of that.
func lacks(set *keys.Set, u *token.Unverified) bool {
	l := u.Lookup()
	return set.Len() == 0 || !l.HasKeyID || len(set.WithID(l.KeyID)) == 0
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

// has tells whether one of the group's keys that could have signed the token is the one that did.
func (g *group) has(v *token.Verified) bool {
	thumb := v.Key().Thumbprint()
	for _, key := range v.Candidates(g.held.keys()) {
		if key.Thumbprint() == thumb {
			return true
		}
	}
	return false
}
