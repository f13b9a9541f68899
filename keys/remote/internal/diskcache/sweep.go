package diskcache

import (
	"regexp"
	"time"

	"apinto-jwt/internal/trustedfile"
)

// ours matches the names of files that this package writes.
var ours = regexp.MustCompile(`^[0-9a-f]{64}\.json(\.[0-9]+\.tmp)?$`)

// Sweep deletes the files of this package in a directory that were last written before that time.
func Sweep(dir string, before time.Time) { trustedfile.Sweep(dir, ours, before) }
