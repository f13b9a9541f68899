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
	"time"
)

// program finds a program, also where system programs are, which is not in every user's path.
func program(name string) (string, error) {
	for _, path := range []string{name, "/usr/sbin/" + name, "/usr/local/sbin/" + name} {
		if found, err := exec.LookPath(path); err == nil {
			return found, nil
		}
	}
	return "", errors.New("not installed")
}

// oauth2Module is where Debian has Apache's module.
const oauth2Module = "/usr/lib/apache2/modules/mod_oauth2.so"

// missingPackages are the Debian packages of what is not there.
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

// install installs what is missing, as root where there is apt-get. What cannot be installed is named in the tables.
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

// installLimit is how long apt-get, or the build of a peer, may take.
const installLimit = 15 * time.Minute

// aptGet runs apt-get without questions, and keeps what it installs from starting.
func aptGet(ctx context.Context, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, installLimit)
	defer cancel()
	command := exec.CommandContext(ctx, "apt-get", append([]string{"-y", "-o", "DPkg::Lock::Timeout=60"}, args...)...)
	command.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1")
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get %s: %w: %s", args[0], err, lastLine(out))
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
	ctx, cancel := context.WithTimeout(ctx, installLimit)
	defer cancel()
	command := exec.CommandContext(ctx, "go", "install", "-trimpath", module)
	command.Dir = dir // outside of this module
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOBIN="+dir)
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("not built: %w: %s", err, lastLine(out))
	}
	return filepath.Join(dir, name), nil
}

// lastLine is the last line of an output.
func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
