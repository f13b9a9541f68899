package peer

import (
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwt"

	"apinto-jwt/bench/token"
)

func jwx(k token.Key) Verify {
	algorithm, ok := jwa.LookupSignatureAlgorithm(k.Algorithm)
	if !ok {
		panic("jwx does not know " + k.Algorithm)
	}
	key, expires := jwt.WithKey(algorithm, k.Public), jwt.WithRequiredClaim(jwt.ExpirationKey)
	return func(text string) error {
		_, err := jwt.ParseString(text, key, expires)
		return err
	}
}
