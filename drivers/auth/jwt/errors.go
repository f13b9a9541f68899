package jwt

import (
	"errors"

	"apinto-jwt/drivers/internal/accounts"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/rule"
)

var (
	// ErrConfig is a rule that cannot be used. The text lists every fault with its field.
	ErrConfig = rule.ErrConfig
	// ErrUser is a list of users that cannot be used.
	ErrUser = registry.ErrUser
	// ErrHeld is a token that would be ended from the beginning.
	ErrHeld = accounts.ErrHeld
	// ErrInternal is a fault of ours; the log has its stack.
	ErrInternal = errors.New("internal error in the jwt driver")
)
