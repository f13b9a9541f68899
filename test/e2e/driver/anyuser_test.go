package driver

import (
	"errors"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// The user "*" takes everybody whom a token names; a listed user goes first, whatever becomes of him. The host's labels have
// the real name.
func TestAnyUser(t *testing.T) {
	e := rig.Shared(t)
	e.Add(t, usersApp("any-one", "X-Any",
		gateway.User{Name: "*", HideCredential: true, Labels: map[string]string{"team": "anybody"}},
		gateway.User{Name: "ann", Labels: map[string]string{"team": "ann's"}},
		gateway.User{Name: "old", Expire: 1},
	))
	for user, want := range map[string]struct {
		team   string
		hidden bool
	}{"ann": {"ann's", false}, "bob": {"anybody", true}, "Ann": {"anybody", true}, "张三": {"anybody", true}, "*": {"anybody", true}} {
		t.Run(user, func(t *testing.T) {
			call := rig.InHeader("X-Any", usersToken(t, user))
			seen := e.Accept(t, e.Node, call)
			if hidden := seen.Header.Get("X-Any") == ""; hidden != want.hidden {
				t.Errorf("the upstream saw the token: %t", !hidden)
			}
			// The application's labels go before those of a user.
			e.ExpectLogged(t, e.Send(t, e.Node, call), map[string]string{"application": "any-one", "user": user})
		})
	}
	for _, user := range []string{"old", "", "a\nb", strings.Repeat("x", 256)} {
		for range 3 {
			e.Refuse(t, e.Node, rig.InHeader("X-Any", usersToken(t, user)))
		}
	}
	e.Refuse(t, e.Node, rig.InHeader("X-Any", jwttest.Sign(t, "HS256", usersSecret, nil, rig.Claims{"name": "bob"})))
}

// Two applications cannot take everybody of the same tokens: the second is refused with both names and the remedy, and saved
// when the tokens can be told apart.
func TestAnyUserOfTwoApps(t *testing.T) {
	e := rig.Shared(t)
	everybody := gateway.User{Name: "*"}
	with := func(app gateway.App, audience string) gateway.App {
		app.Auth[0].Config["audience"] = audience
		return app
	}
	e.Add(t, usersApp("any-first", "X-Anys", everybody))
	err := e.Node.Create(t.Context(), usersApp("any-second", "X-Anys", everybody))
	var refused *gateway.AdminError
	if !errors.As(err, &refused) {
		t.Fatalf("got %v", err)
	}
	for _, text := range []string{`any-first@app`, `any-second@app`, "config.audience"} {
		if !strings.Contains(refused.Body, text) {
			t.Errorf("the answer has no %s: %s", text, refused.Body)
		}
	}
	if err := e.Node.Create(t.Context(), with(usersApp("any-second", "X-Anys", everybody), "second")); err == nil {
		t.Error("the first takes tokens of every audience, those of the second too")
	}
	e.Replace(t, with(usersApp("any-first", "X-Anys", everybody), "first"))
	e.Add(t, with(usersApp("any-second", "X-Anys", everybody), "second"))
	for _, app := range []string{"first", "second"} {
		call := rig.InHeader("X-Anys", jwttest.Sign(t, "HS256", usersSecret, nil, rig.Claims{"sub": "bob", "aud": app}))
		e.Accept(t, e.Node, call)
		e.ExpectLogged(t, e.Send(t, e.Node, call), map[string]string{"application": "any-" + app, "user": "bob"})
	}
}
