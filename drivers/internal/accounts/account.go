package accounts

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/internal/appid"
	"apinto-jwt/keys"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// ErrHeld is a token that would be ended from the beginning.
var ErrHeld = errors.New("the user's tokens are ended until a time ahead")

// Account is a user who may have tokens of the gateway.
type Account struct {
	by       *authn.Authenticator
	rule     *rule.Rule
	user     *application.UserInfo
	password keys.Secret
}

// Format prints the account without its password.
func (a Account) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "%q of %q", a.user.Name, a.user.App.Id())
}

// Of reports whether tokens of the account are made under the rule.
func (a *Account) Of(r *rule.Rule) bool { return a.rule == r }

// Issuer is the "iss" of the user's tokens.
func (a *Account) Issuer() string { return a.rule.Issuer }

// App is the application's name, the "client_id".
func (a *Account) App() string { return appid.Name(a.user.App.Id()) }

// User is the user's name.
func (a *Account) User() string { return a.user.Name }

// Password is the bcrypt hash of the user's password; empty if the user has none.
func (a *Account) Password() keys.Secret { return a.password }

// Usable reports whether the user may have tokens now: the application is enabled, and the user has not expired.
func (a *Account) Usable(now time.Time) bool { return authn.Standing(a.user, now) == token.Accepted }

// EndedSince reports whether the user's tokens that were issued at this time have been ended since.
func (a *Account) EndedSince(issued, now time.Time) bool {
	return a.by.Revocations.Snapshot(now).EndsIssued(a.user.App.Id(), a.user.Name, issued)
}

// Held is how long tokens that are issued to the user now would be ended from the beginning, as [revocation.HashNotBefore] lies ahead;
// 0 if they are good.
func (a *Account) Held(now time.Time) time.Duration {
	return a.by.Revocations.Snapshot(now).Held(a.user.App.Id(), a.user.Name, now)
}

// Mint makes an access token with this "jti", and returns how long it lives. It is put to the rule before it is given out.
// The error is ErrHeld if [revocation.HashNotBefore] lies ahead.
func (a *Account) Mint(id string, g rule.Grant, now time.Time) (string, time.Duration, error) {
	if a.Held(now) > 0 {
		return "", 0, ErrHeld
	}
	i := a.rule.Issue
	raw, err := i.Sign(a.rule, rule.Recipient{User: a.user.Name, Client: a.App()}, id, g, now)
	if err == nil {
		err = a.rule.Recognise(raw, a.user.Name, now)
	}
	return raw, i.AccessTTL, err
}

// Scope is the "scope" that the rule gives to a token for which no part of it is asked; empty if it gives none.
func (a *Account) Scope() string { return a.rule.Issue.Scope }

// Grant narrows what the rule gives to what a client asks for at a login. Errors: [rule.ErrTarget], [rule.ErrScope].
func (a *Account) Grant(asked rule.Asked) (rule.Grant, error) { return a.rule.Issue.Grant(asked) }

// GrantWithin narrows what was granted at the login to what a client asks for at a refresh. Errors: [rule.ErrTarget],
// [rule.ErrScope].
func (a *Account) GrantWithin(first rule.Grant, asked rule.Asked) (rule.Grant, error) {
	return a.rule.Issue.GrantWithin(first, asked)
}

// AccessTTL is how long access tokens live.
func (a *Account) AccessTTL() time.Duration { return a.rule.Issue.AccessTTL }

// RefreshTTL is how long refresh tokens live; 0: the rule gives none.
func (a *Account) RefreshTTL() time.Duration { return a.rule.Issue.RefreshTTL }

// RefreshKey authenticates the user's refresh tokens. It changes with the rule's signing key and with the password, so
// that a change of either ends them.
func (a *Account) RefreshKey() []byte {
	digest := hmac.New(sha256.New, a.rule.Issue.RefreshKey)
	digest.Write([]byte(a.user.App.Id() + "\x00" + a.user.Name + "\x00" + a.password.Reveal()))
	return digest.Sum(nil)
}
