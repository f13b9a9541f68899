package rig

import (
	"crypto/elliptic"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"apinto-jwt/jwttest"
)

// TokenNumber makes tokens that differ from all others.
var TokenNumber atomic.Int64

// TokenOf is a token of the key A or B that no other is equal to: none is remembered from the time before.
func TokenOf(t testing.TB, kid string, more ...Claims) string {
	t.Helper()
	key := jwttest.ECKey(elliptic.P256())
	if kid == "B" {
		key = jwttest.OtherECKey(elliptic.P256())
	}
	all := Claims{"sub": "ann", "jti": fmt.Sprint(TokenNumber.Add(1))}
	for _, c := range more {
		for name, value := range c {
			all[name] = value
		}
	}
	return jwttest.Sign(t, "ES256", key, Object{"kid": kid}, all)
}

// Object is a JSON object.
type Object = map[string]any

// Claims are a token's payload.
type Claims = map[string]any

// Split returns the three parts of a token.
func Split(token string) (header, payload, signature string) {
	parts := strings.Split(token, ".")
	return parts[0], parts[1], parts[2]
}

// Flip changes one bit of a signature.
func Flip(signature string) string {
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil {
		panic(err)
	}
	raw[0] ^= 1
	return jwttest.Encode(raw)
}
