package endtoend

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// binaries are the gateways that are compared: this project's, and Apinto's own, built from the same sources of
// everything but the driver.
type binaries struct{ ours, stock string }

// build compiles both into the directory.
func build(ctx context.Context, dir string, progress io.Writer) (binaries, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "apinto-jwt").Output()
	if err != nil {
		return binaries{}, fmt.Errorf("find the main module: %w", err)
	}
	root := strings.TrimSpace(string(out))
	b := binaries{ours: filepath.Join(dir, "ours", "apinto"), stock: filepath.Join(dir, "stock", "apinto")}
	for _, one := range []struct{ binary, pkg string }{
		{b.ours, "./cmd/apinto"},
		{b.stock, "github.com/eolinker/apinto/app/apinto"},
	} {
		fmt.Fprintf(progress, "end to end: building %s (a first time takes minutes) …\n", one.pkg)
		command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", one.binary, one.pkg)
		command.Dir = root
		command.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := command.CombinedOutput(); err != nil {
			return binaries{}, fmt.Errorf("build %s: %w\n%s", one.pkg, err, out)
		}
	}
	return b, nil
}
