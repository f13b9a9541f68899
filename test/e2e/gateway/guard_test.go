package gateway

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
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

func TestGuard(t *testing.T) {
	ended := func(id int) error {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		return poll(ctx, "end", func() error {
			if left := len(group(id)); left > 0 {
				return fmt.Errorf("%d processes left", left)
			}
			return nil
		})
	}
	t.Run("kills when its input ends", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "dir")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		process := startGroup(t)
		guard, err := newGuard(process.Process.Pid, dir)
		if err != nil {
			t.Fatal(err)
		}
		_ = guard.input.Close() // as the kernel does when this process dies
		if err := guard.shell.Wait(); err != nil {
			t.Error(err)
		}
		if err := ended(process.Process.Pid); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("the directory is still there: %v", err)
		}
	})
	t.Run("does nothing when it is dismissed", func(t *testing.T) {
		process := startGroup(t)
		guard, err := newGuard(process.Process.Pid, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := guard.dismiss(); err != nil {
			t.Error(err)
		}
		if len(group(process.Process.Pid)) != 1 {
			t.Error("the process was killed")
		}
	})
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
