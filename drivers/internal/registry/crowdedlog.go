package registry

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// CrowdedRules are rules that a token without "kid" may be for, with more keys than a request may try.
type CrowdedRules struct {
	Place     string `json:"place"`
	Algorithm string `json:"algorithm"`
	Issuer    string `json:"iss,omitempty"` // Empty: any.
	Keys      int    `json:"keys"`
	Tried     int    `json:"tried"` // Keys that a request tries, about.
}

// String is the warning for the log, with the remedy.
func (c CrowdedRules) String() string {
	return fmt.Sprintf("rules for %s at %s with iss %.200q have %d different keys, and a request tries some %d of them: "+
		"give the rules different iss, or their keys a kid in a key set, or place them apart", c.Algorithm, c.Place, c.Issuer, c.Keys, c.Tried)
}

// CrowdedLog is what the log has said of crowded rules.
type CrowdedLog struct {
	due   atomic.Bool
	mu    sync.Mutex
	known map[crowdedKey]bool
}

// crowdedKey tells crowded rules from others.
type crowdedKey struct{ place, algorithm, issuer string }

// Unsaid are those that the log has not said yet, or that were in order since.
func (l *CrowdedLog) Unsaid(now []CrowdedRules) []CrowdedRules {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, list := make(map[crowdedKey]bool), now[:0]
	for _, c := range now {
		key := crowdedKey{c.Place, c.Algorithm, c.Issuer}
		if known[key] = true; !l.known[key] {
			list = append(list, c)
		}
	}
	l.known = known
	return list
}
