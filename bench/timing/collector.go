package timing

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// collector collects garbage between the batches instead of while one is timed. What Prepare makes would else be paid
// for by whoever runs next, the fast ones most of all; what a contender makes itself is told by its allocations.
type collector struct {
	former int // of GOGC
	limit  uint64
	heap   [1]metrics.Sample
}

// newlyMade is how much may be allocated before a collection, in bytes: what the runtime's own collector lets pass in
// a small process.
const newlyMade = 8 << 20

// newCollector takes the collector over until stop.
func newCollector() *collector {
	c := &collector{former: debug.SetGCPercent(-1)}
	c.heap[0].Name = "/gc/heap/allocs:bytes"
	c.collect()
	return c
}

// tidy collects garbage if it is time to.
func (c *collector) tidy() {
	if c == nil {
		return
	}
	if c.allocated() > c.limit {
		c.collect()
	}
}

func (c *collector) collect() {
	runtime.GC()
	c.limit = c.allocated() + newlyMade
}

// allocated returns all that was ever allocated, in bytes.
func (c *collector) allocated() uint64 {
	metrics.Read(c.heap[:])
	if c.heap[0].Value.Kind() != metrics.KindUint64 {
		return math.MaxUint64 // a runtime without it: collect every time
	}
	return c.heap[0].Value.Uint64()
}

// stop gives the collector back to the runtime.
func (c *collector) stop() {
	if c != nil {
		debug.SetGCPercent(c.former)
	}
}
