package rig

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/gateway"
)

// Tool is the operator's tool, run against a node.
type Tool struct {
	t    *testing.T
	path string
	node *gateway.Node
}

// Jwtctl builds the operator's tool.
func Jwtctl(t *testing.T, node *gateway.Node) Tool {
	t.Helper()
	path := filepath.Join(t.TempDir(), "jwtctl")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "apinto-jwt/cmd/jwtctl").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return Tool{t, path, node}
}

// Run returns what a command prints, and its exit status.
func (j Tool) Run(args ...string) (string, int) { return j.With("", args...) }

// With is Run with a standard input.
func (j Tool) With(input string, args ...string) (string, int) {
	j.t.Helper()
	command := exec.CommandContext(j.t.Context(), j.path, append(args, "--admin", j.node.AdminURL)...)
	command.Stdin = strings.NewReader(input)
	out, err := command.CombinedOutput()
	if err != nil && command.ProcessState == nil {
		j.t.Fatal(err)
	}
	evidence.Note(string(out))
	return string(out), command.ProcessState.ExitCode()
}
