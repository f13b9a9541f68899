package main

import (
	"runtime"
	"testing"
)

func TestVersion(t *testing.T) {
	old := version
	defer func() { version = old }()
	version = "v1.2.3"
	if got, want := (session{t: t}).ok("version"), "jwtctl version: v1.2.3\nGo version: "+runtime.Version()+"\n"; got != want {
		t.Errorf("got %s", got)
	}
}
