// Command bench compares the driver with the host's own, with other libraries, and with the bare cryptography, in one
// process and end to end. It prints Markdown and writes RESULTS.md and the picture of the README.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run is main without the process.
func run(ctx context.Context, args []string, out, progress io.Writer) error {
	s, err := parse(args, progress)
	if err != nil {
		return err
	}
	outcome, failure := s.measure(ctx, progress)
	text := s.document(outcome, failure)
	fmt.Fprint(out, text)
	if s.write {
		if err := s.save(text, outcome); err != nil {
			return err
		}
	}
	return failure
}
