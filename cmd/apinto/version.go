//go:build !windows

package main

import (
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	hostversion "github.com/eolinker/apinto/utils/version"
	"github.com/urfave/cli/v2"
)

// The Makefile sets both (-ldflags -X).
var (
	version   = "unknown" // this project's own
	hostEdits = ""        // names of the edits made to the host, separated by commas; empty: the stock host
)

const (
	apintoModule = "github.com/eolinker/apinto"
	eoscModule   = "github.com/eolinker/eosc"
)

// The host writes its version into access logs ($apinto_version) from a
// variable that its own build script sets.
func init() {
	if build, ok := debug.ReadBuildInfo(); ok {
		hostversion.Version = moduleVersion(build, apintoModule)
	}
}

func versionCommand() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "print the versions of this gateway, of Apinto and of eosc",
		Action: func(c *cli.Context) error {
			build, _ := debug.ReadBuildInfo()
			return printVersions(c.App.Writer, build)
		},
	}
}

// printVersions takes the host's versions from the list of modules that the
// linker wrote into the binary, so it prints the versions that run.
func printVersions(w io.Writer, build *debug.BuildInfo) error {
	if build == nil {
		build = &debug.BuildInfo{GoVersion: "unknown"}
	}
	_, err := fmt.Fprintf(w, "apinto-jwt version: %s\nApinto version: %s\neosc version: %s\nhost: %s\nGo version: %s\n",
		version, moduleVersion(build, apintoModule), moduleVersion(build, eoscModule), hostKind(hostEdits), build.GoVersion)
	return err
}

// hostKind says in words that the host is the stock one, or what is edited.
func hostKind(edits string) string {
	if edits == "" {
		return "stock"
	}
	return "edited (" + strings.ReplaceAll(edits, ",", ", ") + ")"
}

func moduleVersion(build *debug.BuildInfo, path string) string {
	for _, module := range build.Deps {
		if module.Path != path {
			continue
		}
		if module.Replace != nil && !strings.HasPrefix(module.Replace.Path, "./") { // there it is the edited copy
			return module.Version + " => " + module.Replace.Path + " " + module.Replace.Version
		}
		return module.Version
	}
	return "unknown"
}
