package lint

import (
	"cmp"
	"fmt"
	"slices"

	"apinto-jwt/keys"
	"apinto-jwt/rule"
)

// manyKeys is from how many keys on without an ID their number is told.
const manyKeys = 8

// keyPlace is where keys are looked for: a token of this algorithm and issuer at this location.
type keyPlace struct {
	location  rule.Location
	algorithm keys.Algorithm
	issuer    string
}

// compare puts places in an order.
func (p keyPlace) compare(other keyPlace) int {
	return cmp.Or(
		cmp.Compare(p.location.Position, other.location.Position), cmp.Compare(p.location.Name, other.location.Name),
		cmp.Compare(p.algorithm, other.algorithm), cmp.Compare(p.issuer, other.issuer),
	)
}

// lookAtKeys counts the keys that a token without a kid, or any token where keys have none, is tried against.
func lookAtKeys(_ *Input, entries []*entry, r *reporter) {
	found := make(map[keyPlace]map[[32]byte]bool)
	first := make(map[keyPlace]*entry)
	for _, e := range entries {
		if e.rule.Keys.Set == nil {
			continue
		}
		for _, key := range e.rule.Keys.Set.Keys() {
			if key.ID() != "" {
				continue
			}
			for _, algorithm := range key.Algorithms().List() {
				for _, location := range e.rule.Locations {
					p := keyPlace{location, algorithm, e.rule.Issuer}
					if found[p] == nil {
						found[p], first[p] = make(map[[32]byte]bool), e
					}
					found[p][key.Thumbprint()] = true
				}
			}
		}
	}
	places := make([]keyPlace, 0, len(found))
	for p := range found {
		places = append(places, p)
	}
	slices.SortFunc(places, keyPlace.compare)
	for _, p := range places {
		if n := len(found[p]); n > manyKeys {
			e := first[p]
			r.add(idManyKeys, e.at(e.keyField()), fmt.Sprintf(
				"is one of %d keys without an ID for %s tokens of %s at %s %s", n, p.algorithm, issuerName(p.issuer), p.location.Position, p.location.Name))
		}
	}
}

// issuerName names an issuer for people.
func issuerName(iss string) string {
	if iss == "" {
		return "any issuer"
	}
	return fmt.Sprintf("iss %q", iss)
}
