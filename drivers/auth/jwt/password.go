package jwt

import (
	"fmt"
	"strings"

	"golang.org/x/crypto/bcrypt"

	"apinto-jwt/keys"
)

// maxPasswordCost bounds the time that one login takes: 2^14 rounds are about a second.
const maxPasswordCost = 14

// passwordProblem says why a user's password is no bcrypt hash that can be used; empty: it is one, or there is none. It
// never shows the password.
func passwordProblem(password keys.Secret) string {
	if password == "" {
		return ""
	}
	switch cost, err := bcrypt.Cost([]byte(password.Reveal())); {
	case !strings.HasPrefix(password.Reveal(), "$2") || err != nil || len(password.Reveal()) != 60:
		return `is not a bcrypt hash, as "jwtctl password" makes one; a password in plain text is not accepted`
	case cost > maxPasswordCost:
		return fmt.Sprintf("has cost %d, at most %d is accepted: each login takes the time", cost, maxPasswordCost)
	}
	return ""
}
