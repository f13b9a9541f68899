// Command jwtctl makes, reads and checks JSON Web Tokens as the gateway's JWT driver does.
package main

import "os"

func main() {
	os.Exit(run(os.Args, os.Stdin, os.Stdout, os.Stderr))
}
