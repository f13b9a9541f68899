//go:build unix

package remote

import (
	"io/fs"
	"syscall"
)

// ownerOf is the user who owns a file; -1 where the system does not tell.
func ownerOf(info fs.FileInfo) int {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Uid)
	}
	return -1
}
