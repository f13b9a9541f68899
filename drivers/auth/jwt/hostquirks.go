package jwt

// This file has what only the host's oddities demand. hostquirks_test.go and stored_test.go fail when a host has them no
// longer.

import (
	"runtime"
	"strings"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/rule"
)

// ID finds the authenticator among those that the host has. Before Set, when the host checks an entry, it is the rule's:
// equal for two entries with the same rule, name and position, and never found, so that each entry keeps its own rule. From
// Set on, when the host puts the authenticator into its list, it is the same for all.
func (a *authenticator) ID() string {
	if a.inForce.Load() {
		return a.driver.id
	}
	return a.rule.ID
}

// UserCount is how many users all rules have, and at least 1 while there is a rule; at 0 the host forgets the
// authenticator.
func (a *authenticator) UserCount() int {
	defer a.stop("UserCount")
	return a.driver.Registry.Users()
}

// listOnce keeps GET /setting/auth from showing "jwt" twice. The host's registry appends a name each time one is
// registered, and lists those that have a form; auth.Keys hands out its own list, in which the second "jwt" is turned
// into a name that has none. Registering another setting in its place would work only until the host registers its
// own, whose order is not fixed.
func listOnce() {
	seen := make(map[string]bool)
	names := auth.Keys()
	for i, name := range names {
		if seen[name] {
			names[i] = ""
		}
		seen[name] = true
	}
}

// hostOrigin tells where a configuration comes from that the host hands over now. The worker gets what the admin process has
// taken. The admin process loads what is stored before it injects its list of workers, and serves its API after that.
func (d *Driver) hostOrigin() rule.Origin {
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
func (d *Driver) Loading() bool {
	return env.Process() == eosc.ProcessAdmin && d.origin() == rule.Stored
}

// userApp is the application of a user as the host gets it. The host refuses an accepted request if the application's
// additional parameters contradict it, and leaves its body unread.
type userApp struct{ application.IApp }

// Execute adds the application's parameters to the request.
func (a userApp) Execute(ctx http_service.IHttpContext) error {
	err := a.IApp.Execute(ctx)
	if err != nil {
		hosthttp.CloseUnread(ctx)
	}
	return err
}
