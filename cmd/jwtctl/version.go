package main

import (
	"cmp"
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
		UsageText: "jwtctl version [--output FORMAT]",
		Flags:     outputFlags(),
		Action: func(c *cli.Context) error {
			asJSON, err := wantsJSON(c)
			if err := cmp.Or(err, noArguments(c)); err != nil {
				return err
			}
			text := fmt.Sprintf("jwtctl version: %s\nGo version: %s\n", ownVersion(), runtime.Version())
			return t.answer(asJSON, map[string]string{"version": ownVersion(), "go": runtime.Version()}, text)
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
