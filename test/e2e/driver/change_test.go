package driver

import (
	"fmt"
	"slices"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// changedApp takes a token in each of these headers, signed with the header's
// name as secret, for these users.
func changedApp(headers []string, users ...gateway.User) gateway.App {
	app := gateway.App{Name: "changed", Driver: "app"}
	for _, header := range headers {
		app.Auth = append(app.Auth, gateway.Auth{
			Type: "jwt", Position: "header", TokenName: header,
			Config: gateway.Rule{"algorithm": "HS256", "secret": header, "path": "sub"}, Users: users,
		})
	}
	return app
}

// What a PUT leaves out is refused within moments, and what it adds or keeps is
// accepted. The host itself forgets to take the rules away that a new
// configuration no longer has.
func TestChangeOfAnApplication(t *testing.T) {
	e := rig.Shared(t)
	both, one, other := []string{"X-Keep", "X-Drop"}, []string{"X-Keep"}, []string{"X-Drop"}
	ann, bob := gateway.User{Name: "ann"}, gateway.User{Name: "bob"}
	disabled := changedApp(both, ann)
	disabled.Disable = true
	tests := []struct {
		name string
		app  gateway.App
		pass []string // header and user
	}{
		{"created", changedApp(both, ann), []string{"X-Keep ann", "X-Drop ann"}},
		{"a rule taken away", changedApp(one, ann), []string{"X-Keep ann"}},
		{"a user added", changedApp(one, ann, bob), []string{"X-Keep ann", "X-Keep bob"}},
		{"a user taken away", changedApp(one, bob), []string{"X-Keep bob"}},
		{"one rule for the other", changedApp(other, bob), []string{"X-Drop bob"}},
		{"back", changedApp(both, ann, bob), []string{"X-Keep ann", "X-Keep bob", "X-Drop ann", "X-Drop bob"}},
		{"disabled", disabled, nil},
		{"enabled", changedApp(both, ann), []string{"X-Keep ann", "X-Drop ann"}},
	}
	e.Add(t, tests[0].app)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e.Replace(t, test.app)
			rig.Within(t, rig.Settle, func() error { return passes(t, e, test.pass) })
		})
	}
}

// passes is nil if, of all headers and users, these pass and no others.
func passes(t *testing.T, e *rig.Env, want []string) error {
	t.Helper()
	for _, header := range []string{"X-Keep", "X-Drop"} {
		for _, user := range []string{"ann", "bob"} {
			got := e.Send(t, e.Node, rig.InHeader(header, jwttest.Sign(t, "HS256", header, nil, rig.Claims{"sub": user})))
			err := got.Refused()
			if slices.Contains(want, header+" "+user) {
				err = got.Accepted()
			}
			if err != nil {
				return fmt.Errorf("%s in %s: %w", user, header, err)
			}
		}
	}
	return nil
}
