package jwt

import (
	"time"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// verdict is what a rule says of a verified token: whether its claims hold, and whom it names. The user is there also
// where nothing but the application's being disabled or the user's expiry stands against it.
func (d *driver) verdict(b *registry.Binding, v *token.Verified, now time.Time) (*application.UserInfo, token.Reason) {
	if err := b.Rule.Expected.Check(v, now); err != nil {
		return nil, token.ReasonOf(err)
	}
	if d.revocations.Snapshot(now).EndsID(v.ID()) {
		return nil, token.TokenRevoked
	}
	name, err := b.Rule.UserIn(v)
	if err != nil {
		return nil, token.ReasonOf(err)
	}
	user, ok := b.User(name)
	if !ok {
		return nil, token.UserUnknown
	}
	if d.revoked(v, user, b.Rule, now) {
		return nil, token.TokenRevoked
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

// revoked reports whether the user's token has been ended, in any of the ways there are.
func (d *driver) revoked(v *token.Verified, user *application.UserInfo, of *rule.Rule, now time.Time) bool {
	return d.listed(v, user, now) || of.Issue != nil && d.revocations.EndedByStore(v)
}

// listed reports whether the hashes end the user's token.
func (d *driver) listed(v *token.Verified, user *application.UserInfo, now time.Time) bool {
	s := d.revocations.Snapshot(now)
	return s != nil && s.Ends(v, user.App.Id(), user.Name)
}
