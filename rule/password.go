package rule

import (
	"fmt"
	"strings"

	"golang.org/x/crypto/bcrypt"

	"apinto-jwt/keys"
)

// The costs of a password hash. 2^14 rounds take about a second, which bounds the time of a login; fewer than 2^10 are
// guessed too fast by whoever has the hash.
const (
	minPasswordCost = 10
	maxPasswordCost = 14
)

// passwordProblem says why a user's password is not accepted when it is saved; empty: it is, or there is none. A usable
// one is a bcrypt hash that logins can be checked with: a stored one stays in use. The problem never shows the password.
func passwordProblem(password keys.Secret) (problem string, usable bool) {
	if password == "" {
		return "", false
	}
	cost, err := bcrypt.Cost([]byte(password.Reveal()))
	switch {
	case !strings.HasPrefix(password.Reveal(), "$2") || err != nil || len(password.Reveal()) != 60:
		return `is not a bcrypt hash, as "jwtctl password" makes one; a password in plain text is not accepted`, false
	case cost > maxPasswordCost:
		return fmt.Sprintf("has cost %d, at most %d is accepted: each login takes the time", cost, maxPasswordCost), false
	case cost < minPasswordCost:
		return fmt.Sprintf(`has cost %d, at least %d is accepted: make a new hash with "jwtctl password"`, cost, minPasswordCost), true
	}
	return "", true
}
