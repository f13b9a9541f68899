package store

import (
	"strings"
	"time"
)

// maxKnown bounds what a process knows of a store: ended tokens and families, and beside them counters that refuse.
const maxKnown = 100_000

// expireAtOnce is how many ended entries make room when one is added.
const expireAtOnce = 2

// knows reports whether the process knows that the token or its family has been ended.
func (c *Cached) knows(id string, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known.len() == 0 {
		return false
	}
	if i := strings.IndexByte(id, '.'); i >= 0 {
		if _, known := c.known.get(id[:i+1], now); known { // as wholeFamily, without a copy
			return true
		}
	}
	_, known := c.known.get(id, now)
	return known
}

// wholeFamily returns what a family is known by, which is no token's ID.
func wholeFamily(family string) string { return family + "." }

// record records that a token, or a whole family, has been ended. If there is no room, what matters for the shortest
// time goes.
func (c *Cached) record(id string, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	for range expireAtOnce {
		c.known.expired(now)
	}
	if _, known := c.known.entries[id]; !known && c.known.len() >= maxKnown {
		if soonest, _ := c.known.next(); !soonest.Before(until) {
			return
		}
		c.known.dropSoonest()
	}
	c.known.put(id, struct{}{}, until)
}

// recordRefusal records that a counter refuses for so long.
func (c *Cached) recordRefusal(counter string, left time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	for range expireAtOnce {
		c.refusals.expired(now)
	}
	if c.refusals.len() >= maxKnown {
		c.refusals.dropSoonest() // the store is asked again then
	}
	c.refusals.put(counter, now.Add(left), now.Add(left))
}

// Refuses returns how long a counter is known to refuse; 0 if it is not.
func (c *Cached) Refuses(counter string) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	until, known := c.refusals.get(counter, now)
	if !known {
		return 0
	}
	return until.Sub(now)
}
