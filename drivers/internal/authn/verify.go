package authn

import (
	"context"
	"slices"
	"time"

	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/keys"
	"apinto-jwt/keys/remote"
	"apinto-jwt/token"
)

// verify checks the signature with each distinct key once, until one made it or the request has cost enough, and says in
// which group that was. If none did, the key sets that are fetched and may lack the token's key are asked whether there
// is a newer one.
func verify(c *registry.Candidates, s *registry.LocationIndex, u *token.Unverified, r *outcome) (v *token.Verified, from *registry.KeyGroup, reason token.Reason) {
	t := &r.trial
	t.reason, t.shuffled = token.Accepted, false
	var live []fetched
	try := func(g *registry.KeyGroup) bool {
		if g.Ended() {
			return false
		}
		set := g.Keys()
		if v = t.try(u, set); v != nil {
			from = g
		} else if g.Fetched() != nil {
			live = append(live, fetched{g, set})
		}
		return v != nil
	}
	if tryThose(s, c, u, t, try) {
		return v, from, token.Accepted
	}
	switch {
	case len(live) == 0:
	case r.trace != nil:
		r.trace.leave(u, live)
	default:
		if v, from = t.refresh(u, live, r); v != nil {
			return v, from, token.Accepted
		}
	}
	if t.reason == token.Accepted { // all have ended since they were looked up
		t.reason = token.IssuerMismatch
	}
	return nil, nil, t.reason
}

// tryThose tries the groups until one has the key. If there are more than a request may try, those that know the user
// whom the token names come first: no other could accept it.
func tryThose(s *registry.LocationIndex, c *registry.Candidates, u *token.Unverified, t *trial, try func(*registry.KeyGroup) bool) bool {
	var crowds [len(c)]*registry.Crowd
	many := len(c[0])+len(c[1])+len(c[2])+len(c[3]) >= registry.ManyGroups
	if t.shuffled = many && s.Crowds(u.Lookup(), &crowds); t.shuffled {
		for i, groups := range c {
			if crowds[i] == nil && slices.ContainsFunc(groups, try) || crowds[i] != nil && tryKnowing(crowds[i], u, t, try) {
				return true
			}
		}
	}
	for i, groups := range c {
		if t.shuffled && crowds[i] == nil { // they have been tried
			continue
		}
		for _, g := range groups {
			if t.exhausted() {
				return false
			}
			if try(g) {
				return true
			}
		}
	}
	return false
}

// fetched is a group whose keys are fetched, with the set as it was tried: it may change any moment.
type fetched struct {
	group *registry.KeyGroup
	set   *keys.Set
}

// refresh tries newer sets, if there are any.
func (t *trial) refresh(u *token.Unverified, live []fetched, r *outcome) (*token.Verified, *registry.KeyGroup) {
	// One limit for all, so that several issuers do not hold a request up longer than one.
	ctx, cancel := context.WithDeadline(context.Background(), r.waitsUntil())
	defer cancel()
	waiting := make([]remote.Waiting, len(live)) // for all before the first, so that a slow issuer delays no other
	for i, l := range live {
		if lacks(l.set, u) {
			waiting[i] = l.group.Fetched().Ask(l.set)
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
				set = l.group.Fetched().Refresh(ctx, set)
			}
		}
	}
	return nil, nil
}

// waitsUntil is when the request waits for keys no longer, whatever the number of places, of sets and of walks. It is set
// when the request waits for the first time: that its body was long in coming takes nothing of it.
func (r *outcome) waitsUntil() time.Time {
	if r.deadline.IsZero() {
		r.deadline = time.Now().Add(remote.DefaultWait)
	}
	return r.deadline
}

// lacks reports whether a set whose keys did not sign the token may be without the one that did: it has no key at all, or
// none with the token's key ID, or the token names none. What keys without an ID make of the token says nothing of that.
func lacks(set *keys.Set, u *token.Unverified) bool {
	l := u.Lookup()
	return set.Len() == 0 || !l.HasKeyID || len(set.WithID(l.KeyID)) == 0
}

// tryKnowing tries the groups that know the user whom the token names, until one has the key.
func tryKnowing(c *registry.Crowd, u *token.Unverified, t *trial, try func(*registry.KeyGroup) bool) (found bool) {
	registry.EachKnowing(c, u, func(g *registry.KeyGroup) bool {
		if t.exhausted() {
			return true
		}
		found = try(g)
		return found
	})
	return found
}
