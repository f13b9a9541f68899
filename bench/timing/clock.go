package timing

import "time"

// clock reads a time that only ever rises.
type clock func() time.Duration

var begin = time.Now()

// wallTime is the time that passes for everybody.
func wallTime() time.Duration { return time.Since(begin) }

// cost is what reading the clock around something adds to what is measured.
func (c clock) cost() time.Duration {
	var all []float64
	for range 1001 {
		before := c()
		all = append(all, float64(c()-before))
	}
	return time.Duration(Median(all))
}
