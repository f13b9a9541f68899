package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

// version is set by the linker: -ldflags "-X main.version=v1.2.3".
var version = "unknown"

// versionCommand returns "jwtctl version".
func (t *tool) versionCommand() *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "print the version",
		UsageText: "jwtctl version",
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			_, err := fmt.Fprintf(t.out, "jwtctl version: %s\nGo version: %s\n", ownVersion(), runtime.Version())
			return err
		},
	}
}

// ownVersion returns the linker's version, else the one of the go command: "go install" knows the module's version.
func ownVersion() string {
	if build, ok := debug.ReadBuildInfo(); ok && version == "unknown" && build.Main.Version != "" {
		return build.Main.Version
	}
	return version
}
