package registry

import (
	"cmp"
	"slices"
	"time"

	"github.com/eolinker/eosc/log"

	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/internal/printable"
	"apinto-jwt/keys"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// crowded are the rules in force that are too many for one request.
func (x *index) crowded() []CrowdedRules {
	list := []CrowdedRules{}
	for _, s := range x.locations() {
		s.lists.Range(func(key listKey, b *candidateList) bool {
			if key.kidMode != kidNone {
				return true
			}
			all := listKey{algorithm: key.algorithm}
			if anyIssuer, ok := s.lists.Load(all); ok && key.issuer != "" {
				list = appendCrowded(list, s.Location, key, b, anyIssuer)
			} else {
				list = appendCrowded(list, s.Location, key, b)
			}
			return true
		})
	}
	slices.SortFunc(list, func(a, b CrowdedRules) int {
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Algorithm, b.Algorithm), cmp.Compare(a.Issuer, b.Issuer))
	})
	return list
}

// appendCrowded appends what is looked up in the buckets for one algorithm and issuer, if that is too much.
func appendCrowded(list []CrowdedRules, p rule.Location, key listKey, buckets ...*candidateList) []CrowdedRules {
	most := 0
	for _, b := range buckets {
		most += b.cost
	}
	if most <= MaxCost {
		return list
	}
	algorithm := key.algorithm.List()[0]
	different := make(map[[32]byte]struct{})
	cost := 0
	for _, b := range buckets {
		for _, g := range b.all() {
			if g.Ended() {
				continue
			}
			for _, k := range fitting(g.handle.keys(), algorithm) {
				if _, known := different[k.Thumbprint()]; !known {
					different[k.Thumbprint()] = struct{}{}
					cost += KeyCost(k, 0)
				}
			}
		}
	}
	if cost <= MaxCost {
		return list
	}
	return append(list, CrowdedRules{
		Place: p.Position + " " + p.Name, Algorithm: string(algorithm), Issuer: printable.Text(key.issuer),
		Keys: len(different), Tried: len(different) * MaxCost / cost,
	})
}

// fitting are the keys of a set that a token of the algorithm is tried against.
func fitting(set *keys.Set, algorithm keys.Algorithm) []*keys.Key {
	var list []*keys.Key
	for _, k := range set.Keys() {
		if k.Allows(algorithm) && len(list) < token.MaxKeys {
			list = append(list, k)
		}
	}
	return list
}

// Crowded are the rules in force that are too many for one request.
func (g *Registry) Crowded() []CrowdedRules {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.index.crowded()
}

// crowdedAfter is how long after a rule has been put in force the log says what is crowded: many may come at once.
const crowdedAfter = 5 * time.Second

// WarnOfCrowded has the log say before long which rules are crowded, each once until they are not.
func (g *Registry) WarnOfCrowded(panics *panics.Counter) {
	if !g.index.crowds.Load() || !g.crowdedLog.due.CompareAndSwap(false, true) {
		return
	}
	time.AfterFunc(crowdedAfter, func() {
		defer func() {
			if p := recover(); p != nil {
				panics.Caught("warnOfCrowded", "nothing")
			}
		}()
		g.crowdedLog.due.Store(false)
		for _, c := range g.crowdedLog.Unsaid(g.Crowded()) {
			log.Warn("[jwt] ", c.String())
		}
	})
}
