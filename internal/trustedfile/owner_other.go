//go:build !unix

package trustedfile

import "io/fs"

// ownerOf returns the user who owns a file: -1, as the system does not tell.
func ownerOf(fs.FileInfo) int { return -1 }
