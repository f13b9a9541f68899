package diskcache

import "apinto-jwt/internal/trustedfile"

// ErrFile is a file on disk that is not what was written, or that must not be believed.
var ErrFile = trustedfile.ErrFile
