package diskcache

import (
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// ours matches the names of files that this package writes.
var ours = regexp.MustCompile(`^[0-9a-f]{64}\.json(\.[0-9]+\.tmp)?$`)

// Sweep deletes the files of this package in a directory that were last written before that time.
func Sweep(dir string, before time.Time) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && ours.MatchString(entry.Name()) && info.Mode().IsRegular() && info.ModTime().Before(before) {
			_ = os.Remove(filepath.Join(dir, entry.Name()))
		}
	}
}
