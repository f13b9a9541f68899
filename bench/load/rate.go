package load

import (
	"context"
	"fmt"
	"time"
)

// AtRate sends that many requests a second for a duration, whether the earlier ones are answered or not: an open loop. A request whose
// connections are all busy waits, and its time counts from when it was due.
func AtRate(ctx context.Context, r Request, rate float64, duration time.Duration) (Sample, error) {
	total := int(rate * duration.Seconds())
	if total < 1 {
		return Sample{}, fmt.Errorf("load: %.1f requests a second make none in %s", rate, duration)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	dues := make(chan time.Time, total) // it never blocks the schedule
	go func() {
		defer close(dues)
		schedule(ctx, rate, total, dues)
	}()
	s, err := send(r, total, func() (time.Time, bool) {
		due, more := <-dues
		return due, more
	})
	if err == nil {
		err = context.Cause(ctx)
	}
	return s, err
}

// step is the time between two looks of the schedule whether requests are due.
const step = 200 * time.Microsecond

// schedule sends the time to dues when a request is due. Late requests are made up for at once: the time of each counts from when it was
// handed over, so that a late wake-up of this program is not taken for a slow answer.
func schedule(ctx context.Context, rate float64, total int, dues chan<- time.Time) {
	begin := time.Now()
	for sent := 0; sent < total && ctx.Err() == nil; pause(step) {
		now := time.Now()
		for until := dueBy(now.Sub(begin), rate, total); sent < until; sent++ {
			dues <- now
		}
	}
}

// dueBy returns the number of requests due after a time.
func dueBy(elapsed time.Duration, rate float64, total int) int {
	return min(total, int(elapsed.Seconds()*rate)+1)
}
