package apinto

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"apinto-jwt/test/e2e/gateway"
)

// OurGateway is the package of this project's gateway.
const OurGateway = "./cmd/apinto"

// StockGateway is the package of Apinto's own gateway.
const StockGateway = "github.com/eolinker/apinto/app/apinto"

// AsItComes holds the arguments of go build for the stock host.
var AsItComes = []string{"-ldflags", "-s -w"}

// BuildOurs compiles this project's gateway on the edited host, or on the host as it comes.
func BuildOurs(ctx context.Context, binary string, edited bool) error {
	root, err := MainModule(ctx)
	if err != nil {
		return err
	}
	args := AsItComes
	if edited {
		if args, err = gateway.HostArguments(ctx, root); err != nil {
			return err
		}
	}
	return GoBuild(ctx, root, OurGateway, binary, args)
}

// Ours returns this project's gateway on the edited host: the one that is already built, if the environment names it, or one that is compiled
// to the path.
func Ours(ctx context.Context, path string) (string, error) {
	if built := os.Getenv(gateway.EnvBinary); built != "" {
		return built, nil
	}
	return path, BuildOurs(ctx, path, true)
}

// BuildStock compiles Apinto's own gateway.
func BuildStock(ctx context.Context, binary string) error {
	root, err := MainModule(ctx)
	if err != nil {
		return err
	}
	return GoBuild(ctx, root, StockGateway, binary, AsItComes)
}

// MainModule returns the folder of the gateway's module.
func MainModule(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "apinto-jwt").Output()
	if err != nil {
		return "", fmt.Errorf("find the main module: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// GoBuild compiles a package with the project's flags.
func GoBuild(ctx context.Context, root, pkg, binary string, args []string) error {
	args = slices.Concat([]string{"build", "-trimpath", "-buildvcs=false", "-o", binary}, args, []string{pkg})
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = root
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, out)
	}
	return nil
}
