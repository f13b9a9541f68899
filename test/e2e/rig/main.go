// Package rig is what the end-to-end tests share: gateways that run, requests to them, and the search for secrets in all
// that was seen of them. Each package of tests hands its TestMain to Main.
package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"apinto-jwt/test/e2e/gateway"
)

// nodes are the gateways that run. A test stops its own, the shared one is
// stopped at the end; should this process die before, the guard of each gateway
// kills it.
var nodes struct {
	mu      sync.Mutex
	binary  string
	running map[*gateway.Node]bool

	debugged bool // one has logged at the level debug
}

// Main runs the tests of a package, ends its gateways, and looks for secrets in all that was seen of them. It returns
// the exit status.
func Main(m *testing.M) int {
	binary, remove, err := findBinary()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer remove()
	nodes.binary = binary
	nodes.running = map[*gateway.Node]bool{}
	if err := watchSecrets(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = evidence.Remove() }()

	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-interrupted
		_ = evidence.Remove()
		remove()
		os.Exit(130) // the guards do the rest
	}()
	code := m.Run()
	if common.env != nil {
		common.env.Upstream.Close()
	}
	stopAll()
	return reportSecrecy(code)
}

// findBinary takes the gateway that the Makefile has built; a plain "go test"
// builds one of its own.
func findBinary() (path string, remove func(), err error) {
	if path := os.Getenv(gateway.EnvBinary); path != "" {
		return path, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "apinto-jwt-e2e-")
	if err != nil {
		return "", nil, err
	}
	path = filepath.Join(dir, "apinto")
	remove = func() { _ = os.RemoveAll(dir) }
	if err := gateway.Build(context.Background(), path, os.Stderr); err != nil {
		remove()
		return "", nil, err
	}
	return path, remove, nil
}

// Binary is the path of the gateway under test.
func Binary() string { return nodes.binary }

// StartNode starts a gateway for one test.
func StartNode(t *testing.T) *gateway.Node {
	t.Helper()
	return StartNodeAt(t, DebugLevel)
}

// StartNodeAt starts one that logs at another level.
func StartNodeAt(t *testing.T, logLevel string) *gateway.Node {
	t.Helper()
	return StartBinary(t, nodes.binary, logLevel)
}

// StartBinary starts a gateway of another binary for one test.
func StartBinary(t *testing.T, binary, logLevel string) *gateway.Node {
	t.Helper()
	node, err := LaunchBinary(t.Context(), binary, logLevel)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { StopNode(t, node) })
	return node
}

// DebugLevel is the level at which the gateways log, so that all that they could log is looked through for secrets.
const DebugLevel = "debug"

// Launch starts a gateway that ends with all tests.
func Launch(ctx context.Context) (*gateway.Node, error) {
	return LaunchBinary(ctx, nodes.binary, DebugLevel)
}

// LaunchBinary tries again with other ports: between the moment that a port was found
// free and the gateway's start, anybody may have taken it.
func LaunchBinary(ctx context.Context, binary, logLevel string) (node *gateway.Node, err error) {
	options := gateway.Options{Binary: binary, LogLevel: logLevel, Heard: heard}
	for range 3 {
		if node, err = gateway.Start(ctx, options); err == nil {
			nodes.mu.Lock()
			defer nodes.mu.Unlock()
			nodes.running[node] = true
			nodes.debugged = nodes.debugged || logLevel == DebugLevel
			return node, nil
		}
	}
	return nil, err
}

// StopNode ends a gateway, and keeps its logs as evidence.
func StopNode(t *testing.T, node *gateway.Node) {
	t.Helper()
	if t.Failed() {
		t.Logf("the gateway's log:\n%s", node.LogTail(30))
	}
	nodes.mu.Lock()
	delete(nodes.running, node)
	nodes.mu.Unlock()
	if err := errors.Join(keepLogs(node), node.Close()); err != nil {
		t.Error(err)
	}
}

func stopAll() {
	nodes.mu.Lock()
	defer nodes.mu.Unlock()
	for node := range nodes.running {
		if err := errors.Join(keepLogs(node), node.Close()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	clear(nodes.running)
}
