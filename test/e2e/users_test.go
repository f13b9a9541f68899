package e2e

import (
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
)

const usersSecret = "the secret that applications share"

// usersApp takes tokens of usersSecret in this header for these users.
func usersApp(name, header string, users ...gateway.User) gateway.App {
	app := gateway.JWTApp(name, gateway.Auth{
		Position: "header", TokenName: header,
		Config: gateway.Rule{"algorithm": "HS256", "secret": usersSecret, "path": "sub"}, Users: users,
	})
	app.Labels = map[string]string{"team": "team of " + name}
	return app
}

func usersToken(t *testing.T, user string) string {
	t.Helper()
	return jwttest.Sign(t, "HS256", usersSecret, nil, claims{"sub": user})
}

func TestSameRuleOfTwoApps(t *testing.T) {
	e := shared.get(t)
	one := usersApp("same-one", "X-Same", gateway.User{Name: "ann"})
	e.add(t, one)
	e.add(t, usersApp("same-two", "X-Same", gateway.User{Name: "bob"}))
	ann, bob := inHeader("X-Same", usersToken(t, "ann")), inHeader("X-Same", usersToken(t, "bob"))
	for user, c := range map[string]struct {
		call
		app string
	}{"ann": {ann, "same-one"}, "bob": {bob, "same-two"}} {
		t.Run("each has its user "+user, func(t *testing.T) {
			e.accept(t, e.node, c.call)
			e.expectLogged(t, e.send(t, e.node, c.call), map[string]string{
				"application": c.app, "user": user, "team": "team of " + c.app,
			})
		})
	}
	t.Run("the user of the other is taken", func(t *testing.T) {
		err := e.node.Create(t.Context(), usersApp("same-three", "X-Same", gateway.User{Name: "ann"}))
		if err == nil {
			e.add(t, usersApp("same-three", "X-Same"))
			t.Error("two applications with the same rule got the same user")
		}
	})
	t.Run("one leaves the rule to the other", func(t *testing.T) {
		moved := usersApp("same-one", "X-Moved", gateway.User{Name: "ann"})
		e.replace(t, moved)
		within(t, settle, func() error { return e.send(t, e.node, ann).refused() })
		e.accept(t, e.node, inHeader("X-Moved", usersToken(t, "ann")))
		if err := e.send(t, e.node, bob).accepted(); err != nil {
			t.Error(err)
		}
		e.replace(t, one)
		e.accept(t, e.node, ann)
	})
	t.Run("the end of one is not that of the other", func(t *testing.T) {
		if err := e.node.Delete(t.Context(), one); err != nil {
			t.Fatal(err)
		}
		within(t, settle, func() error { return e.send(t, e.node, ann).refused() })
		if err := e.send(t, e.node, bob).accepted(); err != nil {
			t.Error(err)
		}
	})
}

func TestSameSecretInTwoHeaders(t *testing.T) {
	e := shared.get(t)
	e.add(t, usersApp("header-one", "X-One", gateway.User{Name: "ann"}))
	e.add(t, usersApp("header-two", "X-Two", gateway.User{Name: "bob"}, gateway.User{Name: "ann"}))
	tests := []struct{ header, user, app string }{
		{"X-One", "ann", "header-one"}, {"X-Two", "bob", "header-two"}, {"X-Two", "ann", "header-two"}, {"X-One", "bob", ""},
	}
	for _, test := range tests {
		t.Run(test.user+" in "+test.header, func(t *testing.T) {
			request := inHeader(test.header, usersToken(t, test.user))
			if test.app == "" {
				e.expectLogged(t, e.refuse(t, e.node, request), map[string]string{"jwt_result": "user_unknown"})
				return
			}
			e.accept(t, e.node, request)
			e.expectLogged(t, e.send(t, e.node, request), map[string]string{"application": test.app, "user": test.user})
		})
	}
}

func TestTwoUsersOfOneApp(t *testing.T) {
	e := shared.get(t)
	e.add(t, usersApp("two-users", "X-Users",
		gateway.User{Name: "ann", Labels: map[string]string{"role": "reader"}},
		gateway.User{Name: "bob", Labels: map[string]string{"role": "writer"}},
	))
	for user, role := range map[string]string{"ann": "reader", "bob": "writer"} {
		t.Run(user, func(t *testing.T) {
			request := inHeader("X-Users", usersToken(t, user))
			e.accept(t, e.node, request)
			e.expectLogged(t, e.send(t, e.node, request), map[string]string{
				"application": "two-users", "user": user, "role": role, "team": "team of two-users", "jwt_result": "",
			})
		})
	}
}
