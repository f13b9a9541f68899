// Command draw draws the picture of the README from the results that an earlier run of the benchmarks has written. It
// measures nothing.
package main

import (
	"flag"
	"fmt"
	"os"

	"apinto-jwt/bench/picture"
	"apinto-jwt/bench/report"
)

func main() {
	results := flag.String("results", "RESULTS.md", "the file with the tables")
	path := flag.String("picture", "../docs/img/speed.svg", "the file for the picture")
	flag.Parse()
	if err := draw(*results, *path); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func draw(results, path string) error {
	text, err := os.ReadFile(results)
	if err != nil {
		return err
	}
	outcome, err := report.Read(string(text))
	if err != nil {
		return err
	}
	return picture.Write(path, outcome)
}
