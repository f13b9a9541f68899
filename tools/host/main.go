// Command host makes the gateway's host without its leftovers.
//
// It copies the host's modules from the Go module cache, applies the named
// edits of this folder to the copies by their syntax trees, and writes a go.mod
// that replaces the modules by the copies:
//
//	go run ./tools/host -out .host
//	go build -modfile=.host/go.mod ./cmd/apinto
//
// A module of another version, or a file that is not what an edit expects, is
// an error that names the edit; then nothing is written.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "host:", err)
		os.Exit(1)
	}
}

// run does what the command line asks for.
func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("host", flag.ContinueOnError)
	dir := flags.String("out", "", "folder for the edited modules and their go.mod")
	names := flags.Bool("names", false, "print the names of the edits, separated by commas, and nothing else")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case *names:
		_, err := fmt.Fprintln(out, strings.Join(editNames(edits), ","))
		return err
	case *dir != "":
		return build(*dir, edits, out)
	default:
		return list(out, edits)
	}
}

// list prints each edit with its reason.
func list(out io.Writer, edits []edit) error {
	for _, e := range edits {
		if _, err := fmt.Fprintf(out, "%s\n  %s %s, %s\n  what:   %s\n  why:    %s\n  brings: %s\n\n",
			e.name, e.module, e.version, e.file, e.what, e.why, e.brings); err != nil {
			return err
		}
	}
	return nil
}

// editNames returns the edits' names in their order.
func editNames(edits []edit) []string {
	names := make([]string, len(edits))
	for i, e := range edits {
		names[i] = e.name
	}
	return names
}
