package driver

import (
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
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
	return jwttest.Sign(t, "HS256", usersSecret, nil, rig.Claims{"sub": user})
}

func TestSameRuleOfTwoApps(t *testing.T) {
	e := rig.Shared(t)
	one := usersApp("same-one", "X-Same", gateway.User{Name: "ann"})
	e.Add(t, one)
	e.Add(t, usersApp("same-two", "X-Same", gateway.User{Name: "bob"}))
	ann, bob := rig.InHeader("X-Same", usersToken(t, "ann")), rig.InHeader("X-Same", usersToken(t, "bob"))
	for user, c := range map[string]struct {
		rig.Call
		app string
	}{"ann": {ann, "same-one"}, "bob": {bob, "same-two"}} {
		t.Run("each has its user "+user, func(t *testing.T) {
			e.Accept(t, e.Node, c.Call)
			e.ExpectLogged(t, e.Send(t, e.Node, c.Call), map[string]string{
				"application": c.app, "user": user, "team": "team of " + c.app,
			})
		})
	}
	t.Run("the user of the other is taken", func(t *testing.T) {
		err := e.Node.Create(t.Context(), usersApp("same-three", "X-Same", gateway.User{Name: "ann"}))
		if err == nil {
			e.Add(t, usersApp("same-three", "X-Same"))
			t.Error("two applications with the same rule got the same user")
		}
	})
	t.Run("one leaves the rule to the other", func(t *testing.T) {
		moved := usersApp("same-one", "X-Moved", gateway.User{Name: "ann"})
		e.Replace(t, moved)
		rig.Within(t, rig.Settle, func() error { return e.Send(t, e.Node, ann).Refused() })
		e.Accept(t, e.Node, rig.InHeader("X-Moved", usersToken(t, "ann")))
		if err := e.Send(t, e.Node, bob).Accepted(); err != nil {
			t.Error(err)
		}
		e.Replace(t, one)
		e.Accept(t, e.Node, ann)
	})
	t.Run("the end of one is not that of the other", func(t *testing.T) {
		if err := e.Node.Delete(t.Context(), one); err != nil {
			t.Fatal(err)
		}
		rig.Within(t, rig.Settle, func() error { return e.Send(t, e.Node, ann).Refused() })
		if err := e.Send(t, e.Node, bob).Accepted(); err != nil {
			t.Error(err)
		}
	})
}

func TestSameSecretInTwoHeaders(t *testing.T) {
	e := rig.Shared(t)
	e.Add(t, usersApp("header-one", "X-One", gateway.User{Name: "ann"}))
	e.Add(t, usersApp("header-two", "X-Two", gateway.User{Name: "bob"}, gateway.User{Name: "ann"}))
	tests := []struct{ header, user, app string }{
		{"X-One", "ann", "header-one"}, {"X-Two", "bob", "header-two"}, {"X-Two", "ann", "header-two"}, {"X-One", "bob", ""},
	}
	for _, test := range tests {
		t.Run(test.user+" in "+test.header, func(t *testing.T) {
			request := rig.InHeader(test.header, usersToken(t, test.user))
			if test.app == "" {
				e.ExpectLogged(t, e.Refuse(t, e.Node, request), map[string]string{"jwt_result": "user_unknown"})
				return
			}
			e.Accept(t, e.Node, request)
			e.ExpectLogged(t, e.Send(t, e.Node, request), map[string]string{"application": test.app, "user": test.user})
		})
	}
}

func TestTwoUsersOfOneApp(t *testing.T) {
	e := rig.Shared(t)
	e.Add(t, usersApp("two-users", "X-Users",
		gateway.User{Name: "ann", Labels: map[string]string{"role": "reader"}},
		gateway.User{Name: "bob", Labels: map[string]string{"role": "writer"}},
	))
	for user, role := range map[string]string{"ann": "reader", "bob": "writer"} {
		t.Run(user, func(t *testing.T) {
			request := rig.InHeader("X-Users", usersToken(t, user))
			e.Accept(t, e.Node, request)
			e.ExpectLogged(t, e.Send(t, e.Node, request), map[string]string{
				"application": "two-users", "user": user, "role": role, "team": "team of two-users", "jwt_result": "",
			})
		})
	}
}
