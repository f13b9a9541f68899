package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// "make test" says in its first line what is missing, and begins nothing.
func TestNeeds(t *testing.T) {
	for _, test := range []struct {
		name      string
		user      string
		installed []string
		missing   string // empty: nothing
	}{
		{"all there", "1000", []string{"curl", "redis-server"}, ""},
		{"no Redis", "1000", []string{"curl", "apt-get"}, "redis-server"},
		{"no Redis, as root", "0", []string{"curl", "apt-get"}, ""},
		{"no Redis, as root without apt-get", "0", []string{"curl"}, "redis-server"},
		{"nothing", "1000", nil, "curl redis-server"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bin := machine(t, test.user, test.installed)
			target := "needs"
			if test.missing != "" {
				target = "test" // which must not get any further
			}
			command := exec.Command("make", "-s", "-C", root, target)
			command.Env = []string{"PATH=" + bin, "HOME=" + t.TempDir()}
			output, err := command.CombinedOutput()
			first, _, _ := strings.Cut(string(output), "\n")
			switch {
			case test.missing == "" && (err != nil || len(output) > 0):
				t.Errorf("error %v, it said %q", err, output)
			case test.missing != "" && (err == nil || !strings.Contains(first, "not installed here: "+test.missing+".")):
				t.Errorf("error %v, its first line is %q", err, first)
			}
		})
	}
}

// "make interop" says in its first line that Node is missing or old, and begins nothing.
func TestNeedsNode(t *testing.T) {
	for name, node := range map[string]string{"no Node": "", "an old Node": "exit 1"} {
		t.Run(name, func(t *testing.T) {
			bin := machine(t, "1000", []string{"npm"})
			if node != "" {
				if err := os.WriteFile(filepath.Join(bin, "node"), []byte("#!/bin/sh\n"+node+"\n"), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			command := exec.Command("make", "-s", "-C", root, "interop")
			command.Env = []string{"PATH=" + bin, "HOME=" + t.TempDir()}
			output, err := command.CombinedOutput()
			if first, _, _ := strings.Cut(string(output), "\n"); err == nil || !strings.HasSuffix(first, "not installed here: Node 20 or later, with npm") {
				t.Errorf("error %v, its first line is %q", err, first)
			}
		})
	}
}

// machine returns a PATH with what make needs, this user and these programs.
func machine(t *testing.T, user string, installed []string) string {
	t.Helper()
	bin := t.TempDir()
	for _, name := range []string{"sh", "make", "git", "go", "awk", "uname"} {
		if path, err := exec.LookPath(name); err == nil {
			if err := os.Symlink(path, filepath.Join(bin, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	programs := map[string]string{"id": "echo " + user}
	for _, name := range installed {
		programs[name] = "exit 0"
	}
	for name, script := range programs {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return bin
}
