package redis

import (
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"syscall"
)

// guard is a small shell that outlives this process. When a test binary panics, times out or is killed, none of its
// clean-up runs: the guard then reads the end of its input, and kills the server.
type guard struct {
	shell *exec.Cmd
	input io.WriteCloser
}

// The argument is the server's process ID.
const guardScript = `read -r dismissed && exit 0
kill -s KILL "$1" 2>/dev/null`

func newGuard(server int) (*guard, error) {
	shell := exec.Command("sh", "-c", guardScript, "guard", strconv.Itoa(server))
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is not for it
	input, err := shell.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	if err := shell.Start(); err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	return &guard{shell, input}, nil
}

// dismiss ends the guard without a kill.
func (g *guard) dismiss() {
	if g == nil {
		return
	}
	_, _ = io.WriteString(g.input, "dismissed\n")
	_ = g.shell.Wait()
}
