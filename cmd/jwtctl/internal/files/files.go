// Package files writes files that may hold keys, and keeps their names out of errors.
package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// WithoutPath keeps the name of a file out of an error: a secret that was given in the place of a file's name would be shown.
func WithoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// Write writes a new file; with force it replaces one that is there. The replacement is written under another name
// first, so that the old file neither lends its looser mode to a key nor is lost when the disk is full.
func Write(name, text string, mode fs.FileMode, force bool) error {
	if !force {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode) //nolint:gosec // the operator names it
		if err != nil {
			return err
		}
		_, err = f.WriteString(text)
		return errors.Join(err, f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*") // with mode 0600
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Chmod(mode), f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
