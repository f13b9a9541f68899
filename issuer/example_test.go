package issuer_test

import (
	"fmt"

	"apinto-jwt/issuer"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// The claims stay in the order in which they were set, and the key's own verifier accepts the token.
func Example() {
	key, err := issuer.NewSecretKey("2026-01", []byte("a secret of at least 32 bytes ..."), keys.HS256)
	if err != nil {
		panic(err)
	}
	var claims issuer.Object
	for _, claim := range []struct {
		name  string
		value any
	}{{"sub", "alice"}, {"exp", 1713339896}, {"roles", []string{"admin"}}} {
		if err := claims.Set(claim.name, claim.value); err != nil {
			panic(err)
		}
	}
	raw, err := key.Sign(issuer.Header{Type: "at+jwt"}, claims.JSON())
	if err != nil {
		panic(err)
	}
	unverified, err := token.Parse(raw)
	if err != nil {
		panic(err)
	}
	verified, err := unverified.Verify(keys.NewSet(key.Verifier()))
	if err != nil {
		panic(err)
	}
	fmt.Println(verified.Header())
	fmt.Println(verified.Payload())
	// Output:
	// {"alg":"HS256","typ":"at+jwt","kid":"2026-01"}
	// {"sub":"alice","exp":1713339896,"roles":["admin"]}
}
