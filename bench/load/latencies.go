package load

import (
	"slices"
	"time"
)

// latencies are the times from when requests were due to their answers.
type latencies []time.Duration

// percentile returns the smallest time within which that many of 100 requests were answered (the nearest rank). The times are sorted.
// 0 if there is none.
func (l latencies) percentile(percent int) time.Duration {
	if len(l) == 0 {
		return 0
	}
	rank := (len(l)*percent + 99) / 100
	return l[max(rank, 1)-1]
}

// summary adds up the connections' times.
func summary(times []latencies, elapsed time.Duration) Sample {
	var all latencies
	for _, some := range times {
		all = append(all, some...)
	}
	slices.Sort(all)
	return Sample{
		Rate: float64(len(all)) / elapsed.Seconds(), Sent: len(all), P50: all.percentile(50), P99: all.percentile(99),
	}
}
