package endtoend

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"apinto-jwt/bench/apinto"
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
	root, err := apinto.MainModule(ctx)
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
		{b.ours, apinto.OurGateway, edited},
		{b.stock, apinto.StockGateway, apinto.AsItComes},
		{b.nothing, apinto.OurGateway, append([]string{"-overlay", overlay}, edited...)},
	} {
		fmt.Fprintf(progress, "end to end: building %s (a first time takes minutes) …\n", one.pkg)
		if err := apinto.GoBuild(ctx, root, one.pkg, one.binary, one.args); err != nil {
			return binaries{}, err
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
