package interop

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"apinto-jwt/jwttest/guard"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
)

// timeout bounds the run of one file, on a machine that does much else.
const timeout = 10 * time.Minute

// Each file of tests passes with a gateway of its own, which it configures by the admin API.
func TestFiles(t *testing.T) {
	if _, err := os.Stat("node_modules"); err != nil {
		t.Fatal("the packages of npm are not here: make interop installs them")
	}
	files, err := filepath.Glob("*.test.js")
	must.Succeed(t, err)
	if len(files) == 0 {
		t.Fatal("there is no test")
	}
	binary, server := built(t), builtServer(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".test.js"), func(t *testing.T) {
			t.Parallel() // they wait for most of their time
			run(t, file, server, start(t, binary))
		})
	}
}

// built returns the gateway that make has built, or builds one.
func built(t *testing.T) string {
	t.Helper()
	if binary := os.Getenv(gateway.EnvBinary); binary != "" {
		return binary
	}
	binary := filepath.Join(t.TempDir(), "apinto")
	here, err := os.Getwd()
	must.Succeed(t, err)
	must.Succeed(t, os.Chdir(filepath.Join("..", ".."))) // the gateway's module
	defer func() { must.Succeed(t, os.Chdir(here)) }()
	must.Succeed(t, gateway.Build(t.Context(), binary, os.Stderr))
	return binary
}

// builtServer builds the server by which the authors of the MCP SDK for Go test it.
func builtServer(t *testing.T) string {
	t.Helper()
	server := filepath.Join(t.TempDir(), "server")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", server, "github.com/modelcontextprotocol/go-sdk/conformance/everything-server")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the MCP server: %v\n%s", err, said)
	}
	return server
}

// start starts a gateway.
func start(t *testing.T, binary string) *gateway.Node {
	t.Helper()
	var node *gateway.Node
	var err error
	for range 3 { // a port that was found free may be taken meanwhile
		if node, err = gateway.Start(t.Context(), gateway.Options{Binary: binary}); err == nil {
			break
		}
	}
	must.Succeed(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the gateway's log:\n%s", node.LogTail(30))
		}
		if err := node.Close(); err != nil {
			t.Error(err)
		}
	})
	return node
}

// run runs the tests of a file.
func run(t *testing.T, file, server string, node *gateway.Node) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	var said bytes.Buffer
	tests := exec.CommandContext(ctx, "node", "--test-reporter=spec", file)
	tests.Env = append(os.Environ(), "GATEWAY_URL="+node.URL, "GATEWAY_ADMIN_URL="+node.AdminURL, "MCP_GO_SERVER="+server, "NO_COLOR=1")
	tests.Stdout, tests.Stderr = &said, &said
	tests.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // what it starts ends with it
	tests.Cancel = func() error { return syscall.Kill(-tests.Process.Pid, syscall.SIGKILL) }
	must.Succeed(t, tests.Start())
	guarded, err := guard.Start(-tests.Process.Pid, "")
	must.Succeed(t, err)
	err = tests.Wait()
	must.Succeed(t, guarded.Dismiss())
	if err != nil {
		t.Errorf("%s: %v\n%s", file, err, said.String())
		return
	}
	t.Logf("%s", said.String())
}
