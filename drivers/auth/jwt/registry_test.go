package jwt

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/eolinker/apinto/application"
	"github.com/eolinker/apinto/application/auth"
	"github.com/eolinker/apinto/drivers/app/manager"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

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

// hooked is an application that does something while it is asked.
type hooked struct {
	*host.App
	hook atomic.Pointer[func()]
}

func (h *hooked) Disable() bool {
	if hook := h.hook.Swap(nil); hook != nil {
		(*hook)()
	}
	return h.App.Disable()
}

// A token that an application accepts before and after a change is accepted while it changes, whatever the moment.
func TestChangeInTheMiddleOfARequest(t *testing.T) {
	k := newKit(t)
	app := appOf("a")
	disabled := &hooked{App: appOf("disabled")}
	disabled.Disabled = true
	list := k.bind(disabled, entry{config: ruleJSON("path", `"name"`)})
	for i := range 20 { // the order in which rules are asked is that of their digests
		rules := []string{ruleJSON("claims_to_verify", `[]`), ruleJSON("path", fmt.Sprintf(`"$['a%d','sub']"`, i))}
		before := k.bind(app, entry{config: rules[i%2]})
		hook := func() { k.bind(app, entry{config: rules[1-i%2]}) }
		disabled.hook.Store(&hook)
		ctx := inHeader(t, tokenOf(t, secretA, claims{"sub": "ann", "name": "ann"}))
		if got := answer(ctx, append(before, list...)...); got != "ann of a@app" {
			t.Fatalf("round %d: got %s", i, got)
		}
	}
}

// Requests while applications change, under the host's own manager: whoever is not touched is accepted each time, a
// change of what says nothing of the token is not noticed, and no token is accepted that no configuration had.
func TestChangesUnderLoad(t *testing.T) {
	k := newKit(t)
	auth.FactoryRegister(Name, k)
	m := manager.NewManager(map[string]string{}, []string{Name})
	put := func(name string, entries ...entry) {
		app := appOf(name)
		list := make([]application.IAuth, 0, len(entries))
		users := map[string][]application.ITransformConfig{}
		for _, e := range entries {
			var a application.IAuth = k.make(e)
			if old, ok := m.Get(a.ID()); ok {
				a = old
			}
			configs := host.Users(t, k, e.filled().users)
			if err := a.Check(app.Id(), configs); err != nil {
				t.Error(err)
			}
			list = append(list, a)
			users[a.ID()] = append(users[a.ID()], configs...)
		}
		m.Set(app, list, users)
	}
	shared := entry{position: "header", name: "X-Shared"}
	put("still", entry{position: "header", name: "X-Still"}, entry{position: "header", name: "X-Shared", users: usersJSON("still")})
	put("flips", shared, entry{position: "header", name: "X-Flip", config: secretRule("one")})
	put("comes", shared.with(usersJSON("comes")))
	requests := []struct {
		header, token string
		allowed       []string
	}{
		{"X-Still", ann(t), []string{"ann of still@app"}},
		{"X-Shared", tokenOf(t, secretA, claims{"sub": "still"}), []string{"still of still@app"}},
		{"X-Shared", ann(t), []string{"ann of flips@app"}},
		{"X-Flip", tokenOf(t, "one", claims{"sub": "ann"}), []string{"ann of flips@app", "signature_invalid", "key_unknown", "algorithm_not_allowed"}},
		{"X-Flip", tokenOf(t, "never", claims{"sub": "ann"}), []string{"signature_invalid", "algorithm_not_allowed"}},
		{"X-Shared", tokenOf(t, secretA, claims{"sub": "comes"}), []string{"comes of comes@app", "user_unknown"}},
		{"X-Shared", tokenOf(t, secretA, claims{"sub": "eve"}), []string{"user_unknown"}},
		{"X-Shared", tokenOf(t, secretB, claims{"sub": "still"}), []string{"signature_invalid"}},
	}
	stop := make(chan struct{})
	var readers, writers sync.WaitGroup
	for w := range 4 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for i := w; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				r := requests[i%len(requests)]
				ctx := host.Get(t, "/", r.header+": "+r.token)
				if got := answerAll(ctx, m.ListByDriver(Name)); !slices.Contains(r.allowed, got) {
					t.Errorf("%s: got %s, want one of %v", r.header, got, r.allowed)
					return
				}
			}
		}()
	}
	writers.Add(2)
	go func() {
		defer writers.Done()
		for i := range 150 {
			secret := []string{"one", "two", "three"}[i%3]
			put("flips", shared, entry{position: "header", name: "X-Flip", config: secretRule(secret)})
		}
	}()
	go func() {
		defer writers.Done()
		for i := range 150 {
			if i%2 == 0 {
				m.Del("comes@app")
			} else {
				put("comes", shared.with(usersJSON("comes")))
			}
		}
	}()
	writers.Wait()
	close(stop)
	readers.Wait()
}

// with is the entry with other users.
func (e entry) with(users string) entry {
	e.users = users
	return e
}

// answerAll is answer for what the host's manager lists.
func answerAll(ctx http_service.IHttpContext, list []application.IAuthUser) string {
	handles := make([]*authenticator, 0, len(list))
	for _, a := range list {
		handles = append(handles, a.(*authenticator))
	}
	return answer(ctx, handles...)
}
