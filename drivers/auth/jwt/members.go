package jwt

import (
	"fmt"
	"strings"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/keys"
)

// members are the users of an entry.
type members struct {
	users     []*User
	passwords map[string]keys.Secret // by name, of those who have one
	faults    []string               // what refuses the users when they are saved; a warning where they are stored
	warnings  []string
}

// usersOf are the users that the host hands over, nil for what is none.
func usersOf(configs []application.ITransformConfig) []*User {
	users := make([]*User, len(configs))
	for i, config := range configs {
		users[i], _ = config.Config().(*User)
	}
	return users
}

// readMembers reads an entry's users. Those with a fault are left out; one whose password alone is of no use has none.
func readMembers(users []*User) *members {
	m := &members{passwords: make(map[string]keys.Secret)}
	seen := make(map[string]bool, len(users))
	for i, user := range users {
		switch {
		case user == nil:
			m.fault(i, "", "must be an object with pattern.username")
			continue
		case len(user.decoded.Errors) > 0:
			for _, fault := range user.decoded.Errors {
				m.faults = append(m.faults, fmt.Sprintf("users[%d].%s", i, fault))
			}
			continue
		case seen[user.Username()]:
			m.fault(i, "pattern.username", "%q is there twice", user.Username())
			continue
		}
		seen[user.Username()] = true
		m.users = append(m.users, user)
		m.noteUnknown(i, user)
		problem, usable := passwordProblem(user.Pattern.Password)
		if problem != "" {
			m.fault(i, "pattern.password", "%s", problem)
		}
		if usable {
			m.passwords[user.Username()] = user.Pattern.Password
		}
	}
	if len(m.users) == 0 {
		m.warnings = append(m.warnings, "users: is empty: no token is accepted under the entry")
	}
	return m
}

// fault notes what is wrong with a field of the i-th user; the empty name stands for the whole user. Format and arguments
// must not show a password.
func (m *members) fault(i int, field, format string, args ...any) {
	if field != "" {
		field = "." + field
	}
	m.faults = append(m.faults, fmt.Sprintf("users[%d]%s: ", i, field)+fmt.Sprintf(format, args...))
}

// names are the users' names.
func (m *members) names() []string {
	names := make([]string, len(m.users))
	for i, user := range m.users {
		names[i] = user.Username()
	}
	return names
}

// noteUnknown takes the i-th user's fields that are not ours: those that somebody must have meant otherwise refuse the users
// when they are saved.
func (m *members) noteUnknown(i int, user *User) {
	var refused configjson.FieldErrors
	u := configjson.UnknownFields{Refused: &refused, Warnings: &m.warnings}
	place := fmt.Sprintf("users[%d]", i)
	for _, name := range user.decoded.Unknown {
		if inner, ok := strings.CutPrefix(name, "pattern."); ok {
			u.Add(place+".pattern", []string{inner}, configjson.FieldNames[Pattern](), patternNames)
		} else {
			u.Add(place, []string{name}, userFields, userNames)
		}
	}
	m.faults = append(m.faults, refused...)
	if user.Username() == "" {
		m.warnings = append(m.warnings, place+".pattern.username: is empty: no token names such a user")
	}
}

// userFields are the fields of a user.
var userFields = append(configjson.FieldNames[User](), configjson.FieldNames[application.User]()...)
