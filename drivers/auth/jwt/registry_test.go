package jwt

import (
	"errors"
	"fmt"
	"testing"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/jwttest/host"
)

// secretRule is a rule with this secret.
func secretRule(secret string) string { return ruleJSON("secret", quote(secret)) }

// The host goes on asking the authenticator of a rule that has been replaced, for as long as it takes to set the new one:
// it answers for all that are in force.
func TestSupersededHandleAnswersForAll(t *testing.T) {
	k := newKit(t)
	app, other := appOf("a"), appOf("b")
	before := k.bind(app, entry{})[0]
	k.bind(other, entry{config: secretRule("of another")})
	k.bind(app, entry{config: secretRule(secretB)})
	for secret, want := range map[string]string{
		secretB: "ann of a@app", secretA: "signature_invalid", "of another": "ann of b@app",
	} {
		if got := answer(inHeader(t, tokenOf(t, secret, claims{"sub": "ann"})), before); got != want {
			t.Errorf("%.12s: got %s, want %s", secret, got, want)
		}
	}
	before.Del("a@app")
	if got := answer(inHeader(t, ann(t)), before); got != "signature_invalid" {
		t.Errorf("after the end: got %s", got)
	}
}

func TestCheck(t *testing.T) {
	k := newKit(t)
	a := k.bind(appOf("a"), entry{users: usersJSON("ann", "bob")})[0]
	other := k.make(entry{config: secretRule(secretB)})
	tests := []struct {
		name  string
		of    *authenticator
		app   string
		users string
		ok    bool
	}{
		{"no users", a, "b@app", `[]`, true},
		{"another user", a, "b@app", usersJSON("eve"), true},
		{"the same application again", a, "a@app", usersJSON("bob", "ann", "eve"), true},
		{"a user of another application", a, "b@app", usersJSON("eve", "ann"), false},
		{"the same under another rule", other, "b@app", usersJSON("ann"), true},
		{"twice in the list", a, "b@app", usersJSON("eve", "eve"), false},
		{"another case", a, "b@app", usersJSON("Ann"), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.of.Check(test.app, host.Users(t, k, test.users))
			if (err == nil) != test.ok || err != nil && !errors.Is(err, ErrUser) {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, users := k.driver.Registry.Size(); users != 2 {
		t.Error("a check has bound users")
	}
}

func TestCheckOfWhatAreNoUsers(t *testing.T) {
	k := newKit(t)
	a := k.make(entry{})
	wrong := baseConfig(t, k, ruleJSON())
	if err := a.Check("a@app", []application.ITransformConfig{wrong}); !errors.Is(err, ErrUser) {
		t.Errorf("got %v", err)
	}
	a.Set(appOf("a"), []application.ITransformConfig{wrong})
	if _, users := k.driver.Registry.Size(); users != 0 {
		t.Errorf("%d users", users)
	}
}

func TestUsersChange(t *testing.T) {
	k := newKit(t)
	app := appOf("a")
	a := k.bind(app, entry{users: usersJSON("ann", "bob")})[0]
	for _, test := range []struct {
		users string
		count int
		want  map[string]string
	}{
		{usersJSON("bob", "eve"), 2, map[string]string{"ann": "user_unknown", "bob": "bob of a@app", "eve": "eve of a@app"}},
		{`[]`, 0, map[string]string{"bob": "user_unknown"}},
		{usersJSON("ann"), 1, map[string]string{"ann": "ann of a@app", "bob": "user_unknown"}},
	} {
		k.bind(app, entry{users: test.users})
		if _, got := k.driver.Registry.Size(); got != test.count {
			t.Errorf("%s: %d users", test.users, got)
		}
		for user, want := range test.want {
			if got := answer(inHeader(t, tokenOf(t, secretA, claims{"sub": user})), a); got != want {
				t.Errorf("%s, %s: got %s, want %s", test.users, user, got, want)
			}
		}
	}
}

// A user may go from one application to another.
func TestUserMoves(t *testing.T) {
	k := newKit(t)
	a, b := appOf("a"), appOf("b")
	handle := k.bind(a, entry{users: usersJSON("ann", "bob")})[0]
	k.bind(a, entry{users: usersJSON("bob")})
	k.bind(b, entry{users: usersJSON("ann")})
	k.bind(a, entry{users: usersJSON("bob")})
	if got := answer(inHeader(t, ann(t)), handle); got != "ann of b@app" {
		t.Errorf("got %s", got)
	}
	handle.Del("a@app")
	if got := answer(inHeader(t, ann(t)), handle); got != "ann of b@app" {
		t.Errorf("after the first application is gone: got %s", got)
	}
}

func TestDelOfWhatIsNotThere(t *testing.T) {
	k := newKit(t)
	a := k.bind(appOf("a"), entry{})[0]
	a.Del("b@app")
	k.make(entry{config: secretRule(secretB)}).Del("c@app")
	if got := answer(inHeader(t, ann(t)), a); got != "ann of a@app" {
		t.Errorf("got %s", got)
	}
}

// What is gone leaves nothing behind.
func TestRegistryIsEmptyAtTheEnd(t *testing.T) {
	k := newKit(t)
	var list []*authenticator
	for i := range 50 {
		config := ruleJSON("secret", quote(fmt.Sprint(i%7)), "iss", quote(fmt.Sprint(i%3)), "path", quote(fmt.Sprint("p", i)))
		list = append(list, k.bind(appOf(fmt.Sprint(i)), entry{position: "header", name: fmt.Sprint("X-", i%5), config: config})...)
	}
	for i, a := range list {
		a.Del(fmt.Sprint(i) + "@app")
	}
	if c := k.driver.Registry.Contents(); c.Rules != 0 || c.Applications != 0 || c.Groups != 0 || c.Locations != 0 {
		t.Errorf("left: %+v", c)
	}
}

// An application that comes and goes, however often, is gone each time.
func TestApplicationThatComesAndGoes(t *testing.T) {
	k := newKit(t)
	const maxIdle = 1000 // as the registry has it
	app := appOf("a")
	for i := range 3 * maxIdle {
		a := k.bind(app, entry{})[0]
		if rules, users := k.driver.Registry.Size(); rules != 1 || users != 1 {
			t.Fatalf("time %d: %d rules, %d users", i+1, rules, users)
		}
		a.Del(app.Id())
		if rules, users := k.driver.Registry.Size(); rules != 0 || users != 0 {
			t.Fatalf("time %d, after its end: %d rules, %d users", i+1, rules, users)
		}
	}
	if n := k.driver.Registry.Contents().Idle; n > maxIdle {
		t.Errorf("%d are remembered", n)
	}
}

// The host files an authenticator under its ID: by that of its rule while it checks, under one for all when it is set.
func TestID(t *testing.T) {
	k := newKit(t)
	a, same, other := k.make(entry{}), k.make(entry{}), k.make(entry{config: secretRule(secretB)})
	if a.ID() != same.ID() || a.ID() == other.ID() {
		t.Error("before Set it is not the rule's")
	}
	k.bind(appOf("a"), entry{})
	same.Set(appOf("a"), nil)
	other.Set(appOf("b"), nil)
	if same.ID() != other.ID() || same.ID() == a.ID() {
		t.Error("after Set it is not one for all")
	}
	if one := newKit(t).bind(appOf("a"), entry{})[0]; one.ID() == other.ID() {
		t.Error("two drivers have one ID")
	}
}

// Configurations that were refused, of applications that were never there, must not fill the memory.
func TestRefusedApplicationsAreForgotten(t *testing.T) {
	k := newKit(t)
	gateway := host.NewGateway(t, k)
	text := appJSON(entry{}, entry{config: `{}`})
	for i := range 3000 {
		if gateway.Put(fmt.Sprint("never", i), text) == nil {
			t.Fatal("accepted")
		}
	}
	if n := k.driver.Registry.Contents().Applications; n > 1500 {
		t.Errorf("%d of 3000 refused applications are remembered", n)
	}
}
