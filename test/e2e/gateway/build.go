package gateway

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// EnvBinary names the environment variable with the path of a gateway binary
// that is already built.
const EnvBinary = "APINTO_JWT_GATEWAY"

// EnvStockBinary names the one with the path of a gateway that is built on the
// stock host.
const EnvStockBinary = "APINTO_JWT_GATEWAY_STOCK"

// EnvHost names the environment variable that is stockHost if the gateway is to
// be built on the host as it comes.
const (
	EnvHost   = "HOST"
	stockHost = "stock"
)

// ourGateway is the package of this project's gateway.
const ourGateway = "./cmd/apinto"

// buildFlags are the Makefile's, so that both fill and use the same build cache.
var buildFlags = []string{"-trimpath", "-buildvcs=false"}

// ldflags are the Makefile's too, but for the version.
const ldflags = "-s -w -X main.version=dev"

// Build compiles the gateway from source into the file out and reports the
// time it has taken so far to progress, which may be nil, every few seconds: a
// first build takes minutes.
func Build(ctx context.Context, out string, progress io.Writer) error {
	return build(ctx, ourGateway, os.Getenv(EnvHost) != stockHost, out, progress)
}

// BuildOnStock is Build on the host as it comes.
func BuildOnStock(ctx context.Context, out string, progress io.Writer) error {
	return build(ctx, ourGateway, false, out, progress)
}

// HostArguments returns what "go build" needs for the edited host, which it
// makes if it is not there. Root is the folder of this module's go.mod.
func HostArguments(ctx context.Context, root string) ([]string, error) {
	edits, err := editHost(ctx, root)
	return []string{"-modfile=.host/go.mod", "-ldflags", ldflags + " -X main.hostEdits=" + edits}, err
}

// BuildStock is Build for Apinto's own gateway, of the version that this module asks for.
func BuildStock(ctx context.Context, out string, progress io.Writer) error {
	return build(ctx, "github.com/eolinker/apinto/app/apinto", false, out, progress)
}

// BuildTool is Build for the operator's tool.
func BuildTool(ctx context.Context, out string, progress io.Writer) error {
	return build(ctx, "./cmd/jwtctl", false, out, progress)
}

// build compiles a command.
func build(ctx context.Context, command string, edited bool, out string, progress io.Writer) error {
	root, err := ModuleRoot(ctx)
	if err != nil {
		return err
	}
	if out, err = filepath.Abs(out); err != nil {
		return fmt.Errorf("build %s: %w", command, err)
	}
	host := []string{"-ldflags", ldflags}
	if edited {
		if host, err = HostArguments(ctx, root); err != nil {
			return fmt.Errorf("build %s: %w", command, err)
		}
	}
	args := slices.Concat([]string{"build"}, buildFlags, host)
	build := exec.CommandContext(ctx, "go", append(args, "-o", out, command)...)
	build.Dir = root
	build.Env = append(os.Environ(), "CGO_ENABLED=0")

	stop := reportTime(progress, "building "+command)
	output, err := build.CombinedOutput()
	stop(err)
	if err != nil {
		return fmt.Errorf("build %s: %w\n%s", command, err, output)
	}
	return nil
}

// editHost makes the host without its leftovers, as the Makefile does, and
// returns the names of the edits.
func editHost(ctx context.Context, root string) (names string, err error) {
	if _, err := hostTool(ctx, root, "-out", ".host"); err != nil {
		return "", err
	}
	return hostTool(ctx, root, "-names")
}

// hostTool runs tools/host.
func hostTool(ctx context.Context, root string, args ...string) (string, error) {
	tool := exec.CommandContext(ctx, "go", append([]string{"run", "./tools/host"}, args...)...)
	tool.Dir = root
	tool.Env = append(os.Environ(), "CGO_ENABLED=0")
	var complaint strings.Builder
	tool.Stderr = &complaint
	output, err := tool.Output()
	if err != nil {
		return "", fmt.Errorf("edit the host: %w\n%s", err, complaint.String())
	}
	return strings.TrimSpace(string(output)), nil
}

// ModuleRoot is the directory of the main module's go.mod.
func ModuleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("find module: %w", err)
	}
	file := strings.TrimSpace(string(out))
	if file == "" || file == os.DevNull {
		return "", fmt.Errorf("find module: not inside a Go module")
	}
	return filepath.Dir(file), nil
}

// reportTime writes one line when it is called, one every five seconds, and one
// with the outcome when the function that it returns is called.
func reportTime(w io.Writer, what string) (stop func(error)) {
	if w == nil {
		return func(error) {}
	}
	begin := time.Now()
	fmt.Fprintf(w, "%s …\n", what)
	done, finished := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(finished)
		tick := time.NewTicker(5 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				fmt.Fprintf(w, "%s … %d s\n", what, int(time.Since(begin).Seconds()))
			case <-done:
				return
			}
		}
	}()
	return func(err error) {
		close(done)
		<-finished
		outcome := "done"
		if err != nil {
			outcome = "failed"
		}
		fmt.Fprintf(w, "%s: %s after %.1f s\n", what, outcome, time.Since(begin).Seconds())
	}
}
