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
	"strings"
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
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "apinto-jwt").Output()
	if err != nil {
		return binaries{}, fmt.Errorf("find the main module: %w", err)
	}
	root := strings.TrimSpace(string(out))
	b := binaries{
		ours: filepath.Join(dir, "ours", "apinto"), stock: filepath.Join(dir, "stock", "apinto"), nothing: filepath.Join(dir, "nothing", "apinto"),
	}
	overlay, err := overlayNothing(dir, root, yes)
	if err != nil {
		return binaries{}, fmt.Errorf("end to end: %w", err)
	}
	for _, one := range []struct{ binary, pkg, overlay string }{
		{b.ours, "./cmd/apinto", ""},
		{b.stock, "github.com/eolinker/apinto/app/apinto", ""},
		{b.nothing, "./cmd/apinto", overlay},
	} {
		fmt.Fprintf(progress, "end to end: building %s (a first time takes minutes) …\n", one.pkg)
		command := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-overlay", one.overlay, "-o", one.binary, one.pkg)
		command.Dir = root
		command.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := command.CombinedOutput(); err != nil {
			return binaries{}, fmt.Errorf("build %s: %w\n%s", one.pkg, err, out)
		}
	}
	return b, nil
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
