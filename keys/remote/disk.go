package remote

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"apinto-jwt/keys"
)

// maxFile is the longest file that is read, in bytes: a set, written in our way, and what stands round it.
const maxFile = 2 * keys.MaxJWKSSize

// read is a file's text; nil where there is none. A file that others than its owner can write is not read.
func read(file string) ([]byte, error) {
	for _, path := range []string{filepath.Dir(file), file} {
		info, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, nil
		case err != nil:
			return nil, fmt.Errorf("%w: %w", ErrFile, err)
		case path == file && !info.Mode().IsRegular():
			return nil, fmt.Errorf("%w: it is no regular file", ErrFile)
		case info.Mode().Perm()&0o022 != 0:
			return nil, fmt.Errorf("%w: %s can be written by others (%s)", ErrFile, path, info.Mode())
		}
	}
	opened, err := os.Open(file) //nolint:gosec // its name is a hash, in the directory that the operator has chosen
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	defer opened.Close()
	text, err := io.ReadAll(io.LimitReader(opened, maxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	case len(text) > maxFile:
		return nil, fmt.Errorf("%w: it is longer than %d bytes", ErrFile, maxFile)
	}
	return text, nil
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

// remove deletes the file where there is one.
func remove(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// ours is how files of this package are named.
var ours = regexp.MustCompile(`^[0-9a-f]{64}\.json(\.[0-9]+\.tmp)?$`)

// sweep deletes files of sets that nobody has used for so long that they are too old for any configuration.
func sweep(dir string, now time.Time) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && ours.MatchString(entry.Name()) && info.Mode().IsRegular() && now.Sub(info.ModTime()) > MaxMaxStale {
			_ = os.Remove(filepath.Join(dir, entry.Name()))
		}
	}
}
