package peer

import (
	gojwt "github.com/golang-jwt/jwt/v5"

	"apinto-jwt/bench/token"
)

func golangJWT(k token.Key) Verify {
	parser := gojwt.NewParser(gojwt.WithValidMethods([]string{k.Algorithm}), gojwt.WithExpirationRequired())
	key := func(*gojwt.Token) (any, error) { return k.Public, nil } //nolint:unparam // a Keyfunc of the library
	return func(text string) error {
		_, err := parser.ParseWithClaims(text, new(gojwt.RegisteredClaims), key)
		return err
	}
}
