// Command report writes the tables that compare the project with other verifiers, as Markdown.
package main

import (
	"flag"
	"fmt"
	"log"

	"apinto-jwt/test/conformance/diff"
)

func main() {
	rounds := flag.Int("rounds", 3, "how many mutations of each kind a good token gets")
	flag.Parse()
	answers, err := diff.Run(*rounds)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(diff.Markdown(answers))
}
