package rule

import (
	"errors"
	"time"

	"apinto-jwt/token"
)

// errOtherUser is a fault of ours: a token that was made for one user names another.
var errOtherUser = errors.New("the token names another user")

// Judge asks whether a verified token's claims hold now, and returns the user whom it names. The error has the reason.
func (r *Rule) Judge(v *token.Verified, now time.Time) (user string, err error) {
	return r.judge(v, &r.Expected, now)
}

// judge is Judge with other demands on the claims.
func (r *Rule) judge(v *token.Verified, expected *token.Expected, now time.Time) (user string, err error) {
	if err := expected.Check(v, now); err != nil {
		return "", err
	}
	return r.UserIn(v)
}

// UserIn returns the user whom a verified token names.
func (r *Rule) UserIn(v *token.Verified) (string, error) {
	if r.Path.IsZero() {
		return r.User, nil
	}
	return v.Name(r.Path)
}

// Recognise puts a token that was made under the rule to it: nil if it is accepted for the user.
func (r *Rule) Recognise(raw, user string, now time.Time) error {
	return r.recognise(raw, user, &r.Expected, now)
}

// recognise is Recognise with other demands on the claims.
func (r *Rule) recognise(raw, user string, expected *token.Expected, now time.Time) error {
	u, err := token.Parse(raw)
	if err != nil {
		return err
	}
	v, err := u.Verify(r.Keys.Set)
	if err != nil {
		return err
	}
	name, err := r.judge(v, expected, now)
	if err == nil && name != user {
		err = errOtherUser
	}
	return err
}
