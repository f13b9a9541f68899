package jwt

import (
	"runtime"
	"strings"
)

// origin says where a configuration comes from, which decides what becomes of its faults.
type origin uint8

const (
	// saved now, through the admin API: any fault refuses the whole application.
	saved origin = iota
	// stored earlier: an entry with a fault is set aside and the others stay in force.
	stored
)

// hostOrigin tells where a configuration comes from that the host hands over now. The worker gets what the admin process has
// taken. The admin process loads what is stored before it injects its list of workers, and serves its API after that.
func (d *driver) hostOrigin() origin {
	if serves() || d.workers == nil || restores() {
		return stored
	}
	return saved
}

// adminPackage is the host's package that takes configurations.
const adminPackage = "github.com/eolinker/eosc/process-admin/admin."

// restores reports whether the host puts back what it has had: after a transaction that failed, or because a variable has
// changed. It does so by the calls that save, so only the callers of those tell.
func restores() bool {
	var counters [128]uintptr
	frames := runtime.CallersFrames(counters[:runtime.Callers(2, counters[:])])
	for {
		frame, more := frames.Next()
		name, inAdmin := strings.CutPrefix(frame.Function, adminPackage)
		if inAdmin && (strings.HasSuffix(name, ".RollBack") || strings.HasSuffix(name, ".setVariable")) {
			return true
		}
		if !more {
			return false
		}
	}
}
