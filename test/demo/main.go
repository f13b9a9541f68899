// Command demo shows the main job on the real gateway: the documented example's
// token gets through, and nothing else does. It builds the gateway, runs it in
// a temporary directory on free loopback ports, configures it through its own
// admin API, and removes everything at the end, also after a failure or Ctrl-C.
// In a second act the gateway issues tokens itself, refreshes and ends them. In
// a third a client of an MCP server, which knows one URL, finds its way in.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/upstream"
)

func main() {
	binary := flag.String("gateway", "bin/apinto", "where to build the gateway")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	wrong, err := run(ctx, *binary)
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	case wrong > 0:
		fmt.Printf("\n%d lines are WRONG\n", wrong)
		os.Exit(1)
	}
	fmt.Println("\nall as expected; everything is stopped and removed")
}

// run returns the number of lines that are not as expected.
func run(ctx context.Context, binary string) (wrong int, err error) {
	if err := gateway.Build(ctx, binary, os.Stdout); err != nil {
		return 0, err
	}
	node, err := gateway.Start(ctx, gateway.Options{Binary: binary})
	if err != nil {
		return 0, err
	}
	defer func() {
		if closeErr := node.Close(); err == nil {
			err = closeErr
		}
	}()
	server := upstream.Start()
	defer server.Close()
	fmt.Printf("gateway %s, admin API %s, upstream http://%s\n\n", node.URL, node.AdminURL, server.Address())

	d := &demo{node: node, upstream: server, log: accessLog(node)}
	if err := d.configure(ctx); err != nil {
		return 0, err
	}
	lines, err := d.play(ctx, cases(time.Now()))
	if err != nil {
		return 0, err
	}
	wrong = printTable(os.Stdout, lines)
	for _, act := range []func(context.Context, io.Writer) (int, error){d.issuing, d.tools} {
		more, err := act(ctx, os.Stdout)
		if wrong += more; err != nil {
			return wrong, err
		}
	}
	return wrong, nil
}
