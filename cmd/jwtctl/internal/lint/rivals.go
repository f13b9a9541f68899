package lint

import (
	"fmt"
	"slices"
	"strings"

	"apinto-jwt/token"
)

// rival is a pair of entries that share a signer and users. If both accept a token, the first is taken.
type rival struct{ first, second *entry }

// maxCompared bounds with how many others an entry is compared that claim one user: findings about the first ones tell enough.
const maxCompared = 100

// maxTold is how many others are named that claim an entry's tokens.
const maxTold = 3

// lookAtRivals notes entries that claim one token. The driver takes the one whose rule comes first in an order that
// depends on the rules' content.
func lookAtRivals(_ *Input, entries []*entry, r *reporter) {
	pairs, shared := rivals(entries)
	told := make(map[*entry]int)
	for _, pair := range pairs {
		if told[pair.second]++; told[pair.second] > maxTold {
			continue
		}
		if pair.tell(shared[pair], r) == idUnreachable {
			told[pair.second] = maxTold
		}
	}
}

// tell notes what is to be said of the pair, which shares these users, and returns its ID; empty: nothing.
func (p rival) tell(users []string, r *reporter) string {
	others := p.first.app.ID != p.second.app.ID
	switch {
	case p.first.rule.Order == p.second.rule.Order:
		if !others {
			return ""
		}
		r.add(idClaimedTwice, p.second.at("users"), fmt.Sprintf("has %s of %s too, which has the same rule", people(users), p.first.name()))
	case p.first.covers(p.second) && p.first.takesAll(p.second, users):
		r.add(idUnreachable, p.second.at("config"), "every token that it accepts goes to "+p.first.name())
		return idUnreachable
	case others:
		r.add(idClaimedTwice, p.second.at("users"), fmt.Sprintf("tokens of %s are claimed by %s too, which gets them", people(users), p.first.name()))
	}
	return idClaimedTwice
}

// rivals returns the pairs of entries that claim one token, in the order in which they are met, and the users of each pair.
func rivals(entries []*entry) (pairs []rival, shared map[rival][]string) {
	shared = make(map[rival][]string)
	for _, claimed := range claims(entries) {
		for i, a := range claimed.entries {
			for _, b := range claimed.entries[:min(i, maxCompared)] {
				if a == b || !a.rule.Overlaps(b.rule) || a.namedAt() != b.namedAt() {
					continue
				}
				pair := rival{b, a}
				if a.rule.Order < b.rule.Order {
					pair = rival{a, b}
				}
				if _, known := shared[pair]; !known {
					pairs = append(pairs, pair)
				}
				if !slices.Contains(shared[pair], claimed.user) {
					shared[pair] = append(shared[pair], claimed.user)
				}
			}
		}
	}
	return pairs, shared
}

// anyone stands for every user in the list of who is claimed.
const anyone = "\x00any"

// claimants are the entries that take a user's tokens by one signer.
type claimants struct {
	user    string
	entries []*entry
}

// claims lists who is claimed by several entries, so that not every pair of entries has to be compared.
func claims(entries []*entry) []*claimants {
	type claim struct{ signer, user string }
	index := make(map[claim]*claimants)
	var list []*claimants
	for _, e := range entries {
		users := e.users.Names()
		if e.users.Any != nil {
			users = append(users, anyone)
		}
		for _, signer := range e.rule.Signers() {
			for _, user := range users {
				c, ok := index[claim{signer, user}]
				if !ok {
					c = &claimants{user: user}
					index[claim{signer, user}] = c
					list = append(list, c)
				}
				c.entries = append(c.entries, e)
			}
		}
	}
	return slices.DeleteFunc(list, func(c *claimants) bool { return len(c.entries) < 2 })
}

// namedAt returns where the rule finds the user's name: rules that find it elsewhere name other users.
func (e *entry) namedAt() string {
	if e.rule.Path.IsZero() {
		return ""
	}
	if names, ok := e.rule.Path.Members(); ok {
		return strings.Join(names, "\x00")
	}
	return e.rule.Path.String()
}

// people names users for a finding.
func people(users []string) string {
	names := make([]string, 0, 3)
	for _, user := range users {
		switch {
		case len(names) == 3:
			return strings.Join(names, ", ") + fmt.Sprintf(" and %d more users", len(users)-3)
		case user == anyone:
			names = append(names, "every user")
		default:
			names = append(names, fmt.Sprintf("%q", user))
		}
	}
	return strings.Join(names, ", ")
}

// takesAll reports whether the entry has all users of the other, of which it shares these.
func (e *entry) takesAll(other *entry, shared []string) bool {
	if other.users.Any != nil {
		return slices.Contains(shared, anyone) && len(e.users.List) == len(other.users.List) && len(shared) == len(other.users.List)+1
	}
	return len(shared) == len(other.users.List)
}

// covers reports whether every token that the other rule accepts is accepted by this one too, as far as what they demand
// shows. False says nothing.
func (e *entry) covers(other *entry) bool {
	a, b := &e.rule.Expected, &other.rule.Expected
	for _, l := range other.rule.Locations {
		if !slices.Contains(e.rule.Locations, l) {
			return false
		}
	}
	if e.rule.Keys.Algorithms|other.rule.Keys.Algorithms != e.rule.Keys.Algorithms || !signsAll(e, other) {
		return false
	}
	return (a.Issuer == "" || a.Issuer == b.Issuer) && (a.Type == "" || token.SameType(a.Type, b.Type)) &&
		subset(b.Audience, a.Audience) && milder(a, b) && claimsWithin(b.Claims, a.Claims)
}

// signsAll reports whether the entry has every signer of the other.
func signsAll(e, other *entry) bool {
	signers := e.rule.Signers()
	return !slices.ContainsFunc(other.rule.Signers(), func(s string) bool { return !slices.Contains(signers, s) })
}

// subset reports whether one of the outer list is found wherever one of the inner list is. An empty list demands nothing.
func subset(inner, outer []string) bool {
	if len(outer) == 0 {
		return true
	}
	return len(inner) > 0 && !slices.ContainsFunc(inner, func(name string) bool { return !slices.Contains(outer, name) })
}

// milder reports whether what holds for b's times holds for a's.
func milder(a, b *token.Expected) bool {
	demand := func(a, b token.Demand) bool {
		return a == token.Ignore || a == b || a == token.Honour && b == token.Require
	}
	lifetime := a.MaxLifetime == 0 || b.MaxLifetime > 0 && a.MaxLifetime >= b.MaxLifetime
	return demand(a.Exp, b.Exp) && demand(a.Nbf, b.Nbf) && lifetime && a.Leeway >= b.Leeway && (a.FutureIssue || !b.FutureIssue)
}

// claimsWithin reports whether each demand of outer is met wherever those of inner are.
func claimsWithin(inner, outer []token.ExpectedClaim) bool {
	return !slices.ContainsFunc(outer, func(o token.ExpectedClaim) bool {
		return !slices.ContainsFunc(inner, func(i token.ExpectedClaim) bool {
			if i.Path.String() != o.Path.String() {
				return false
			}
			return len(o.Values) == 0 || len(i.Values) > 0 && !slices.ContainsFunc(i.Values, func(v token.Value) bool { return !slices.ContainsFunc(o.Values, v.Overlaps) })
		})
	})
}
