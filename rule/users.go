package rule

import (
	"fmt"
	"strings"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/keys"
)

// Users are the users of an entry.
type Users struct {
	List      []*User                // Those without a fault, by whose names tokens are accepted.
	Any       *User                  // Who stands for all others (AnyUser); nil if nobody does.
	Passwords map[string]keys.Secret // Password hashes by name, of those who have one.
	// ClientKeys are the keys of those who have some, by name.
	ClientKeys map[string]*KeySource
	Faults     []string // What refuses the users when they are saved; warnings of stored ones.
	Warnings   []string // Doubts about the users.
}

// ReadUsers reads an entry's users. Those with a fault are left out; one whose password or
// key alone is of no use has none.
func ReadUsers(users []*User) *Users {
	m := &Users{Passwords: make(map[string]keys.Secret), ClientKeys: make(map[string]*KeySource)}
	seen := make(map[string]bool, len(users))
	for i, user := range users {
		switch {
		case user == nil:
			m.fault(i, "", "must be an object with pattern.username")
			continue
		case len(user.decoded.Errors) > 0:
			for _, fault := range user.decoded.Errors {
				m.Faults = append(m.Faults, fmt.Sprintf("users[%d].%s", i, fault))
			}
			continue
		case user.IsAny():
			m.readAny(i, user)
			continue
		case seen[user.Username()]:
			m.fault(i, "pattern.username", "%q is there twice: delete one of the two", user.Username())
			continue
		}
		seen[user.Username()] = true
		if user.Username() == "" {
			m.Warnings = append(m.Warnings, fmt.Sprintf("users[%d].pattern.username: is missing: no token names such a user. Write %q for every user", i, AnyUser))
		}
		m.List = append(m.List, user)
		m.noteUnknown(i, user)
		problem, usable := passwordProblem(user.Pattern.Password)
		if problem != "" {
			m.fault(i, "pattern.password", "%s", problem)
		}
		if usable {
			m.Passwords[user.Username()] = user.Pattern.Password
		}
		m.readClientKey(i, user)
	}
	if len(m.List) == 0 && m.Any == nil {
		m.Warnings = append(m.Warnings, "users: is empty: no token is accepted under the entry")
	}
	return m
}

// readAny reads the user who stands for all that are not listed.
func (m *Users) readAny(i int, user *User) {
	m.noteUnknown(i, user)
	if user.Username() == "" {
		m.Warnings = append(m.Warnings, fmt.Sprintf(
			"users[%d].pattern.username: is empty, which means %q: every user whom a token names. Write %q, or the name of one user", i, AnyUser, AnyUser))
	}
	if user.Pattern.Password != "" {
		m.fault(i, "pattern.password", "cannot stand beside the name %q: a password is one user's", AnyUser)
	}
	m.readClientKey(i, user)
	if m.Any != nil {
		m.fault(i, "pattern.username", "%q, or an empty name, is there twice", AnyUser)
		return
	}
	m.Any = user
}

// fault notes what is wrong with a field of the i-th user; the empty name stands for the whole user. Format and arguments
// must not show a password.
func (m *Users) fault(i int, field, format string, args ...any) {
	if field != "" {
		field = "." + field
	}
	m.Faults = append(m.Faults, fmt.Sprintf("users[%d]%s: ", i, field)+fmt.Sprintf(format, args...))
}

// Names returns the listed users' names.
func (m *Users) Names() []string {
	names := make([]string, len(m.List))
	for i, user := range m.List {
		names[i] = user.Username()
	}
	return names
}

// noteUnknown takes the i-th user's fields that are not ours: those that somebody must have meant otherwise refuse the users
// when they are saved.
func (m *Users) noteUnknown(i int, user *User) {
	var refused configjson.FieldErrors
	u := configjson.UnknownFields{Refused: &refused, Warnings: &m.Warnings}
	place := fmt.Sprintf("users[%d]", i)
	for _, name := range user.decoded.Unknown {
		if inner, ok := strings.CutPrefix(name, "pattern."); ok {
			u.Add(place+".pattern", []string{inner}, configjson.FieldNames[Pattern](), patternNames)
		} else {
			u.Add(place, []string{name}, userFields, userNames)
		}
	}
	m.Faults = append(m.Faults, refused...)
}

// userFields are the fields of a user.
var userFields = configjson.FieldNames[User]()
