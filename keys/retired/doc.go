// Package retired keeps the public keys that a gateway signs with, and has signed with, in a file for its next start: who verifies by
// the published keys needs those whose tokens have not ended. Neither private keys nor shared secrets can be written.
package retired

import "apinto-jwt/internal/trustedfile"

// ErrFile is a file on disk that is not what was written, or that must not be believed.
var ErrFile = trustedfile.ErrFile
