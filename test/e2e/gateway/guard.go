package gateway

import (
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"syscall"
)

// guard is a small shell that outlives this process. The gateway detaches from
// whoever starts it; when a test binary panics, times out or is killed, none of
// its clean-up runs. The guard then reads the end of its input and kills the
// gateway's process group instead.
type guard struct {
	shell *exec.Cmd
	input io.WriteCloser
}

// The first argument is the process group, the second a directory to remove.
const guardScript = `read -r dismissed && exit 0
kill -s KILL -- "-$1" 2>/dev/null
[ -z "$2" ] || rm -rf -- "$2"`

func newGuard(group int, dir string) (*guard, error) {
	shell := exec.Command("sh", "-c", guardScript, "guard", strconv.Itoa(group), dir)
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
func (g *guard) dismiss() error {
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
