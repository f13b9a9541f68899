package peer

import (
	"github.com/kataras/jwt"

	"apinto-jwt/bench/token"
)

func kataras(k token.Key) Verify {
	algorithm := map[string]jwt.Alg{
		"HS256": jwt.HS256, "RS256": jwt.RS256, "ES256": jwt.ES256, "PS256": jwt.PS256, "EdDSA": jwt.EdDSA,
	}[k.Algorithm]
	return func(text string) error {
		verified, err := jwt.Verify(algorithm, k.Public, []byte(text))
		if err != nil {
			return err
		}
		if verified.StandardClaims.Expiry == 0 {
			return errNoExpiry
		}
		return nil
	}
}
