//go:build !windows

package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// How much garbage a process lets pass before it collects it. Go's rule is as much as there is live memory. A worker with thousands of
// applications then reads all their memory for each few thousand requests, which costs an eighth of its time.
const (
	// bigHeap is the live memory from which the collector comes less often, in bytes. Below, its work fits the processor's caches.
	bigHeap = 32 << 20
	// moreGarbage is the percentage of live memory then, in place of Go's 100.
	moreGarbage = 300
	// mostGarbage bounds what moreGarbage adds to the memory of a process, in bytes.
	mostGarbage = 256 << 20
)

// garbage returns the percentage of live memory that may be garbage (GOGC).
func garbage(live uint64) int {
	if live < bigHeap {
		return 100
	}
	return int(max(100, min(moreGarbage, mostGarbage*100/live)))
}

// tuneCollector sets GOGC by the live memory, after each collection. It does nothing if the environment sets GOGC. A memory limit
// (GOMEMLIMIT) goes first as always.
func tuneCollector() {
	if os.Getenv("GOGC") != "" {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	set := 100
	afterCollections(func() {
		metrics.Read(live)
		if percent := garbage(live[0].Value.Uint64()); percent != set {
			debug.SetGCPercent(percent)
			set = percent
		}
	})
}

// afterCollections calls f after each collection of garbage from now on, one call at a time.
func afterCollections(f func()) {
	type sentinel struct{ _ [64]byte } // too large for the allocator of tiny objects, which may keep it
	var again func(*sentinel)
	again = func(*sentinel) {
		f()
		runtime.SetFinalizer(new(sentinel), again)
	}
	runtime.SetFinalizer(new(sentinel), again)
}
