package soak

import (
	"context"
	"fmt"
	"math"
	"time"

	"apinto-jwt/bench/process"
	"apinto-jwt/bench/report"
	"apinto-jwt/bench/timing"
)

// sample is a look at the gateway.
type sample struct {
	at     time.Duration // since the beginning
	memory float64       // resident in all its processes, in bytes
	worker int           // the process that serves
}

// looks is the number of looks in a run, about.
const looks = 200

// watch looks at the gateway until the context ends.
func watch(ctx context.Context, master int, worker func() int, o Options) []sample {
	ticker := time.NewTicker(max(100*time.Millisecond, o.Length/looks))
	defer ticker.Stop()
	begin, said := time.Now(), 0
	var list []sample
	for {
		select {
		case <-ctx.Done():
			return list
		case <-ticker.C:
		}
		usage, err := process.Of(master)
		if err != nil {
			continue // the requests say that it has ended
		}
		at := time.Since(begin)
		list = append(list, sample{at, float64(usage.Memory), worker()})
		if tenth := int(10 * at / o.Length); tenth > said {
			said = tenth
			fmt.Fprintf(o.Progress, "soak: %d %%, memory %s …\n", 10*tenth, report.Size(float64(usage.Memory)))
		}
	}
}

// between returns the median of the memory from one part of the run to another, of 1; not a number if there was no look.
func between(list []sample, length time.Duration, from, to float64) float64 {
	var memories []float64
	for _, s := range list {
		if part := float64(s.at) / float64(length); part >= from && part < to {
			memories = append(memories, s.memory)
		}
	}
	if len(memories) == 0 {
		return math.NaN()
	}
	return timing.Median(memories)
}

// growth returns the memory of the last fifth as a multiple of that of the fifth in the middle.
func growth(list []sample, length time.Duration) float64 {
	return between(list, length, 0.8, 1) / between(list, length, 0.4, 0.6)
}

// workers counts the processes that have served, one after the other.
func workers(list []sample) int {
	seen := make(map[int]bool)
	for _, s := range list {
		if s.worker != 0 {
			seen[s.worker] = true
		}
	}
	return len(seen)
}
