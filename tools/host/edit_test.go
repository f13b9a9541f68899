package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"go/ast"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// original is a file of a host that does not exist.
const original = `package host

import (
	"fmt"
	"runtime"
)

type Data struct {
	name string
}

// All keeps its comment.
func (d *Data) All() string {
	runtime.GC()
	return fmt.Sprint(d.name) // so does this
}
`

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// calls reports whether a statement is the code.
func calls(s *source, code string) func(ast.Stmt) bool {
	return func(n ast.Stmt) bool { return s.print(n) == code }
}

func removeCollection(s *source) error {
	f, err := s.function("Data.All")
	if err != nil {
		return err
	}
	statement, err := s.statement(f, "collection", calls(s, "runtime.GC()"))
	if err != nil {
		return err
	}
	s.remove(statement)
	return s.dropImport("runtime")
}

func TestApply(t *testing.T) {
	e := edit{name: "no-collection", file: "data.go", sum: sumOf(original), change: removeCollection}
	more := edit{name: "field", file: "data.go", sum: sumOf(original), change: func(s *source) error {
		return errors.Join(s.addField("Data", "count atomic.Int64\n"), s.addImport("sync/atomic"))
	}}
	got, err := apply([]byte(original), []edit{e, more})
	if err != nil {
		t.Fatal(err)
	}
	text := string(got)
	for _, want := range []string{"changed when apinto-jwt was built: no-collection, field", "// All keeps its comment.", "// so does this", "atomic.Int64", `"sync/atomic"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the edited file:\n%s", want, text)
		}
	}
	if strings.Contains(text, "runtime") {
		t.Errorf("the edited file still has the call or its import:\n%s", text)
	}
}

// TestApplyRefuses holds that a file which is not what an edit expects is an
// error, and never half edited.
func TestApplyRefuses(t *testing.T) {
	tests := []struct {
		name string
		text string
		edit edit
		want string
	}{
		{"another file", original + "\n", edit{sum: sumOf(original), change: removeCollection}, "is not the file"},
		{
			"no such function", strings.Replace(original, "All()", "Some()", 1),
			edit{sum: sumOf(strings.Replace(original, "All()", "Some()", 1)), change: removeCollection},
			"no function Data.All",
		},
		{
			"twice there", strings.Replace(original, "runtime.GC()", "runtime.GC()\nruntime.GC()", 1),
			edit{sum: sumOf(strings.Replace(original, "runtime.GC()", "runtime.GC()\nruntime.GC()", 1)), change: removeCollection},
			"more than one",
		},
		{
			"not there", strings.Replace(original, "runtime.GC()", "runtime.Gosched()", 1),
			edit{sum: sumOf(strings.Replace(original, "runtime.GC()", "runtime.Gosched()", 1)), change: removeCollection},
			"has no collection",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.edit.name, test.edit.file = "an-edit", "data.go"
			got, err := apply([]byte(test.text), []edit{test.edit})
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "an-edit") {
				t.Errorf("got %v, want an error with %q and the edit's name", err, test.want)
			}
			if got != nil {
				t.Errorf("got a file in spite of the error:\n%s", got)
			}
		})
	}
}

// TestBuildRefuses holds that a failed build leaves the folder as it was.
func TestBuildRefuses(t *testing.T) {
	t.Chdir("../..")
	dir := filepath.Join(t.TempDir(), "host")
	if err := build(dir, edits, &strings.Builder{}); err != nil {
		t.Fatal(err)
	}
	before := filesOf(t, dir)
	var said strings.Builder
	if err := build(dir, edits, &said); err != nil || said.Len() > 0 {
		t.Errorf("a second time it said %q, %v; want nothing to do", said.String(), err)
	}
	tests := []struct {
		name   string
		change func(*edit)
		want   string
	}{
		{"another version", func(e *edit) { e.version = "v0.0.1" }, "go.mod has v0.22.19"},
		{"another file", func(e *edit) { e.sum = sumOf("") }, "is not the file"},
		{"no such file", func(e *edit) { e.file = "no/such.go" }, "no/such.go"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := os.Remove(filepath.Join(dir, stampName)); err != nil { // else there is nothing to do
				t.Fatal(err)
			}
			defer func() { _ = os.WriteFile(filepath.Join(dir, stampName), nil, 0o600) }()
			e := edits[0]
			test.change(&e)
			if err := build(dir, []edit{e}, &strings.Builder{}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want an error with %q", err, test.want)
			}
			if after := filesOf(t, dir) + 1; after != before {
				t.Errorf("the folder has changed: %d files before, %d now", before, after)
			}
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), ".host-*")); len(left) > 0 {
				t.Errorf("unfinished folders are still there: %v", left)
			}
		})
	}
}

// filesOf counts the files below a folder.
func filesOf(t *testing.T, dir string) (files int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestEdits holds that each edit says what it is.
func TestEdits(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range edits {
		if seen[e.name] {
			t.Errorf("two edits are named %s", e.name)
		}
		seen[e.name] = true
		if e.what == "" || e.why == "" || e.brings == "" || e.change == nil {
			t.Errorf("%s lacks a sentence or its change", e.name)
		}
	}
	var out strings.Builder
	if err := run([]string{"-names"}, &out); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), ","); got != len(edits)-1 {
		t.Errorf("-names prints %q, of %d edits", out.String(), len(edits))
	}
}
