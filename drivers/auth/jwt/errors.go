package jwt

import "errors"

var (
	// ErrConfig: a rule that cannot be used. The text lists every fault with its field.
	ErrConfig = errors.New("invalid jwt config")
	// ErrUser: a list of users that cannot be used.
	ErrUser = errors.New("invalid jwt users")
	// ErrInternal: a fault of ours; the log has its stack.
	ErrInternal = errors.New("internal error in the jwt driver")
)
