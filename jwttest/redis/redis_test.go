package redis

import (
	"bufio"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
)

// envKilled makes this test binary one that starts a server, says where, and waits to be killed.
const envKilled = "APINTO_JWT_TEST_KILLED"

// A server does not outlive a test binary that is killed.
func TestKilled(t *testing.T) {
	if os.Getenv(envKilled) != "" {
		server, err := New(os.Getenv(envKilled))
		must.Succeed(t, err)
		_, _ = os.Stdout.WriteString(server.Addr + "\n")
		time.Sleep(time.Minute)
		return
	}
	child := exec.Command(os.Args[0], "-test.run", "^TestKilled$")
	child.Env = append(os.Environ(), envKilled+"="+t.TempDir())
	out, err := child.StdoutPipe()
	must.Succeed(t, err)
	must.Succeed(t, child.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	address := strings.TrimSpace(line)
	if err != nil || !answers(address) {
		t.Fatalf("no server at %q: %v", line, err)
	}
	must.Succeed(t, child.Process.Kill())
	_ = child.Wait()
	for deadline := time.Now().Add(5 * time.Second); answers(address); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the server lives on")
		}
	}
}

func answers(address string) bool {
	conn, err := net.Dial("tcp", address)
	if err == nil {
		_ = conn.Close()
	}
	return err == nil
}

// A server that is stopped starts again on its port, each time with a guard of its own.
func TestResume(t *testing.T) {
	s := Start(t)
	for range 3 {
		s.Stop()
		if answers(s.Addr) {
			t.Fatal("it answers when it is stopped")
		}
		must.Succeed(t, s.Resume())
	}
	s.Stop()
	s.Stop()
}

// If there is no server, it is installed by root, and anybody else is told in one line what is missing.
func TestInstall(t *testing.T) {
	// The stand-ins for apt-get: %s is the directory of what is installed. Each notes how it was called.
	const (
		works = `echo "$*" >>%[1]s/calls; case "$*" in *install*) printf '#!/bin/sh\n' >%[1]s/redis-server; chmod +x %[1]s/redis-server;; esac`
		stale = `echo "$*" >>%[1]s/calls; case "$*" in *update*) touch %[1]s/fresh;; *) [ -e %[1]s/fresh ] || { echo "E: 404"; exit 100; }
			printf '#!/bin/sh\n' >%[1]s/redis-server; chmod +x %[1]s/redis-server;; esac`
		offline = `echo "$*" >>%[1]s/calls; echo "first line"; echo "E: no network" >&2; exit 100`
		nothing = `echo "$*" >>%[1]s/calls`
	)
	const install = "-y -o DPkg::Lock::Timeout=60 install --no-install-recommends redis-server"
	const update = "-y -o DPkg::Lock::Timeout=60 update"
	for name, tt := range map[string]struct {
		apt   string
		root  bool
		found bool
		calls []string
		say   string
	}{
		"installed":            {works, true, true, []string{install}, ""},
		"after an update":      {stale, true, true, []string{install, update, install}, ""},
		"no network":           {offline, true, false, []string{install, update, install}, "E: no network"},
		"it installs nothing":  {nothing, true, false, []string{install}, "apt-get install redis-server"},
		"not root":             {works, false, false, nil, "apt-get install redis-server"},
		"no apt-get":           {"", true, false, nil, "apt-get"},
		"no apt-get, not root": {"", false, false, nil, "apt-get install redis-server"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, tool := range []string{"sh", "chmod", "touch"} {
				path, err := exec.LookPath(tool)
				must.Succeed(t, err)
				must.Succeed(t, os.Symlink(path, filepath.Join(dir, tool)))
			}
			if tt.apt != "" {
				script := "#!" + filepath.Join(dir, "sh") + "\n" + strings.ReplaceAll(tt.apt, "%[1]s", dir) + "\n"
				must.Succeed(t, os.WriteFile(filepath.Join(dir, "apt-get"), []byte(script), 0o700))
			}
			t.Setenv("PATH", dir)
			path, err := findOrInstall(tt.root)
			if tt.found != (err == nil) || tt.found && path != filepath.Join(dir, "redis-server") {
				t.Fatalf("%q, %v", path, err)
			}
			if err != nil && (!errors.Is(err, errMissing) || !strings.Contains(err.Error(), tt.say) || strings.Contains(err.Error(), "first line")) {
				t.Errorf("it says %q", err)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("more than a line: %q", err)
			}
			calls, _ := os.ReadFile(filepath.Join(dir, "calls"))
			if got := strings.TrimSpace(string(calls)); got != strings.Join(tt.calls, "\n") {
				t.Errorf("apt-get was called so:\n%s", got)
			}
		})
	}
}

// Test binaries that install at the same time take turns.
func TestInstallTakesTurns(t *testing.T) {
	if _, err := os.Stat(packages); err != nil {
		t.Skip(err)
	}
	end := oneAtATime()
	second := make(chan struct{})
	go func() {
		oneAtATime()()
		close(second)
	}()
	select {
	case <-second:
		t.Error("the second does not wait")
	case <-time.After(50 * time.Millisecond):
	}
	end()
	select {
	case <-second:
	case <-time.After(10 * time.Second):
		t.Error("the second waits for ever")
	}
}
