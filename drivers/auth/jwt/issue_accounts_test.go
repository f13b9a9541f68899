package jwt

import (
	"strings"
	"testing"

	"apinto-jwt/drivers/internal/registry"
)

// The accounts knows users with a password, of rules that issue, as long as they are there.
func TestAccounts(t *testing.T) {
	k := newKit(t)
	accounts := Of(k.factory).Accounts()
	users := `[` + strings.Trim(withPassword("ann", hashOfSecret), "[]") + `,{"pattern":{"username":"bob"}}]`
	auths := k.bind(appOf("shop"), entry{config: ruleJSON("issue", `{}`), users: users})
	k.bind(appOf("mall"), entry{name: "X-Mall", users: withPassword("ann", hashOfSecret)})
	for _, tt := range []struct {
		app, user string
		want      bool
	}{{"shop", "ann", true}, {"shop@app", "ann", true}, {"Shop", "ann", true}, {"SHOP@APP", "ann", true}, {"shop", "Ann", false}, {"shop", "bob", false}, {"shop", "", false}, {"", "ann", false}, {"mall", "ann", false}, {"none", "ann", false}} {
		if _, ok := accounts.Account(tt.app, tt.user); ok != tt.want {
			t.Errorf("%s of %s: %v", tt.user, tt.app, ok)
		}
	}
	if a, ok := accounts.OnlyUser("shop"); !ok || a.User() != "ann" {
		t.Errorf("the sole user of shop: %v, %v", a, ok)
	}
	for app, want := range map[string]int{"shop": 10, "none": 0} {
		for user, known := range map[string]bool{"ann": app == "shop", "nobody": false} {
			if _, ok, cost := accounts.Login(app, user); ok != known || cost != want {
				t.Errorf("%s of %s: known %v, cost %d", user, app, ok, cost)
			}
		}
	}
	var b *registry.Binding
	k.driver.Registry.Issuing("shop@app", func(issuing []*registry.Binding) { b = issuing[0] })
	if len(b.Passwords("shop@app")) == 0 {
		t.Fatal("there are no passwords")
	}
	auths[0].Del("shop@app")
	if len(b.Passwords("shop@app")) != 0 {
		t.Error("the passwords are kept when the application is gone")
	}
	if _, ok := accounts.Account("shop", "ann"); ok {
		t.Error("the account is there when the application is gone")
	}
}

// A rule without a path has one user: no token is made for another, whom its own rule would take for that one.
func TestMintForAnother(t *testing.T) {
	k := newKit(t)
	users := `[` + strings.Trim(withPassword("ann", hashOfSecret), "[]") + `,` + strings.Trim(withPassword("bob", hashOfSecret), "[]") + `]`
	k.bind(appOf("shop"), entry{config: ruleJSON("path", "", "iss", `"ann"`, "issue", `{}`), users: users})
	for name, want := range map[string]bool{"ann": true, "bob": false} {
		a, ok := Of(k.factory).Accounts().Account("shop", name)
		if !ok {
			t.Fatal("no account")
		}
		if _, _, err := a.Mint("f.1", k.driver.Clock.Now()); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The key of refresh tokens ends with the signing key and with the password.
func TestRefreshKey(t *testing.T) {
	seen := make(map[string]bool)
	for _, tt := range []struct{ app, user, config, hash string }{
		{"shop", "ann", ruleJSON("issue", `{}`), hashOfSecret},
		{"shop", "ann", ruleJSON("issue", `{}`), strings.Replace(hashOfSecret, "tsJ", "tsK", 1)},
		{"shop", "bob", ruleJSON("issue", `{}`), hashOfSecret},
		{"mall", "ann", ruleJSON("issue", `{}`), hashOfSecret},
		{"shop", "ann", ruleJSON("secret", quote(secretB), "issue", `{}`), hashOfSecret},
	} {
		k := newKit(t)
		k.bind(appOf(tt.app), entry{config: tt.config, users: withPassword(tt.user, tt.hash)})
		a, ok := Of(k.factory).Accounts().Account(tt.app, tt.user)
		if !ok {
			t.Fatal("no account")
		}
		if key := string(a.RefreshKey()); seen[key] {
			t.Errorf("%v has the key of another", tt)
		} else {
			seen[key] = true
		}
	}
}

// An application of several users has no sole one; of several rules that have a name, the first counts.
func TestAccountsSeveral(t *testing.T) {
	k := newKit(t)
	accounts := Of(k.factory).Accounts()
	two := `[` + strings.Trim(withPassword("ann", hashOfSecret), "[]") + `,` + strings.Trim(withPassword("bob", hashOfSecret), "[]") + `]`
	k.bind(appOf("shop"), entry{name: "X-A", config: ruleJSON("issue", `{}`), users: two},
		entry{name: "X-B", config: ruleJSON("issue", `{}`), users: withPassword("ann", hashOfSecret)})
	k.bind(appOf("mall"), entry{name: "X-C", config: ruleJSON("issue", `{}`), users: withPassword("ann", hashOfSecret)},
		entry{name: "X-D", config: ruleJSON("issue", `{}`), users: withPassword("ann", hashOfSecret)})
	if _, ok := accounts.OnlyUser("shop"); ok {
		t.Error("one of two users is the sole one")
	}
	if a, ok := accounts.OnlyUser("mall"); !ok || a.User() != "ann" {
		t.Error("a user under two rules is two")
	}
	for _, app := range []string{"shop", "mall"} {
		var list []*registry.Binding
		k.driver.Registry.Issuing(app+"@app", func(issuing []*registry.Binding) { list = issuing })
		if a, ok := accounts.Account(app, "ann"); !ok || len(list) != 2 || !a.Of(list[0].Rule) {
			t.Errorf("%s: the account is not the first rule's", app)
		}
	}
}
