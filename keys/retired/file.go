package retired

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"apinto-jwt/internal/trustedfile"
)

// maxSize is the longest file that is read or written, in bytes.
const maxSize = 4 << 20

// name is that of the file in its directory.
const name = "signing-keys.json"

// unfinished matches the names of the files that it is written to first.
var unfinished = regexp.MustCompile(`^signing-keys\.json\.[0-9]+\.tmp$`)

// File is the keys on disk. One goroutine of a process uses it; several processes may.
type File struct{ path string }

// New names the file in a directory; it is not touched.
func New(dir string) *File { return &File{path: filepath.Join(dir, name)} }

// Load reads the keys that have good tokens, the one that ends first in front; none if there is no file. Those that signed when the
// file was written may have signed until now, so that all are retired. Errors wrap ErrFile.
func (f *File) Load(now time.Time) ([]Key, error) {
	trustedfile.Sweep(filepath.Dir(f.path), unfinished, now.Add(-time.Hour)) // what a process that was killed has left
	list, err := f.read()
	if err != nil {
		return nil, err
	}
	list = merge(nil, list, now)
	slices.Reverse(list)
	return list, nil
}

// Save writes the keys of this process, and those that another one has written since, in one step. It writes nothing that is there
// already, and no first file without a key. A file that cannot be used is replaced. An error that wraps ErrFile says why the next start will not use what was written.
func (f *File) Save(ours []Key, now time.Time) error {
	file, err := f.read()
	list := merge(ours, file, now)
	if err == nil && equal(list, file) {
		return nil
	}
	text, err := encode(list)
	for err == nil && len(text) > maxSize {
		list = list[:len(list)/2]
		text, err = encode(list)
	}
	if err != nil {
		return err
	}
	return trustedfile.Write(f.path, text)
}

// read reads the keys as they were written.
func (f *File) read() ([]Key, error) {
	text, err := trustedfile.Read(f.path, maxSize)
	if err != nil || text == nil {
		return nil, err
	}
	list, err := decode(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	return list, nil
}

// equal reports whether both lists are written alike.
func equal(a, b []Key) bool {
	one, err := encode(a)
	other, otherErr := encode(b)
	return errors.Join(err, otherErr) == nil && bytes.Equal(one, other)
}
