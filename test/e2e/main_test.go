// Package e2e runs the real gateway binary and holds what the whole product
// promises against it: real HTTP, configured through the gateway's admin API.
package e2e

import (
	"context"
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
}

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	binary, remove, err := findBinary()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer remove()
	nodes.binary = binary
	nodes.running = map[*gateway.Node]bool{}
	defer stopAll()
	defer shared.close()

	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-interrupted
		remove()
		os.Exit(130) // the guards do the rest
	}()
	return m.Run()
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

// startNode starts a gateway for one test.
func startNode(t *testing.T) *gateway.Node {
	t.Helper()
	node, err := launch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stopNode(t, node) })
	return node
}

// launch tries again with other ports: between the moment that a port was found
// free and the gateway's start, anybody may have taken it.
func launch(ctx context.Context) (node *gateway.Node, err error) {
	for range 3 {
		if node, err = gateway.Start(ctx, gateway.Options{Binary: nodes.binary}); err == nil {
			nodes.mu.Lock()
			defer nodes.mu.Unlock()
			nodes.running[node] = true
			return node, nil
		}
	}
	return nil, err
}

func stopNode(t *testing.T, node *gateway.Node) {
	t.Helper()
	if t.Failed() {
		t.Logf("the gateway's log:\n%s", node.LogTail(30))
	}
	nodes.mu.Lock()
	delete(nodes.running, node)
	nodes.mu.Unlock()
	if err := node.Close(); err != nil {
		t.Error(err)
	}
}

func stopAll() {
	nodes.mu.Lock()
	defer nodes.mu.Unlock()
	for node := range nodes.running {
		if err := node.Close(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	clear(nodes.running)
}
