package corpus

import (
	"encoding/json"
	"slices"
	"time"

	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// Rule is a rule with its users.
type Rule struct {
	*rule.Rule
	users []User
}

// Compile compiles the configuration of the rule of this name.
func Compile(name string, text []byte) (*Rule, error) {
	cfg := new(rule.Config)
	if err := json.Unmarshal(text, cfg); err != nil {
		return nil, err
	}
	r, err := rule.Compiler{}.Compile("", "", cfg, rule.Saved)
	return &Rule{r, UsersOf(name)}, err
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
	anyUser := slices.ContainsFunc(r.users, func(u User) bool { return u.Name == rule.AnyUser })
	if user, err = r.Judge(verified, now, anyUser); err != nil {
		return "", err
	}
	if !anyUser || slices.ContainsFunc(r.users, func(u User) bool { return u.Name == user && user != rule.AnyUser }) {
		return standing(r.users, user, now)
	}
	if err = r.FitSubject(verified, user); err != nil {
		return "", err
	}
	return user, nil
}
