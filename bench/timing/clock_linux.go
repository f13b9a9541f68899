package timing

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadTime returns the processor time of this thread. Other work of the machine does not count.
func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return wallTime()
	}
	return time.Duration(t.Nano())
}
