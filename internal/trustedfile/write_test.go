package trustedfile

import (
	"os"
	"path/filepath"
	"testing"
)

// A write that fails leaves the old file and no other.
func TestReplaceLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "directory")
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := replace(path, []byte("text")); err == nil {
		t.Error("a directory was replaced")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "directory" {
		t.Errorf("left: %v, %v", entries, err)
	}
}
