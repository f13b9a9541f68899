package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The committed files are what the program makes: nobody has changed a case by hand, or the program without them.
func TestFilesAreUpToDate(t *testing.T) {
	for name, made := range files() {
		committed, err := os.ReadFile(filepath.Join("..", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(made, committed) {
			t.Errorf("%s is out of date; run \"go generate ./test/corpus\"", name)
		}
	}
}
