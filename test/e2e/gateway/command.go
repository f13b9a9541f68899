package gateway

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// Command runs the gateway's command line (stop, info, join …) for this node
// and returns what it printed.
func (n *Node) Command(ctx context.Context, args ...string) (string, error) {
	command := exec.CommandContext(ctx, n.binary, args...)
	command.Args[0] = "apinto" // the gateway derives the names of its settings from it
	command.Dir = n.Dir
	command.Env = environment()
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us to handle
	out, err := command.CombinedOutput()
	n.heard(Exchange{Said: string(out)})
	if err != nil {
		return "", fmt.Errorf("apinto %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return string(out), nil
}

// environment is this process's without what would override the files in the
// node's directory or make the gateway think it is one of its own children.
// The driver's settings stay.
func environment() []string {
	var kept []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		ofHost := strings.HasPrefix(name, "APINTO_") && !strings.HasPrefix(name, "APINTO_JWT_")
		if name == "APP" || ofHost || strings.HasPrefix(name, "EO_DAEMON_") {
			continue
		}
		kept = append(kept, entry)
	}
	return kept
}
