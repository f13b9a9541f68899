package registry

import "errors"

// ErrUser is a list of users that cannot be used.
var ErrUser = errors.New("invalid jwt users")
