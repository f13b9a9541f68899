// Package timing measures contenders side by side: in every round each one runs for a slice of time, in an order that
// rotates, so that whatever else the machine does hits all alike. What counts is the median of the rounds.
package timing

import (
	"context"
	"runtime"
	"time"
)

// Contender is one way to do the work that is compared.
type Contender struct {
	Name string
	// Batch is how many operations one call of Run does.
	Batch int
	// Prepare makes what the next call of Run uses up; its time is not counted. It may be nil.
	Prepare func()
	// Run does the operations; its time is counted.
	Run func()
}

// Options bound a comparison.
type Options struct {
	Rounds int           // at least 1
	Slice  time.Duration // for each contender in each round, with the time for preparing
	// Alone says that the contenders do all their work in the goroutine that calls Run. Then what counts is the time that
	// its thread has the processor, and garbage is collected between the batches.
	Alone bool
	// Context ends a comparison before its time. May be nil.
	Context context.Context //nolint:containedctx // the options of one call
}

// Ended reports whether the measuring is over.
func (o Options) Ended() bool { return o.Context != nil && o.Context.Err() != nil }

// Compare measures the contenders and returns their results in the same order.
func Compare(o Options, contenders []Contender) Results {
	results := make(Results, len(contenders))
	m := meter{now: wallTime}
	if o.Alone {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		m.now, m.garbage = threadTime, newCollector()
		defer m.garbage.stop()
	}
	m.cost = m.now.cost()
	for i, c := range contenders {
		if results[i].Name = c.Name; o.Ended() {
			continue
		}
		results[i].Allocs, results[i].Bytes = allocations(c, o.Slice) // also warms everything up
	}
	for round := range max(1, o.Rounds) {
		for i := range contenders {
			if o.Ended() {
				return results
			}
			at := (i + round) % len(contenders)
			runtime.GC() // nobody pays for the garbage of the one before
			results[at].PerOp = append(results[at].PerOp, m.slice(contenders[at], o.Slice))
		}
	}
	return results
}

// meter measures slices.
type meter struct {
	now     clock
	cost    time.Duration // of reading it
	garbage *collector    // nil: the runtime's
}

// slice runs the contender, at least twice, until the time is used up, and returns nanoseconds per operation. The
// first batch does not count: it runs with whatever the collector left in the processor's cache.
func (m meter) slice(c Contender, limit time.Duration) float64 {
	var counted time.Duration
	batches := 0
	deadline := time.Now().Add(limit)
	for first := true; ; first = false {
		m.garbage.tidy()
		if c.Prepare != nil {
			c.Prepare()
		}
		begin := m.now()
		c.Run()
		elapsed := m.now() - begin - m.cost
		if first {
			continue
		}
		counted += elapsed
		batches++
		if time.Now().After(deadline) {
			return float64(counted.Nanoseconds()) / float64(batches*c.Batch)
		}
	}
}

// allocations returns the allocations of an operation, without what Prepare does: the median of some batches, because the
// runtime allocates now and then for itself. Slow contenders get fewer.
func allocations(c Contender, limit time.Duration) (objects, bytes float64) {
	const least, most = 3, 9
	deadline := time.Now().Add(limit)
	run := func() {
		if c.Prepare != nil {
			c.Prepare()
		}
		c.Run()
	}
	for range 3 { // the driver keeps a token when it comes again
		run()
	}
	var before, after runtime.MemStats
	var allObjects, allBytes []float64
	for i := 0; i < most && (i < least || time.Now().Before(deadline)); i++ {
		if c.Prepare != nil {
			c.Prepare()
		}
		runtime.ReadMemStats(&before)
		c.Run()
		runtime.ReadMemStats(&after)
		allObjects = append(allObjects, float64(after.Mallocs-before.Mallocs)/float64(c.Batch))
		allBytes = append(allBytes, float64(after.TotalAlloc-before.TotalAlloc)/float64(c.Batch))
	}
	return Median(allObjects), Median(allBytes)
}
