package gateway

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// startGroup starts a process that, as a gateway does, leads a group and does
// not end by itself.
func startGroup(t *testing.T) *exec.Cmd {
	t.Helper()
	process := exec.Command("sleep", "60")
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = process.Process.Kill()
		_ = process.Wait()
	})
	return process
}

// Both ways to list a process group find the same.
func TestGroup(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("no /proc here")
	}
	id := startGroup(t).Process.Pid
	for name, list := range map[string]func(int) []member{"ps": group, "proc": groupFromProc} {
		members := list(id)
		if len(members) != 1 || members[0].pid != id || members[0].command[:5] != "sleep" {
			t.Errorf("%s: %v, want %d", name, members, id)
		}
	}
	if members := group(0); members != nil {
		t.Errorf("group 0: %v", members)
	}
}
