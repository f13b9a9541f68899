package timing

import "time"

// clock reads a time that only ever rises.
type clock func() time.Duration

var begin = time.Now()

// wallTime returns the time that passes for everybody.
func wallTime() time.Duration { return time.Since(begin) }

// cost returns the time that reading the clock adds to a measurement.
func (c clock) cost() time.Duration {
	var all []float64
	for range 1001 {
		before := c()
		all = append(all, float64(c()-before))
	}
	return time.Duration(Median(all))
}
