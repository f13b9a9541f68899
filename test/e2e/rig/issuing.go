package rig

import (
	"apinto-jwt/test/e2e/gateway"
)

// IssuedPassword is the users' password.
const IssuedPassword = "correct horse"

// IssuedHash is its bcrypt hash, at the least cost that is accepted.
const IssuedHash = "$2a$10$tsJQbwjhjirnbv/qVUVg5.FubkidfuqvhsR7jzJYSEfGBkDCt2tBy"

// IssuingApp is an application that issues tokens to ann and bob.
func IssuingApp(name string) gateway.App {
	return gateway.JWTApp(name, gateway.Auth{
		Position: "header", TokenName: "Authorization",
		Config: gateway.Rule{
			"algorithm": "HS256", "secret": "the secret of the issuing application " + name, "iss": name, "path": "sub",
			"issue": map[string]any{"access_ttl": 600},
		},
		Users: []gateway.User{{Name: "ann", Password: IssuedHash}, {Name: "bob", Password: IssuedHash}},
	})
}
