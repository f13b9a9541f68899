package diskcache

import "errors"

// ErrFile is a file on disk that is not what was written, or that must not be believed.
var ErrFile = errors.New("the file is not usable")
