package jwt

import (
	"fmt"
	"strings"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/eosc"
	"github.com/eolinker/eosc/env"
	"github.com/eolinker/eosc/log"
	"golang.org/x/crypto/bcrypt"

	"apinto-jwt/keys"
)

// The costs of a password hash. 2^14 rounds take about a second, which bounds the time of a login; fewer than 2^10 are
// guessed too fast by whoever has the hash.
const (
	minPasswordCost = 10
	maxPasswordCost = 14
)

// checkPasswords reports whether each user's password is a bcrypt hash. The error wraps ErrUser and never shows one. A
// process that serves requests takes stored hashes of too low a cost, with one warning: users who could log in still can.
func checkPasswords(appID string, users []application.ITransformConfig) error {
	cheap := 0
	for i, config := range users {
		user, ok := config.Config().(*User)
		if !ok || user.Pattern.Password == "" {
			continue
		}
		cost, err := passwordCost(i, user.Pattern.Password)
		switch {
		case err != nil:
			return err
		case cost >= minPasswordCost:
		case env.Process() == eosc.ProcessWorker:
			cheap++
		default:
			return fmt.Errorf(`%w: users[%d].pattern.password: has cost %d, at least %d is accepted: make a new hash with "jwtctl password"`,
				ErrUser, i, cost, minPasswordCost)
		}
	}
	if cheap > 0 {
		log.Warnf("[jwt] %d password hashes of application %s have a cost below %d: make new ones with \"jwtctl password\"", cheap, appID, minPasswordCost)
	}
	return nil
}

// passwordCost returns the cost of a bcrypt hash.
func passwordCost(i int, password keys.Secret) (int, error) {
	problem := ""
	cost, err := bcrypt.Cost([]byte(password.Reveal()))
	switch {
	case !strings.HasPrefix(password.Reveal(), "$2") || err != nil || len(password.Reveal()) != 60:
		problem = `is not a bcrypt hash, as "jwtctl password" makes one; a password in plain text is not accepted`
	case cost > maxPasswordCost:
		problem = fmt.Sprintf("has cost %d, at most %d is accepted: each login takes the time", cost, maxPasswordCost)
	default:
		return cost, nil
	}
	return 0, fmt.Errorf("%w: users[%d].pattern.password: %s", ErrUser, i, problem)
}
