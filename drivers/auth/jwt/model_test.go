package jwt

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest/host"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// modelApp is an application with one entry, as the tests' model has it: no index, no cache.
type modelApp struct {
	app   *host.App
	rule  *rule.Rule
	users map[string]int64 // When they end, by name.
	any   bool             // Any other user is taken.
}

// modelOf notes what was bound.
func modelOf(app *host.App, a *authenticator, users []string) modelApp {
	m := modelApp{app: app, rule: a.rule, users: make(map[string]int64)}
	for _, text := range users {
		var user struct {
			Pattern struct{ Username string }
			Expire  int64
		}
		if err := json.Unmarshal([]byte(text), &user); err != nil {
			panic(err)
		}
		if name := user.Pattern.Username; name == "" || name == "*" {
			m.any = true
		} else {
			m.users[name] = user.Expire
		}
	}
	return m
}

// modelMatch is what an application says of a token.
type modelMatch struct {
	user, app, order string
	unlisted         bool
	reason           token.Reason
}

// judge asks the application's one rule.
func (m modelApp) judge(v *token.Verified, now time.Time) modelMatch {
	name, err := m.rule.Judge(v, now, m.any)
	if err != nil {
		return modelMatch{reason: token.ReasonOf(err)}
	}
	expire, listed := m.users[name]
	match := modelMatch{user: name, app: m.app.AppID, order: m.rule.Order, unlisted: !listed}
	switch {
	case !listed && !m.any:
		return modelMatch{reason: token.UserUnknown}
	case m.app.Disabled:
		match.reason = token.AppDisabled
	case listed && expire != 0 && expire <= now.Unix():
		match.reason = token.UserExpired
	}
	return match
}

// loopOver is resolvedTo by a loop over all rules: those that accept the token, or of those that refuse it the one that came
// furthest; a listed user first, then by the rules' order.
func loopOver(t *testing.T, apps []modelApp, raw string) string {
	t.Helper()
	best := modelMatch{reason: token.IssuerMismatch}
	var accepted []modelMatch
	for _, m := range apps {
		if m.rule == nil {
			continue
		}
		u, err := token.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		v, err := u.Verify(m.rule.Keys.Set)
		if err != nil {
			t.Fatal(err)
		}
		if m.rule.Issuer != "" && m.rule.Issuer != v.Issuer() {
			continue
		}
		switch match := m.judge(v, time.Unix(noon, 0)); {
		case match.reason == token.Accepted:
			accepted = append(accepted, match)
		case match.reason.Further(best.reason), match.reason == best.reason && match.app != "" && match.compare(best) < 0:
			best = match
		}
	}
	if len(accepted) == 0 {
		accepted = []modelMatch{best}
	}
	slices.SortFunc(accepted, modelMatch.compare)
	text := accepted[0].reason.String()
	for _, match := range accepted {
		if match.app != "" {
			text += " " + match.user + "/" + match.app
		}
	}
	return text
}

func (m modelMatch) compare(other modelMatch) int {
	if m.unlisted != other.unlisted {
		return map[bool]int{true: 1, false: -1}[m.unlisted]
	}
	return strings.Compare(m.order, other.order)
}
