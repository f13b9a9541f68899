package corpus

import (
	"encoding/json"
	"slices"
	"time"

	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// Rule is a rule whose users are Users.
type Rule struct{ *rule.Rule }

// Compile compiles a rule's configuration.
func Compile(text []byte) (*Rule, error) {
	cfg := new(rule.Config)
	if err := json.Unmarshal(text, cfg); err != nil {
		return nil, err
	}
	r, err := rule.Compiler{}.Compile("", "", cfg, rule.Saved)
	return &Rule{r}, err
}

// Walk takes a token from parse to user, as the driver does. The error is nil, or a *token.Error.
func (r *Rule) Walk(raw string, now time.Time) (user string, err error) {
	unverified, err := token.Parse(raw)
	if err != nil {
		return "", err
	}
	verified, err := unverified.Verify(r.Keys.Set)
	if err != nil {
		return "", err
	}
	if user, err = r.Judge(verified, now, false); err != nil {
		return "", err
	}
	return r.known(user)
}

// known refuses a user whom nobody knows.
func (r *Rule) known(user string) (string, error) {
	if !slices.Contains(Users(), user) {
		return "", &token.Error{Reason: token.UserUnknown, Offset: -1}
	}
	return user, nil
}
