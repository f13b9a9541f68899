package endtoend

import (
	"os/exec"
	"syscall"
)

// endWithParent makes the kernel kill the child when this program dies without having stopped it, and keeps Ctrl-C
// from reaching it before we do.
func endWithParent(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
