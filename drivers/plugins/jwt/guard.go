package jwt

import (
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/eolinker/eosc/log"
)

// faultCounter counts the panics that were stopped at the boundary to the host, which has no recover of its own: a
// panic there would end the worker process.
type faultCounter struct {
	total atomic.Uint64
	seen  sync.Map // the places that have been logged
}

// caught notes a panic. The first one of each place is logged with its stack, which shows no token.
func (c *faultCounter) caught(place string) {
	c.total.Add(1)
	if _, known := c.seen.LoadOrStore(place, struct{}{}); !known {
		log.Errorf("[jwt] internal error in the filter's %s, the request is refused; further ones here are only counted\n%s",
			place, debug.Stack())
	}
}
