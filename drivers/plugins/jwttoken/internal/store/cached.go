package store

import (
	"sync"
	"sync/atomic"
	"time"
)

// Cached is a store with what this process knows of it. The driver asks it on each request with a token of a rule that
// issues.
type Cached struct {
	Store
	name  string
	now   func() time.Time
	allow atomic.Bool // Whether what the process knows does not count while the store fails.

	retryAt   atomic.Int64 // When a request asks the failing store again, in unix nanoseconds; 0 while it answers.
	slowUntil atomic.Int64 // Until when logins do not wait for the store, in unix nanoseconds; 0 if it never was slow.
	logged    atomic.Int64 // When a failure was last logged, in unix seconds; 0 before the first.

	mu       sync.Mutex
	known    *expiring[struct{}]  // Families and tokens that have been ended, for as long as that matters.
	refusals *expiring[time.Time] // Counters that refuse, until when.
}

var _ Store = (*Cached)(nil)

// NewCached returns the store with nothing known of it yet. The name is for the log.
func NewCached(name string, s Store, now func() time.Time) *Cached {
	return &Cached{Store: s, name: name, now: now, known: newExpiring[struct{}](), refusals: newExpiring[time.Time]()}
}

// AllowOnFailure decides about tokens that the process knows to be revoked, while the store does not answer: whether
// they are accepted. The last call counts.
func (c *Cached) AllowOnFailure(allow bool) { c.allow.Store(allow) }

// Revoked reports whether the token or its family has been ended. While the store does not answer, it is what the
// process knows, or nothing if AllowOnFailure says so. A token that expires at the zero time never does.
func (c *Cached) Revoked(id string, expires time.Time) bool {
	now := c.now()
	failing, retry := c.failing(now)
	if failing && !retry {
		return !c.allow.Load() && c.knows(id, now)
	}
	if !failing && c.knows(id, now) {
		return true
	}
	ended, err := c.Ended(id)
	if err != nil {
		c.retryAt.Store(c.now().Add(retryEvery).UnixNano())
		c.LogFailure(err)
		return !c.allow.Load() && c.knows(id, now)
	}
	if failing {
		c.retryAt.Store(0)
	}
	if ended {
		if expires.IsZero() {
			expires = now.Add(24 * time.Hour)
		}
		c.record(id, expires.Add(MaxLeeway))
	}
	return ended || c.knows(id, now)
}

// End implements Store, and records what it has ended.
func (c *Cached) End(family string, keep time.Duration) error {
	err := c.Store.End(family, keep)
	if err == nil {
		c.RecordEnded(family, keep)
	}
	return err
}

// RecordEnded records that a family has been ended, for as long as that matters.
func (c *Cached) RecordEnded(family string, keep time.Duration) {
	c.record(wholeFamily(family), c.now().Add(keep))
}

// Revoke implements Store, and records what it has ended.
func (c *Cached) Revoke(id string, keep time.Duration) error {
	until := c.now().Add(keep)
	err := c.Store.Revoke(id, keep)
	if err == nil {
		c.record(id, until)
	}
	return err
}

// Reserve implements Store, and records what refuses.
func (c *Cached) Reserve(counter, id string, l Limit) (Standing, time.Duration, error) {
	s, left, err := c.Store.Reserve(counter, id, l)
	if err == nil && s == Refused {
		c.recordRefusal(counter, left)
	}
	return s, left, err
}
