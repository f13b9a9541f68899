package endtoend

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// tick is the unit of Linux's /proc for times, on every system that Go runs on.
const tick = 10 * time.Millisecond

// cpuTime returns the processor time of a process since it started; 0 if it cannot be known.
func cpuTime(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// pid (name) state ppid …: the name may have spaces and brackets; the times are fields 14 and 15.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(string(fields[11])) // digits
	system, _ := strconv.Atoi(string(fields[12]))
	return time.Duration(user+system) * tick
}
