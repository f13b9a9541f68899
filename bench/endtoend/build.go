package endtoend

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"apinto-jwt/test/e2e/gateway"
)

// binaries are the gateways that are compared: this project's, Apinto's own, and one whose authenticators do nothing,
// built from the same sources of everything but the driver.
type binaries struct{ ours, stock, nothing string }

// nothingSource is put among the sources of this project's gateway to make the third.
//
//go:embed nothing.go.txt
var nothingSource string

// build compiles them into the directory. The application yes is the one that the third accepts everything for.
func build(ctx context.Context, dir, yes string, progress io.Writer) (binaries, error) {
	root, err := mainModule(ctx)
	if err != nil {
		return binaries{}, err
	}
	b := binaries{
		ours: filepath.Join(dir, "ours", "apinto"), stock: filepath.Join(dir, "stock", "apinto"), nothing: filepath.Join(dir, "nothing", "apinto"),
	}
	overlay, err := overlayNothing(dir, root, yes)
	if err != nil {
		return binaries{}, fmt.Errorf("end to end: %w", err)
	}
	edited, err := gateway.HostArguments(ctx, root)
	if err != nil {
		return binaries{}, err
	}
	for _, one := range []struct {
		binary, pkg string
		args        []string
	}{
		{b.ours, ourGateway, edited},
		{b.stock, "github.com/eolinker/apinto/app/apinto", asItComes},
		{b.nothing, ourGateway, append([]string{"-overlay", overlay}, edited...)},
	} {
		fmt.Fprintf(progress, "end to end: building %s (a first time takes minutes) …\n", one.pkg)
		if err := goBuild(ctx, root, one.pkg, one.binary, one.args); err != nil {
			return binaries{}, err
		}
	}
	return b, nil
}

// ourGateway is the package of this project's gateway.
const ourGateway = "./cmd/apinto"

// asItComes are the arguments of go build for the stock host.
var asItComes = []string{"-ldflags", "-s -w"}

// buildOurs compiles this project's gateway on the edited host, or on the host as it comes.
func buildOurs(ctx context.Context, binary string, edited bool) error {
	root, err := mainModule(ctx)
	if err != nil {
		return err
	}
	args := asItComes
	if edited {
		if args, err = gateway.HostArguments(ctx, root); err != nil {
			return err
		}
	}
	return goBuild(ctx, root, ourGateway, binary, args)
}

// mainModule returns the folder of the gateway's module.
func mainModule(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "apinto-jwt").Output()
	if err != nil {
		return "", fmt.Errorf("find the main module: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// goBuild compiles a package with the project's flags.
func goBuild(ctx context.Context, root, pkg, binary string, args []string) error {
	args = slices.Concat([]string{"build", "-trimpath", "-buildvcs=false", "-o", binary}, args, []string{pkg})
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = root
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, out)
	}
	return nil
}

// overlayNothing writes what go build needs to see nothingSource among the gateway's sources.
func overlayNothing(dir, root, yes string) (string, error) {
	source := filepath.Join(dir, "nothing.go")
	if err := os.WriteFile(source, []byte(strings.Replace(nothingSource, "YES", yes, 1)), 0o600); err != nil {
		return "", err
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "cmd", "apinto", "nothing.go"): source}})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, replace, 0o600)
}
