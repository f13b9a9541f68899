package jwt

import (
	"runtime"
	"strings"

	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"

	"apinto-jwt/rule"
)

// hostOrigin tells where a configuration comes from that the host hands over now. The worker gets what the admin process has
// taken. The admin process loads what is stored before it injects its list of workers, and serves its API after that.
func (d *driver) hostOrigin() rule.Origin {
	if serves() || d.workers == nil || restores() {
		return rule.Stored
	}
	return rule.Saved
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

// Loading reports whether the admin process takes a configuration that it has stored, which has been in force.
func Loading() bool {
	d := installed.Load()
	return d != nil && env.Process() == eosc.ProcessAdmin && d.origin() == rule.Stored
}
