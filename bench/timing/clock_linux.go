package timing

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is what this thread has used of the processor: whatever else the machine does in between does not count.
func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return wallTime()
	}
	return time.Duration(t.Nano())
}
