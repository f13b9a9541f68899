package rule

import "errors"

// ErrConfig is a configuration that cannot be used. The text lists every fault with its field.
var ErrConfig = errors.New("invalid jwt config")
