package corpus

import (
	"slices"
	"strings"
	"time"

	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// User is a user of a rule.
type User struct {
	Name   string // rule.AnyUser stands for all who are not listed.
	Expire int64  // In seconds since 1970; 0: never.
}

// OwnUsers reports whether the rule has users of its own: they are not Users, one of them stands for all others.
func OwnUsers(name string) bool { return strings.HasPrefix(name, "any-user") }

// UsersOf returns the users of a rule.
func UsersOf(name string) []User {
	if OwnUsers(name) {
		return []User{{Name: rule.AnyUser}, {Name: "alice"}, {Name: "Carol"}, {Name: "old", Expire: Now.Unix()}, {Name: "1.5"}}
	}
	var list []User
	for _, user := range Users() {
		list = append(list, User{Name: user})
	}
	return list
}

// standing returns the user's name, or why the user is refused.
func standing(users []User, name string, now time.Time) (string, error) {
	i := slices.IndexFunc(users, func(u User) bool { return u.Name == name })
	switch {
	case i < 0:
		return "", &token.Error{Reason: token.UserUnknown, Offset: -1}
	case users[i].Expire != 0 && users[i].Expire <= now.Unix():
		return "", &token.Error{Reason: token.UserExpired, Offset: -1}
	}
	return name, nil
}
