package redis

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// errMissing is the message on a machine without Redis, in one line.
var errMissing = errors.New("redis-server is not installed, and could not be (apt-get install redis-server)")

// find is the server's path, looked for once.
var find = sync.OnceValues(func() (string, error) { return findOrInstall(os.Geteuid() == 0) })

// Path is redis-server's path. It is installed first if it is missing and this process may do so.
func Path() (string, error) { return find() }

// installLimit is how long apt-get may take.
const installLimit = 5 * time.Minute

// findOrInstall returns the server's path. It installs a missing server if that is allowed.
func findOrInstall(mayInstall bool) (string, error) {
	if path, err := exec.LookPath("redis-server"); err == nil {
		return path, nil
	}
	if !mayInstall {
		return "", errMissing
	}
	defer oneAtATime()()
	if path, err := exec.LookPath("redis-server"); err == nil { // by who was first
		return path, nil
	}
	// The lists of packages may be missing, as in images, or name versions that are gone.
	if aptGet("install") != nil {
		_ = aptGet("update") // the second try says what is wrong
		if err := aptGet("install"); err != nil {
			return "", err
		}
	}
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return "", errMissing
	}
	return path, nil
}

// aptGet runs "apt-get update", or installs the server. The error is one line.
func aptGet(do string) error {
	args := []string{"-y", "-o", "DPkg::Lock::Timeout=60", do}
	if do == "install" {
		args = append(args, "--no-install-recommends", "redis-server")
	}
	ctx, cancel := context.WithTimeout(context.Background(), installLimit)
	defer cancel()
	command := exec.CommandContext(ctx, "apt-get", args...)
	// The package starts a server of the system's if it may; the tests start their own.
	command.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1")
	command.WaitDelay = time.Second
	out, err := command.CombinedOutput()
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: apt-get %s: %w: %s", errMissing, do, err, lastLine(out))
}

// lastLine returns the last line of an output that says something.
func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// packages is a directory that is there wherever apt-get is.
const packages = "/var/lib/dpkg"

// oneAtATime waits until no other test binary installs, and keeps others waiting until end is called or the process ends:
// those of several packages run at the same time, and while one fetches the lists of packages the others find none.
func oneAtATime() (end func()) {
	dir, err := os.Open(packages)
	if err != nil {
		return func() {}
	}
	_ = syscall.Flock(int(dir.Fd()), syscall.LOCK_EX) // without the lock it is tried all the same
	return func() { _ = dir.Close() }
}
