package trustedfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Write writes a file in one step: a reader sees the old text or the new one. Its directory is made if there is none. Both are
// for this user alone. An error that wraps ErrFile says why Read will not believe what was written.
func Write(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	if err := replace(file, text); err != nil {
		return err
	}
	written, err := open(file)
	if err != nil || written == nil {
		return err
	}
	return written.Close()
}

// replace writes a file beside the old one and renames it, readable for this user alone.
func replace(path string, text []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp") // with mode 0600
	if err != nil {
		return err
	}
	_, err = temporary.Write(text)
	err = errors.Join(err, temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}

// Remove deletes the file if there is one.
func Remove(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
