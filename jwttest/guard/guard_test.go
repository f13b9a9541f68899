package guard

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
)

// sleeper returns a process that leads a group, as a gateway does, and does not end by itself. The channel tells its end.
func sleeper(t *testing.T) (process int, ended <-chan error) {
	t.Helper()
	command := exec.Command("sleep", "60")
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	must.Succeed(t, command.Start())
	t.Cleanup(func() { _ = command.Process.Kill() })
	done := make(chan error, 1)
	go func() { done <- command.Wait() }()
	return command.Process.Pid, done
}

func TestGuard(t *testing.T) {
	for name, sign := range map[string]int{"process": 1, "group": -1} {
		t.Run("kills a "+name+" when its input ends", func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "dir")
			must.Succeed(t, os.Mkdir(dir, 0o700))
			process, ended := sleeper(t)
			g, err := Start(sign*process, dir)
			must.Succeed(t, err)
			_ = g.input.Close() // as the kernel does when this process dies
			if err := g.shell.Wait(); err != nil {
				t.Error(err)
			}
			select {
			case err := <-ended:
				if err == nil {
					t.Error("it ended by itself")
				}
			case <-time.After(5 * time.Second):
				t.Error("it lives")
			}
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the directory is still there: %v", err)
			}
		})
		t.Run("leaves a "+name+" alone when it is dismissed", func(t *testing.T) {
			process, ended := sleeper(t)
			g, err := Start(sign*process, "")
			must.Succeed(t, err)
			if err := g.Dismiss(); err != nil {
				t.Error(err)
			}
			select {
			case err := <-ended:
				t.Errorf("it was killed: %v", err)
			default:
			}
		})
	}
	var none *Guard
	if err := none.Dismiss(); err != nil {
		t.Error(err)
	}
}
