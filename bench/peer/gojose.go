package peer

import (
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"apinto-jwt/bench/token"
)

var errNoExpiry = errors.New("no exp")

func goJose(k token.Key) Verify {
	algorithms := []jose.SignatureAlgorithm{jose.SignatureAlgorithm(k.Algorithm)}
	return func(text string) error {
		parsed, err := jwt.ParseSigned(text, algorithms)
		if err != nil {
			return err
		}
		var claims jwt.Claims
		if err := parsed.Claims(k.Public, &claims); err != nil {
			return err
		}
		if claims.Expiry == nil {
			return errNoExpiry
		}
		return claims.ValidateWithLeeway(jwt.Expected{Time: time.Now()}, 0)
	}
}
