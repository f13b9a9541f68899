// Package metrics counts requests by what they came to (counters.go), and writes Prometheus's text (text.go).
package metrics

import (
	"cmp"
	"slices"
	"sync/atomic"
	"time"

	"github.com/puzpuzpuz/xsync/v4"

	"apinto-jwt/internal/printable"
	"apinto-jwt/token"
)

// maxCounters bounds the counters of a process. What comes beyond is counted without application and key ID.
const maxCounters = 100_000

// Key is what requests are counted by. Application and key ID are known only of tokens whose signature has been
// verified: before that a stranger could choose them.
type Key struct {
	Reason      token.Reason
	Application string
	KeyID       string
}

// Counter counts requests of one key, with the time of the last.
type Counter struct {
	count atomic.Uint64
	last  atomic.Int64 // Unix seconds.
}

// Count counts a request of this time.
func (c *Counter) Count(now time.Time) {
	c.count.Add(1)
	if seconds := now.Unix(); c.last.Load() != seconds { // a second's first writer is enough
		c.last.Store(seconds)
	}
}

// Counters are the counters of a process.
type Counters struct {
	all *xsync.Map[Key, *Counter]
	// plain are those by reason alone, once they are there.
	plain [token.ReasonCount]atomic.Pointer[Counter]
}

// New makes counters that have counted nothing.
func New() *Counters { return &Counters{all: xsync.NewMap[Key, *Counter]()} }

// Plain returns the counter of all that were refused for this reason before a signature was verified.
func (c *Counters) Plain(reason token.Reason) *Counter {
	one := c.plain[reason].Load()
	if one == nil {
		one = c.Of(Key{Reason: reason})
		c.plain[reason].Store(one)
	}
	return one
}

// Of returns the key's counter, creating it if missing.
func (c *Counters) Of(key Key) *Counter {
	one, ok := c.all.Load(key)
	if !ok {
		if c.all.Size() >= maxCounters {
			key.Application, key.KeyID = "", ""
		}
		one, _ = c.all.LoadOrCompute(key, func() (*Counter, bool) { return new(Counter), false })
	}
	return one
}

// Latest remembers the counter that was used last, which is mostly the next one too.
type Latest struct{ used atomic.Pointer[keyed] }

// keyed is a counter with its key.
type keyed struct {
	key     Key
	counter *Counter
}

// Of returns the key's counter of all, by way of the one that was used last.
func (l *Latest) Of(key Key, all *Counters) *Counter {
	last := l.used.Load()
	if last == nil || last.key != key {
		last = &keyed{key, all.Of(key)}
		l.used.Store(last)
	}
	return last.counter
}

// State is what a counter has counted.
type State struct {
	Reason      string    `json:"reason"`
	Application string    `json:"application,omitempty"`
	KeyID       string    `json:"kid,omitempty"`
	Count       uint64    `json:"count"`
	LastUsed    time.Time `json:"last_used"`
}

// States returns what all counters have counted, in order.
func (c *Counters) States() []State {
	list := []State{}
	c.all.Range(func(key Key, one *Counter) bool {
		list = append(list, State{
			Reason: key.Reason.String(), Application: key.Application, KeyID: printable.Text(key.KeyID),
			Count: one.count.Load(), LastUsed: time.Unix(one.last.Load(), 0).UTC(),
		})
		return true
	})
	slices.SortFunc(list, func(a, b State) int {
		return cmp.Or(cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Application, b.Application), cmp.Compare(a.KeyID, b.KeyID))
	})
	return list
}
