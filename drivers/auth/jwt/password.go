package jwt

import (
	"fmt"
	"strings"

	"golang.org/x/crypto/bcrypt"

	"apinto-jwt/keys"
)

// maxPasswordCost bounds the time that one login takes: 2^14 rounds are about a second.
const maxPasswordCost = 14

// checkPassword tells whether a user's password is a bcrypt hash. The error never shows it.
func checkPassword(i int, password keys.Secret) error {
	if password == "" {
		return nil
	}
	problem := ""
	switch cost, err := bcrypt.Cost([]byte(password.Reveal())); {
	case !strings.HasPrefix(password.Reveal(), "$2") || err != nil || len(password.Reveal()) != 60:
		problem = `is not a bcrypt hash, as "jwtctl password" makes one; a password in plain text is not accepted`
	case cost > maxPasswordCost:
		problem = fmt.Sprintf("has cost %d, at most %d is accepted: each login takes the time", cost, maxPasswordCost)
	default:
		return nil
	}
	return fmt.Errorf("%w: users[%d].pattern.password: %s", ErrUser, i, problem)
}
