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

// open opens a file whose content may be believed; nil where there is none. Its directory may be reached by a link, as that of a
// volume may be, and both may be writable by a group, as a volume's are; but others must not own or write them, and the
// file itself must not be a link. What is opened is what was judged. Errors wrap ErrFile.
func open(file string) (*os.File, error) {
	opened, err := openTrusted(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil && !errors.Is(err, ErrFile):
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	return opened, err
}

func openTrusted(file string) (opened *os.File, err error) {
	dir, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	info, err := dir.Stat(".")
	if err != nil {
		return nil, err
	}
	if err := trusted(filepath.Dir(file), info.Mode(), ownerOf(info)); err != nil {
		return nil, err
	}
	named, err := dir.Lstat(filepath.Base(file))
	if err != nil {
		return nil, err
	}
	if !named.Mode().IsRegular() { // a link, a pipe: it is not opened
		return nil, fmt.Errorf("%w: %s is no regular file", ErrFile, file)
	}
	if opened, err = dir.Open(filepath.Base(file)); err != nil {
		return nil, err
	}
	if info, err = opened.Stat(); err == nil {
		err = trusted(file, info.Mode(), ownerOf(info))
	}
	if err == nil && !os.SameFile(named, info) {
		err = fmt.Errorf("%w: %s has changed meanwhile", ErrFile, file)
	}
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return opened, nil
}

// trusted tells what stands against believing a file, or what is in a directory: it is not this user's nor root's, or everybody
// can write it. The owner is -1 where the system does not tell.
func trusted(path string, mode fs.FileMode, owner int) error {
	if self := os.Geteuid(); owner > 0 && owner != self {
		return fmt.Errorf("%w: %s is owned by user %d, not by %d, which the gateway is, or root", ErrFile, path, owner, self)
	}
	if mode.Perm()&0o002 != 0 {
		return fmt.Errorf("%w: %s can be written by everybody (%s)", ErrFile, path, mode)
	}
	return nil
}

// read is a file's text; nil where there is none. A file that must not be believed is not read.
func read(file string) ([]byte, error) {
	opened, err := open(file)
	if err != nil || opened == nil {
		return nil, err
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
