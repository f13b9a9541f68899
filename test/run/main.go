// Command run keeps a gateway in the foreground: it writes the configuration
// files that are missing, starts the gateway, prints its addresses and stops
// all of it, the admin process too, on Ctrl-C.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"apinto-jwt/test/e2e/gateway"
)

// The ports of a new configuration; those of Apinto's own example but for the
// privileged one.
var ports = gateway.Ports{Gateway: 8099, Admin: 9400, Peer: 9401}

func main() {
	binary := flag.String("gateway", "bin/apinto", "the gateway")
	dir := flag.String("dir", "run", "its configuration and data")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *binary, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "run:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, binary, dir string) (err error) {
	node, err := gateway.Start(ctx, gateway.Options{Binary: binary, Dir: dir, Ports: ports, LogLevel: "warning"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, node.Close()) }()
	fmt.Printf("gateway    %s\nadmin API  %s\ndirectory  %s\nCtrl-C stops it\n", node.URL, node.AdminURL, node.Dir)

	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for node.Running() {
		select {
		case <-ctx.Done():
			fmt.Println("\nstopping …")
			return nil
		case <-tick.C:
		}
	}
	return fmt.Errorf("the gateway has ended; see %s", node.LogDir())
}
