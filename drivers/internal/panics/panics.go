// Package panics counts the panics that are stopped at the boundary to the host.
package panics

import (
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/eolinker/eosc/log"
)

// Counter counts the panics that were stopped at the boundary to the host, which has no recover of its own: a panic
// there would end the worker process.
type Counter struct {
	total atomic.Uint64
	seen  sync.Map // the places that have been logged
}

// Caught notes a panic, and that what was asked for is refused. The first one of each place is logged with its stack,
// which shows no token.
func (c *Counter) Caught(place, refused string) {
	c.total.Add(1)
	if _, known := c.seen.LoadOrStore(place, struct{}{}); !known {
		log.Errorf("[jwt] internal error in %s, %s is refused; further ones here are only counted\n%s", place, refused, debug.Stack())
	}
}

// Total returns how many there were.
func (c *Counter) Total() uint64 { return c.total.Load() }

// Asked is what a panic refuses in a call of the host, for the log.
const Asked = "the request or configuration"

// later is what a panic stops in work that goes on by itself, for the log.
const later = "this round of it"

// Stopped notes a panic in work that goes on by itself.
func (c *Counter) Stopped(place string) { c.Caught(place, later) }
