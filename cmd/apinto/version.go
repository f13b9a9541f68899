//go:build !windows

package main

import (
	"fmt"
	"io"
	"runtime/debug"

	hostversion "github.com/eolinker/apinto/utils/version"
	"github.com/urfave/cli/v2"
)

// version is this project's own; the Makefile sets it (-ldflags -X).
var version = "unknown"

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
// linker wrote into the binary, so what it prints is what runs.
func printVersions(w io.Writer, build *debug.BuildInfo) error {
	if build == nil {
		build = &debug.BuildInfo{GoVersion: "unknown"}
	}
	_, err := fmt.Fprintf(w, "apinto-jwt version: %s\nApinto version: %s\neosc version: %s\nGo version: %s\n",
		version, moduleVersion(build, apintoModule), moduleVersion(build, eoscModule), build.GoVersion)
	return err
}

func moduleVersion(build *debug.BuildInfo, path string) string {
	for _, module := range build.Deps {
		if module.Path != path {
			continue
		}
		if module.Replace != nil {
			return module.Version + " => " + module.Replace.Path + " " + module.Replace.Version
		}
		return module.Version
	}
	return "unknown"
}
