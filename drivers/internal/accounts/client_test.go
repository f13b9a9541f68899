package accounts

import (
	"crypto/elliptic"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/rule"
)

// machines gives the application exactly these users under the rule: those with keys, and those with a password.
func (d *desk) machines(r *rule.Rule, app string, names ...string) {
	d.t.Helper()
	pem, _ := json.Marshal(jwttest.PublicPEM(jwttest.ECKey(elliptic.P256())))
	var users []*rule.User
	var infos []*application.UserInfo
	for _, name := range names {
		user := new(rule.User)
		text := fmt.Sprintf(`{"pattern":{"username":%q,"client_key":{"algorithm":"ES256","public_key":%s}}}`, name, pem)
		if err := json.Unmarshal([]byte(text), user); err != nil {
			d.t.Fatal(err)
		}
		users = append(users, user)
		infos = append(infos, &application.UserInfo{Name: name, App: &host.App{AppID: app + "@app"}})
	}
	read := rule.ReadUsers(users)
	if read.Faults != nil {
		d.t.Fatal(read.Faults)
	}
	d.registry.Set(r, app+"@app", d.checks, registry.Saved{Users: infos, ClientKeys: read.ClientKeys})
}

// Users with keys are known as clients, as long as they are there, and nobody else is; their tokens are theirs.
func TestClient(t *testing.T) {
	d := newDesk(t)
	first := d.bind("shop", "X-A", "", map[string]string{"ann": hash})
	second := d.bind("shop", "X-B", "", map[string]string{"robot": ""})
	d.machines(second, "shop", "robot")
	expect := func(app, user, want string) {
		t.Helper()
		a, its, ok := d.Client(app, user)
		if got := ok && its != nil; got != (want != "") || ok && a.User() != want {
			t.Errorf("%q of %q: %v, want %q", user, app, ok, want)
		}
	}
	expect("shop", "robot", "robot")
	expect("Shop@app", "", "robot")
	expect("shop", "ann", "")
	expect("mall", "robot", "")
	if _, ok := d.Account("shop", "robot"); ok {
		t.Error("a user without a password may log in by one")
	}
	a, _, _ := d.Client("shop", "robot")
	raw, _, err := a.Mint("f.1", rule.Grant{}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, of, ok := d.Verify(raw, noon); !ok || of.User() != "robot" || !of.Of(second) {
		t.Errorf("the machine's token is that of %v", of)
	}
	d.machines(second, "shop", "robot", "drone")
	expect("shop", "", "")
	expect("shop", "drone", "drone")
	d.machines(second, "shop", "drone")
	expect("shop", "robot", "")
	if _, _, ok := d.Verify(raw, noon); ok {
		t.Error("the token of a machine that is gone is good")
	}
	d.machines(first, "shop", "ann", "drone")
	expect("shop", "", "")
	d.registry.Delete("shop@app")
	expect("shop", "drone", "")
}
