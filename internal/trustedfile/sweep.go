package trustedfile

import (
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// Sweep deletes the regular files in a directory whose names match and that were last written before that time. Write names an
// unfinished file "NAME.NUMBER.tmp", which a process that was killed leaves: the names should match that, too.
func Sweep(dir string, names *regexp.Regexp, before time.Time) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && names.MatchString(entry.Name()) && info.Mode().IsRegular() && info.ModTime().Before(before) {
			_ = os.Remove(filepath.Join(dir, entry.Name()))
		}
	}
}
