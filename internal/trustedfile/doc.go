// Package trustedfile reads and writes files that decide whose tokens are good. It judges by owner and mode whether a file may be
// believed, before it reads it, and replaces a file in one step.
package trustedfile

import "errors"

// ErrFile is a file on disk that is not what was written, or that must not be believed.
var ErrFile = errors.New("the file is not usable")
