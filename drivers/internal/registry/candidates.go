package registry

import (
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// Candidates are the groups of rules that could have keys for a token, in the lists of the index: with and without the
// token's issuer, each with and without its key ID.
type Candidates [4][]*KeyGroup

// Candidates looks a token up. If there is no group, the reason says at which step it failed.
func (s *LocationIndex) Candidates(l token.Lookup, c *Candidates) token.Reason {
	key := listKey{algorithm: keys.NewAlgorithmSet(l.Algorithm), issuer: l.Issuer}
	found := s.lookUp(key, l, c[:2])
	if l.Issuer != "" && s.anyIssuer.Load() {
		key.issuer = ""
		found = s.lookUp(key, l, c[2:]) || found
	}
	if found {
		return token.Accepted
	}
	key.issuer = l.Issuer
	return s.whyNone(key)
}

// lookUp looks up one issuer.
func (s *LocationIndex) lookUp(key listKey, l token.Lookup, into [][]*KeyGroup) (found bool) {
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
func (s *LocationIndex) whyNone(key listKey) token.Reason {
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

// Having appends the groups that have the key of a verified token. If it is known where the key was found, the groups
// before that one do not have it.
func (c *Candidates) Having(v *token.Verified, from *KeyGroup, into []*KeyGroup) []*KeyGroup {
	reached := from == nil
	for _, groups := range c {
		for _, g := range groups {
			if reached = reached || g == from; reached && (g == from || g.Has(v)) {
				into = append(into, g)
			}
		}
	}
	return into
}

// Has reports whether one of the group's keys that could have signed the token is the one that did.
func (g *KeyGroup) Has(v *token.Verified) bool {
	thumb := v.Key().Thumbprint()
	for _, key := range v.Candidates(g.handle.keys()) {
		if key.Thumbprint() == thumb {
			return true
		}
	}
	return false
}
