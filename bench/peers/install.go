package peers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// program finds a program, also in the folders of system programs, which are not in every user's path.
func program(name string) (string, error) {
	for _, path := range []string{name, "/usr/sbin/" + name, "/usr/local/sbin/" + name} {
		if found, err := exec.LookPath(path); err == nil {
			return found, nil
		}
	}
	return "", errors.New("not installed")
}

// oauth2Module is Debian's file of Apache's module.
const oauth2Module = "/usr/lib/apache2/modules/mod_oauth2.so"

// missingPackages lists the Debian packages of the programs that are missing.
func missingPackages() []string {
	var list []string
	for _, one := range []struct{ program, pkg string }{
		{"haproxy", "haproxy"}, {"wrk", "wrk"}, {"nginx", "nginx"}, {"apache2", "apache2-bin"},
	} {
		if _, err := program(one.program); err != nil {
			list = append(list, one.pkg)
		}
	}
	if _, err := os.Stat(oauth2Module); err != nil {
		list = append(list, "libapache2-mod-oauth2")
	}
	return list
}

// install installs the missing packages if it is root and has apt-get. Those that cannot be installed are named in the tables.
func install(ctx context.Context, progress io.Writer) {
	list := missingPackages()
	if len(list) == 0 {
		return
	}
	if _, err := exec.LookPath("apt-get"); err != nil || os.Geteuid() != 0 {
		fmt.Fprintf(progress, "peers: not installed (Debian: apt-get install %s)\n", strings.Join(list, " "))
		return
	}
	fmt.Fprintf(progress, "peers: installing %s …\n", strings.Join(list, ", "))
	err := aptGet(ctx, append([]string{"install", "--no-install-recommends"}, list...)...)
	if err != nil { // the lists of packages may be missing, or name versions that are gone
		_ = aptGet(ctx, "update") // the second try says what is wrong
		err = aptGet(ctx, append([]string{"install", "--no-install-recommends"}, list...)...)
	}
	if err != nil {
		fmt.Fprintf(progress, "peers: %v\n", err)
	}
}

// installLimit bounds the time of apt-get, and of the build of a peer.
const installLimit = 5 * time.Minute

// execute runs a program in a directory, and returns the last line of its output with the error. At the limit it kills the program's group.
func execute(ctx context.Context, limit time.Duration, dir string, env []string, program string, args ...string) error {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	command := exec.CommandContext(limited, program, args...)
	command.Dir, command.Env = dir, append(os.Environ(), env...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.WaitDelay = time.Second // a process outside of the group may hold the output open
	out, err := command.CombinedOutput()
	if err == nil {
		return nil
	}
	if limited.Err() != nil && ctx.Err() == nil {
		return fmt.Errorf("not within %s: %s", limit, lastLine(out))
	}
	return fmt.Errorf("%w: %s", err, lastLine(out))
}

// aptGet runs apt-get without questions, and keeps what it installs from starting.
func aptGet(ctx context.Context, args ...string) error {
	args = append([]string{"-y", "-o", "DPkg::Lock::Timeout=60"}, args...)
	if err := execute(ctx, installLimit, "", []string{"DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"}, "apt-get", args...); err != nil {
		return fmt.Errorf("apt-get: %w", err)
	}
	return nil
}

// The peers that are Go modules, with their versions.
const (
	oauth2ProxyModule = "github.com/oauth2-proxy/oauth2-proxy/v7@v7.15.6"
	caddyModule       = "github.com/caddyserver/caddy/v2/cmd/caddy@v2.11.9"
)

// goInstall builds the command of a module into the directory. The toolchain checks the module against its checksum database.
func goInstall(ctx context.Context, dir, module, name string, progress io.Writer) (string, error) {
	fmt.Fprintf(progress, "peers: building %s (a first time takes minutes) …\n", module)
	env := []string{"CGO_ENABLED=0", "GOFLAGS=", "GOBIN=" + dir}
	if err := execute(ctx, installLimit, dir, env, "go", "install", "-trimpath", module); err != nil { // outside of this module
		return "", fmt.Errorf("not built: %w", err)
	}
	return filepath.Join(dir, name), nil
}

// lastLine returns the last line of an output.
func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
