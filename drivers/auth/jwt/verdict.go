package jwt

import (
	"time"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/token"
)

// verdict is what a rule says of a verified token: whether its claims hold, and whom it names. The user is there also
// where nothing but the application's being disabled or the user's expiry stands against it.
func (b *binding) verdict(v *token.Verified, now time.Time, ends *revocations) (*application.UserInfo, token.Reason) {
	if err := b.rule.Expected.Check(v, now); err != nil {
		return nil, token.ReasonOf(err)
	}
	if ends.ended(v.ID(), now) {
		return nil, token.TokenRevoked
	}
	name, err := b.rule.UserIn(v)
	if err != nil {
		return nil, token.ReasonOf(err)
	}
	user, ok := b.users.Load(name)
	if !ok {
		return nil, token.UserUnknown
	}
	if reason := ends.judge(v, user, b.rule, now); reason != token.Accepted {
		return nil, reason
	}
	return user, standing(user, now)
}

// standing is whether a user may come in now.
func standing(user *application.UserInfo, now time.Time) token.Reason {
	switch {
	case user.App.Disable():
		return token.AppDisabled
	case user.Expire != 0 && user.Expire <= now.Unix():
		return token.UserExpired
	}
	return token.Accepted
}
