package docs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// notCopied are the directories that a clone does not have.
var notCopied = []string{".git", "bin", "run", "my-gateway", "test/interop/node_modules"}

// copyTree copies the files of a directory, but for those that a clone does not have. A directory that is not there has
// none.
func copyTree(from, to string) error {
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if slices.Contains(notCopied, name) {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil // .git is a file in a linked work tree
		}
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), 0o750)
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), content, info.Mode().Perm())
	})
	if err != nil {
		return fmt.Errorf("copy of %s: %w", from, err)
	}
	return nil
}
