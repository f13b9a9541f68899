// Package guard ends processes that a test binary has started, when it cannot do so itself any more.
package guard

import (
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"syscall"
)

// Guard is a small shell that outlives this process. When a test binary panics, times out or is killed, none of its
// clean-up runs: the guard then reads the end of its input, and kills what it guards.
type Guard struct {
	shell *exec.Cmd
	input io.WriteCloser
}

// The first argument is the process, or the group with a minus before it; the second a directory to remove.
const script = `read -r dismissed && exit 0
kill -s KILL -- "$1" 2>/dev/null
[ -z "$2" ] || rm -rf -- "$2"`

// Start guards the process, or the process group of its negative, and a directory that is to be removed with it; empty:
// none.
func Start(process int, dir string) (*Guard, error) {
	shell := exec.Command("sh", "-c", script, "guard", strconv.Itoa(process), dir)
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is not for it
	input, err := shell.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	if err := shell.Start(); err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	return &Guard{shell, input}, nil
}

// Dismiss ends the guard without a kill. A nil guard has nothing to end.
func (g *Guard) Dismiss() error {
	if g == nil {
		return nil
	}
	if _, err := io.WriteString(g.input, "dismissed\n"); err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	if err := g.shell.Wait(); err != nil {
		return fmt.Errorf("guard: %w", err)
	}
	return nil
}
