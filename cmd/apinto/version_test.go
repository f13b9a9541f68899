//go:build !windows

package main

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestPrintVersions(t *testing.T) {
	build := &debug.BuildInfo{GoVersion: "go1.99", Deps: []*debug.Module{
		{Path: apintoModule, Version: "v1.2.3"},
		{Path: eoscModule, Version: "v4.5.6", Replace: &debug.Module{Path: "fork", Version: "v7.8.9"}},
	}}
	tests := []struct {
		name  string
		build *debug.BuildInfo
		want  string
	}{
		{"from the binary", build, "apinto-jwt version: unknown\nApinto version: v1.2.3\neosc version: v4.5.6 => fork v7.8.9\nhost: stock\nGo version: go1.99\n"},
		{
			"edited copies", &debug.BuildInfo{GoVersion: "go1.99", Deps: []*debug.Module{
				{Path: apintoModule, Version: "v1.2.3", Replace: &debug.Module{Path: "./copy"}}, {Path: eoscModule, Version: "v4.5.6"},
			}},
			"apinto-jwt version: unknown\nApinto version: v1.2.3\neosc version: v4.5.6\nhost: stock\nGo version: go1.99\n",
		},
		{"none in the binary", nil, "apinto-jwt version: unknown\nApinto version: unknown\neosc version: unknown\nhost: stock\nGo version: unknown\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			if err := printVersions(&out, test.build); err != nil {
				t.Fatal(err)
			}
			if out.String() != test.want {
				t.Errorf("got %q, want %q", out.String(), test.want)
			}
		})
	}
}

func TestHostKind(t *testing.T) {
	if got := hostKind(""); got != "stock" {
		t.Errorf("without edits: got %q", got)
	}
	if got := hostKind("one,two"); got != "edited (one, two)" {
		t.Errorf("with edits: got %q", got)
	}
}
