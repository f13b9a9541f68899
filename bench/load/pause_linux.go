package load

import (
	"time"

	"golang.org/x/sys/unix"
)

// pause sleeps. The runtime's timers wake an idle program up to a millisecond late, the kernel's do not.
func pause(d time.Duration) {
	ts := unix.NsecToTimespec(d.Nanoseconds())
	_ = unix.Nanosleep(&ts, nil) // a signal ends it early: the schedule looks at the clock
}
