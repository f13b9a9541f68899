package trustedfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// open opens a file whose content may be believed; nil if there is none. Its directory may be reached by a link, as that of a
// volume may be. Both may be writable by a group, as a volume's are; others must not own or write them. The file itself
// must not be a link. The opened file is the one that was checked. Errors wrap ErrFile.
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

// openTrusted is open with errors as they come.
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

// trusted returns what stands against believing a file, or what is in a directory: its owner is neither this user nor root, or
// everybody can write it. The owner is -1 if the system does not tell.
func trusted(path string, mode fs.FileMode, owner int) error {
	if self := os.Geteuid(); owner > 0 && owner != self {
		return fmt.Errorf("%w: %s is owned by user %d, not by %d, which the gateway is, or root", ErrFile, path, owner, self)
	}
	if mode.Perm()&0o002 != 0 {
		return fmt.Errorf("%w: %s can be written by everybody (%s)", ErrFile, path, mode)
	}
	return nil
}

// Read returns a file's text; nil if there is none. A file that must not be believed, or is longer than that many bytes, is
// not read. Errors wrap ErrFile.
func Read(file string, maxSize int64) ([]byte, error) {
	opened, err := open(file)
	if err != nil || opened == nil {
		return nil, err
	}
	defer opened.Close()
	text, err := io.ReadAll(io.LimitReader(opened, maxSize+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	case int64(len(text)) > maxSize:
		return nil, fmt.Errorf("%w: it is longer than %d bytes", ErrFile, maxSize)
	}
	return text, nil
}
