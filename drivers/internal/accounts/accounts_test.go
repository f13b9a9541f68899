package accounts

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
	"apinto-jwt/rule"
)

// hash is bcrypt of "correct horse", at the least cost that is accepted.
const hash = "$2a$10$tsJQbwjhjirnbv/qVUVg5.FubkidfuqvhsR7jzJYSEfGBkDCt2tBy"

// noon is the time that it is in these tests: 2024-03-01T12:00:00Z.
var noon = time.Unix(1709294400, 0)

// desk is the accounts of a registry of its own.
type desk struct {
	*Accounts
	t        *testing.T
	registry *registry.Registry
	checks   uint64
}

func newDesk(t *testing.T) *desk {
	now := func() time.Time { return noon }
	rules := registry.New(nil, now)
	return &desk{Accounts: New(authn.New(rules, authn.Clock{Now: now}, 0, 0)), t: t, registry: rules}
}

// bind puts a rule in force for the application, with users by name and password hash. The rule issues tokens, and names
// the user by "sub"; members are added to its configuration.
func (d *desk) bind(app, header, members string, users map[string]string) *rule.Rule {
	d.t.Helper()
	cfg := new(rule.Config)
	text := `{"algorithm":"HS256","secret":"a secret of this test, of 32 bytes","iss":"us","path":"sub","issue":{}` + members + `}`
	must.Succeed(d.t, json.Unmarshal([]byte(text), cfg))
	r, err := rule.NewCompiler(nil).Compile(header, "header", cfg, rule.Saved)
	must.Succeed(d.t, err)
	d.set(r, app, users)
	return r
}

// set gives the application exactly these users under the rule.
func (d *desk) set(r *rule.Rule, app string, users map[string]string) {
	d.t.Helper()
	var list []*rule.User
	var infos []*application.UserInfo
	for name, hash := range users {
		list = append(list, &rule.User{Pattern: rule.Pattern{Username: name, Password: keys.Secret(hash)}})
		infos = append(infos, &application.UserInfo{Name: name, App: &host.App{AppID: app + "@app"}})
	}
	read := rule.ReadUsers(list)
	if read.Faults != nil {
		d.t.Fatal(read.Faults)
	}
	d.registry.Set(r, app+"@app", d.checks, registry.Saved{Users: infos, Passwords: read.Passwords})
}

// account is a user who must be known.
func (d *desk) account(app, user string) *Account {
	d.t.Helper()
	a, ok := d.Account(app, user)
	if !ok {
		d.t.Fatalf("%s has no account %s", app, user)
	}
	return a
}

// The users with a password are known, of rules that issue, by the application's name or ID, as long as they are there.
func TestAccount(t *testing.T) {
	d := newDesk(t)
	d.bind("shop", "X-A", "", map[string]string{"ann": hash, "bob": ""})
	d.bind("mall", "X-B", `,"issue":null`, map[string]string{"ann": hash})
	for _, tt := range []struct {
		app, user string
		want      bool
	}{
		{"shop", "ann", true},
		{"shop@app", "ann", true},
		{"Shop", "ann", true},
		{"SHOP@APP", "ann", true},
		{"shop", "Ann", false},
		{"shop", "bob", false},
		{"shop", "", false},
		{"", "ann", false},
		{"mall", "ann", false},
		{"none", "ann", false},
	} {
		if _, ok := d.Account(tt.app, tt.user); ok != tt.want {
			t.Errorf("%s of %s: %v", tt.user, tt.app, ok)
		}
	}
	var b *registry.Binding
	d.registry.Issuing("shop@app", func(issuing []*registry.Binding) { b = issuing[0] })
	if len(b.Passwords("shop@app")) == 0 {
		t.Fatal("there are no passwords")
	}
	d.registry.Delete("shop@app")
	if _, ok := d.Account("shop", "ann"); ok || len(b.Passwords("shop@app")) != 0 {
		t.Error("the account or its password is there when the application is gone")
	}
}

// An application of several users has no only one. Of several rules that have a name, the first counts.
func TestAccountsOfSeveralRules(t *testing.T) {
	d := newDesk(t)
	two, one := map[string]string{"ann": hash, "bob": hash}, map[string]string{"ann": hash}
	rules := map[string][]*rule.Rule{
		"shop": {d.bind("shop", "X-A", "", two), d.bind("shop", "X-B", `,"issue":{"store":"r1@output"}`, one)},
		"mall": {d.bind("mall", "X-C", "", one), d.bind("mall", "X-D", "", one)},
	}
	if _, ok := d.OnlyUser("shop"); ok {
		t.Error("one of two users is the only one")
	}
	if a, ok := d.OnlyUser("mall"); !ok || a.User() != "ann" {
		t.Error("a user under two rules is two")
	}
	for app, of := range rules {
		first := of[0]
		if of[1].Order < first.Order {
			first = of[1]
		}
		if !d.account(app, "ann").Of(first) {
			t.Errorf("%s: the account is not the first rule's", app)
		}
	}
	if store, ok := d.Store("shop"); !ok || store != "r1@output" {
		t.Errorf("the application's store is %q, %v", store, ok)
	}
	if _, ok := d.Store("mall"); ok {
		t.Error("an application has a store that no rule of it names")
	}
}

// The cost of a login is of the application's own passwords, whoever asks: the greatest that they have.
func TestLoginCost(t *testing.T) {
	d := newDesk(t)
	at := func(cost string) string { return strings.Replace(hash, "$10$", "$"+cost+"$", 1) }
	d.bind("shop", "X-A", "", map[string]string{"ann": at("10"), "bob": at("11")})
	d.bind("mall", "X-A", "", map[string]string{"eve": at("13")})
	for app, want := range map[string]int{"shop": 11, "mall": 13, "none": 0} {
		for user, of := range map[string]string{"ann": "shop", "eve": "mall", "nobody": "nowhere"} {
			if _, ok, cost := d.Login(app, user); ok != (of == app) || cost != want {
				t.Errorf("%s of %s: known %v, cost %d", user, app, ok, cost)
			}
		}
	}
}

// A login looks at one state of the rules: who is known has a password, whose cost is told.
func TestLoginWhileUsersChange(t *testing.T) {
	d := newDesk(t)
	r := d.bind("shop", "X-A", "", map[string]string{"ann": hash})
	var done sync.WaitGroup
	done.Add(1)
	go func() {
		defer done.Done()
		for i := range 2000 {
			d.set(r, "shop", []map[string]string{{"bob": ""}, {"ann": hash}}[i%2])
		}
	}()
	for range 20000 {
		if _, ok, cost := d.Login("shop", "ann"); ok != (cost == 10) {
			t.Errorf("known %v, cost %d", ok, cost)
			break
		}
	}
	done.Wait()
}

// Minted tokens name the user, the application and the ID, and are the account's, until they expire.
func TestMint(t *testing.T) {
	d := newDesk(t)
	d.bind("shop", "X-A", `,"issue":{"access_ttl":60}`, map[string]string{"ann": hash})
	a := d.account("shop", "ann")
	raw, lifetime, err := a.Mint("f.1", rule.Grant{}, noon)
	if err != nil || lifetime != time.Minute {
		t.Fatal(lifetime, err)
	}
	v, of, ok := d.Verify(raw, noon.Add(lifetime-time.Second))
	if !ok || of.User() != "ann" || of.App() != "shop" || v.ID() != "f.1" || d.Ended(v, of, noon) {
		t.Errorf("%v: the token of %v", ok, of)
	}
	if _, _, ok := d.Verify(raw, noon.Add(lifetime)); ok {
		t.Error("it is good after its lifetime")
	}
	if _, _, ok := d.Verify(raw[:len(raw)-4]+"AAAA", noon); ok {
		t.Error("one that nobody signed is good")
	}
	of.user.Expire = noon.Unix()
	if !d.Ended(v, of, noon) || of.Usable(noon) {
		t.Error("it is good though its user has expired")
	}
	d.registry.Delete("shop@app")
	if _, _, ok := d.Verify(raw, noon); ok {
		t.Error("it is good when the application is gone")
	}
}

// A rule without a path has one user: no token is made for another, whom its own rule would take for that one.
func TestMintForAnother(t *testing.T) {
	d := newDesk(t)
	d.bind("shop", "X-A", `,"path":"","iss":"ann"`, map[string]string{"ann": hash, "bob": hash})
	for user, want := range map[string]bool{"ann": true, "bob": false} {
		if _, _, err := d.account("shop", user).Mint("f.1", rule.Grant{}, noon); (err == nil) != want {
			t.Errorf("%s: %v", user, err)
		}
	}
}

// No token is made that would be ended from the beginning.
func TestMintWhileEnded(t *testing.T) {
	d := newDesk(t)
	d.bind("shop", "X-A", "", map[string]string{"ann": hash})
	d.by.Revocations.Hashes = notBefore{"shop|ann": fmt.Sprint(noon.Unix() + 5)}
	a := d.account("shop", "ann")
	if _, _, err := a.Mint("f.1", rule.Grant{}, noon); !errors.Is(err, ErrHeld) || a.Held(noon) != 5*time.Second || !a.EndedSince(noon, noon) {
		t.Errorf("%v; held for %s", err, a.Held(noon))
	}
	if _, _, err := a.Mint("f.1", rule.Grant{}, noon.Add(5*time.Second)); err != nil {
		t.Errorf("later: %v", err)
	}
}

// notBefore is the hash of that name.
type notBefore map[string]string

func (n notBefore) GetAll(name string) (map[string]string, bool) { return n, name == "jwt_not_before" }

// The key of refresh tokens ends with the signing key and with the password.
func TestRefreshKey(t *testing.T) {
	seen := make(map[string]bool)
	for _, tt := range []struct{ app, user, members, hash string }{
		{"shop", "ann", "", hash},
		{"shop", "ann", "", strings.Replace(hash, "tsJ", "tsK", 1)},
		{"shop", "bob", "", hash},
		{"mall", "ann", "", hash},
		{"shop", "ann", `,"secret":"another secret of this test, of 32"`, hash},
	} {
		d := newDesk(t)
		d.bind(tt.app, "X-A", tt.members, map[string]string{tt.user: tt.hash})
		key := string(d.account(tt.app, tt.user).RefreshKey())
		if seen[key] {
			t.Errorf("%v has the key of another", tt)
		}
		seen[key] = true
	}
}

// Each store that a rule names is opened once, whether it is named before or after somebody knows how.
func TestStores(t *testing.T) {
	d := newDesk(t)
	d.Use("before")
	opened := make(map[string]int)
	d.Stores(func(store string) { opened[store]++ })
	for _, store := range []string{"", "before", "after", "after"} {
		d.Use(store)
	}
	if fmt.Sprint(opened) != "map[after:1 before:1]" {
		t.Errorf("opened: %v", opened)
	}
}
