package jwt

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/drivers/internal/registry"
	signing "apinto-jwt/issuer"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/keys"
)

// hashOfSecret is bcrypt of "correct horse", at the least cost that is accepted.
const hashOfSecret = "$2a$10$tsJQbwjhjirnbv/qVUVg5.FubkidfuqvhsR7jzJYSEfGBkDCt2tBy"

// withPassword is a list of one user who has one.
func withPassword(name, hash string) string {
	return fmt.Sprintf(`[{"pattern":{"username":%q,"password":%q}}]`, name, hash)
}

// keyPair makes a key pair as JSON strings, and the private key as it is.
func keyPair(t testing.TB, alg keys.Algorithm) (private, public string) {
	t.Helper()
	key, pub, err := signing.GenerateKeyPair(alg, 0)
	if err != nil {
		t.Fatal(err)
	}
	return quote(key.Reveal()), quote(pub)
}

// jwksOf is a key pair's public half as a JWK Set with an ID.
func jwksOf(t testing.TB, public, id string, alg keys.Algorithm) string {
	t.Helper()
	var pem string
	if err := json.Unmarshal([]byte(public), &pem); err != nil {
		t.Fatal(err)
	}
	list, err := keys.ParsePublicPEM(pem)
	if err != nil {
		t.Fatal(err)
	}
	key, err := keys.NewPublicKey(id, list[0], alg)
	if err != nil {
		t.Fatal(err)
	}
	text, err := keys.EncodeJWKS(keys.NewSet(key))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A token that is made under a rule is accepted by it, whatever the rule asks for that can be fulfilled.
func TestMintedTokenIsAccepted(t *testing.T) {
	private, public := keyPair(t, keys.ES256)
	edPrivate, edPublic := keyPair(t, keys.EdDSA)
	_, oldPublic := keyPair(t, keys.ES256)
	asymmetric := func(members ...string) string {
		return ruleJSON(append([]string{"secret", "", "algorithm", `"ES256"`, "rsa_public_key", public, "issue", `{"private_key":` + private + `}`}, members...)...)
	}
	tests := []struct {
		name, config, user string
		payload, header    string // a gjson path and its value, "path=value"
	}{
		{"plain", ruleJSON("issue", `{}`), "ann", "sub=ann", "typ=at+jwt"},
		{"issuer", ruleJSON("iss", `"us"`, "issue", `{}`), "ann", "iss=us", ""},
		{"a member", ruleJSON("path", `"name"`, "issue", `{}`), "ann", "name=ann", ""},
		{"a nested member", ruleJSON("path", `"$.user['first.name']"`, "issue", `{}`), "ann", `user.first\.name=ann`, ""},
		{"a nested gjson path", ruleJSON("path", `"user.0"`, "issue", `{}`), "ann", "user.0=ann", ""},
		{"no path", ruleJSON("path", "", "iss", `"ann"`, "issue", `{}`), "ann", "sub=ann", ""},
		{"a number", ruleJSON("issue", `{}`), "17", "sub=17", ""},
		{"an odd name", ruleJSON("issue", `{}`), `a"\u00e9|/ <b>`, `sub=a"\u00e9|/ <b>`, ""},
		{"demands", ruleJSON("iss", `"us"`, "audience", `["a","b"]`, "claims_to_verify", `["exp","nbf"]`, "max_lifetime", "900",
			"required_claims", `{"scope":["read"],"client_id":[],"sub":["ann"],"jti":[]}`, "issue", `{"claims":{"scope":"read"}}`), "ann", `aud=["a","b"]`, ""},
		{"the client is the audience", ruleJSON("issue", `{}`), "ann", "aud=shop", ""},
		{"own audience", ruleJSON("audience", `["a","b"]`, "issue", `{"audience":"b"}`), "ann", "aud=b", ""},
		{"type", ruleJSON("token_type", `"JWT"`, "issue", `{}`), "ann", "", "typ=JWT"},
		{"kid of a secret", ruleJSON("issue", `{"kid":"k1"}`), "ann", "", "kid=k1"},
		{"key pair", asymmetric(), "ann", "client_id=shop", "alg=ES256"},
		{"key pair with kid", asymmetric("issue", `{"private_key":`+private+`,"kid":"k7"}`), "ann", "", "kid=k7"},
		{"two public keys", asymmetric("rsa_public_key", strings.TrimSuffix(oldPublic, `"`)+public[1:]), "ann", "sub=ann", ""},
		{"key set", asymmetric("rsa_public_key", "", "jwks", jwksOf(t, public, "k9", keys.ES256)), "ann", "", "kid=k9"},
		{"key set, several algorithms", asymmetric("rsa_public_key", "", "algorithm", `"RS256,EdDSA"`, "jwks", jwksOf(t, edPublic, "e", keys.EdDSA),
			"issue", `{"private_key":`+edPrivate+`}`), "ann", "", "kid=e"},
		{"ttl", ruleJSON("issue", `{"access_ttl":60}`), "ann", fmt.Sprintf("exp=%d", noon+60), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var user string
			if err := json.Unmarshal([]byte(`"`+strings.ReplaceAll(tt.user, `"`, `\"`)+`"`), &user); err != nil {
				t.Fatal(err)
			}
			k := newKit(t)
			auths := k.bind(appOf("shop"), entry{config: tt.config, users: withPassword(user, hashOfSecret)})
			account, ok := AccountsOf(k.factory).Account("shop", user)
			if !ok {
				t.Fatal("there is no such account")
			}
			raw, lifetime, err := account.Mint("f.1", k.driver.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			if got := answer(inHeader(t, raw), auths...); got != user+" of shop@app" {
				t.Errorf("it is answered with %s", got)
			}
			p := parsed(t, raw)
			for text, want := range map[string]string{p.UntrustedPayload(): tt.payload, p.UntrustedHeader(): tt.header} {
				if path, value, ok := strings.Cut(want, "="); ok {
					var plain string
					_ = json.Unmarshal([]byte(`"`+strings.ReplaceAll(value, `"`, `\"`)+`"`), &plain)
					if got := gjson.Get(text, path); got.String() != plain && got.Raw != value {
						t.Errorf("%s is %s, want %s", path, got.Raw, value)
					}
				}
			}
			if lifetime != account.AccessTTL() || gjson.Get(p.UntrustedPayload(), "jti").Str != "f.1" {
				t.Errorf("lifetime %s of %s; %s", lifetime, account.AccessTTL(), p.UntrustedPayload())
			}
			k.clock.Add(int64(lifetime / time.Second))
			if got := answer(inHeader(t, raw), auths...); got != "token_expired" {
				t.Errorf("after its lifetime it is answered with %s", got)
			}
		})
	}
}

// The default key ID of a key pair is its thumbprint, which the key set that is published has too.
func TestPublishedKeys(t *testing.T) {
	private, public := keyPair(t, keys.ES256)
	_, oldPublic := keyPair(t, keys.ES256) // a partner's, which is not published
	k := newKit(t)
	k.bind(appOf("secretive"), entry{config: ruleJSON("issue", `{}`), users: withPassword("ann", hashOfSecret)})
	k.bind(appOf("silent"), entry{name: "X-Silent", config: ruleJSON("secret", "", "algorithm", `"ES256"`, "rsa_public_key", oldPublic)})
	accounts := AccountsOf(k.factory)
	if n := accounts.Keys().Len(); n != 0 {
		t.Fatalf("%d keys of rules that have no key pair, or do not issue", n)
	}
	k.bind(appOf("shop"), entry{config: ruleJSON("secret", "", "algorithm", `"ES256"`,
		"rsa_public_key", strings.TrimSuffix(oldPublic, `"`)+public[1:], "issue", `{"private_key":`+private+`}`), users: withPassword("ann", hashOfSecret)})
	account, _ := accounts.Account("shop@app", "ann")
	raw, _, err := account.Mint("f.1", k.driver.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	set := accounts.Keys()
	if set.Len() != 1 || set.Keys()[0].ID() == "" || set.Keys()[0].ID() != parsed(t, raw).Lookup().KeyID {
		t.Errorf("%d keys, the first is %q; the token says %q", set.Len(), set.Keys()[0].ID(), parsed(t, raw).Lookup().KeyID)
	}
	text, err := keys.EncodeJWKS(set)
	if err != nil || strings.Contains(string(text), `"d"`) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestIssueFaults(t *testing.T) {
	private, public := keyPair(t, keys.ES256)
	other, _ := keyPair(t, keys.ES256)
	rs := func(members ...string) string {
		return ruleJSON(append([]string{"secret", "", "algorithm", `"ES256"`, "rsa_public_key", public}, members...)...)
	}
	tests := []struct{ name, config, field string }{
		{"no object", ruleJSON("issue", `true`), "config.issue:"},
		{"no private key", rs("issue", `{}`), "config.issue.private_key:"},
		{"a public key", rs("issue", `{"private_key":`+public+`}`), "config.issue.private_key:"},
		{"no PEM", rs("issue", `{"private_key":"secret"}`), "config.issue.private_key:"},
		{"not the other half", rs("issue", `{"private_key":`+other+`}`), "config.issue.private_key:"},
		{"another algorithm", rs("algorithm", `"ES384"`, "issue", `{"private_key":`+private+`}`), "config.issue.private_key:"},
		{"a private key for HS256", ruleJSON("issue", `{"private_key":`+private+`}`), "config.issue.private_key:"},
		{"kid is not in the key set", rs("rsa_public_key", "", "jwks", jwksOf(t, public, "a", keys.ES256), "issue", `{"kid":"b","private_key":`+private+`}`), "config.issue.private_key:"},
		{"jwks_uri", rs("rsa_public_key", "", "jwks_uri", `"https://keys.test/"`, "issue", `{"private_key":`+private+`}`), "config.issue: cannot stand beside config.jwks_uri"},
		{"access_ttl is a text", ruleJSON("issue", `{"access_ttl":"900"}`), "config.issue.access_ttl: must be a whole number"},
		{"access_ttl 0", ruleJSON("issue", `{"access_ttl":0}`), "config.issue.access_ttl:"},
		{"access_ttl too long", ruleJSON("issue", `{"access_ttl":86401}`), "config.issue.access_ttl:"},
		{"refresh_ttl negative", ruleJSON("issue", `{"refresh_ttl":-1}`), "config.issue.refresh_ttl:"},
		{"longer than max_lifetime", ruleJSON("max_lifetime", "60", "issue", `{}`), "config.issue.access_ttl:"},
		{"another audience", ruleJSON("audience", `["a"]`, "issue", `{"audience":["b"]}`), "config.issue.audience:"},
		{"a required claim is missing", ruleJSON("required_claims", `{"scope":["read"]}`, "issue", `{}`), "config.issue.claims:"},
		{"a required claim is another", ruleJSON("required_claims", `{"scope":["read"]}`, "issue", `{"claims":{"scope":"write"}}`), "config.issue.claims:"},
		{"claims set exp", ruleJSON("issue", `{"claims":{"exp":1}}`), "config.issue.claims:"},
		{"claims set the user", ruleJSON("path", `"name"`, "issue", `{"claims":{"name":"x"}}`), "config.issue.claims:"},
		{"path is exp", ruleJSON("path", `"exp"`, "issue", `{}`), "config.issue.claims:"},
		{"no issuer", ruleJSON("iss", `""`, "issue", `{}`), "config.iss:"},
		{"exp is not looked at", ruleJSON("claims_to_verify", `[]`, "issue", `{}`), "config.claims_to_verify:"},
		{"nbf alone is looked at", ruleJSON("claims_to_verify", `["nbf"]`, "issue", `{}`), "config.claims_to_verify:"},
		{"path with an index", ruleJSON("path", `"$.names[0]"`, "issue", `{}`), "config.issue: config.path"},
		{"path with a wildcard", ruleJSON("path", `"$..name"`, "issue", `{}`), "config.issue: config.path"},
		{"gjson query", ruleJSON("path", `"names.#.x"`, "issue", `{}`), "config.issue: config.path"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := newKit(t).fault(entry{config: tt.config})
			if !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), tt.field) {
				t.Errorf("want a fault of %s, got: %v", tt.field, err)
			}
			if strings.Contains(err.Error(), "MIGH") {
				t.Error("the private key is shown")
			}
		})
	}
}

// All faults are reported together, those of "issue" with the rule's.
func TestIssueFaultsTogether(t *testing.T) {
	err := newKit(t).fault(entry{config: ruleJSON("leeway", "-1", "issue", `{"access_ttl":1,"refresh_ttl":-1,"kid":7}`)})
	for _, field := range []string{"config.leeway", "config.issue.access_ttl", "config.issue.refresh_ttl", "config.issue.kid"} {
		if !strings.Contains(err.Error(), field+":") {
			t.Errorf("%s is missing: %v", field, err)
		}
	}
}

func TestPasswordFaults(t *testing.T) {
	tests := []struct {
		name, password string
		ok             bool
	}{
		{"a hash", hashOfSecret, true},
		{"none", "", true},
		{"plain text", "correct horse", false},
		{"cut short", hashOfSecret[:59], false},
		{"too long", hashOfSecret + "x", false},
		{"another scheme", "$1" + hashOfSecret[2:], false},
		{"cost 15", "$2a$15" + hashOfSecret[6:], false},
		{"cost 9", "$2a$09" + hashOfSecret[6:], false},
		{"cost 4", "$2a$04" + hashOfSecret[6:], false},
		{"cost 14", "$2a$14" + hashOfSecret[6:], true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newKit(t)
			a := k.make(entry{config: ruleJSON("issue", `{}`)})
			users := host.Users(t, k, `[{"pattern":{"username":"bob"}},`+withPassword("ann", tt.password)[1:])
			err := a.Check("shop@app", users)
			if tt.ok {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, ErrUser) || !strings.Contains(err.Error(), "users[1].pattern.password") {
				t.Errorf("got %v", err)
			}
			if err != nil && strings.Contains(err.Error(), tt.password) {
				t.Errorf("the password is shown: %v", err)
			}
		})
	}
}

// A cheap hash that is stored counts, with a warning; it is refused when it is saved.
func TestCheapHashIsServed(t *testing.T) {
	k := storedKit(t)
	cheap := "$2a$09" + hashOfSecret[6:]
	k.bind(appOf("shop"), entry{config: ruleJSON("issue", `{}`), users: withPassword("ann", cheap)})
	if account, ok := AccountsOf(k.factory).Account("shop", "ann"); !ok || account.Password().Reveal() != cheap {
		t.Error("the stored hash does not count")
	}
	if text := fmt.Sprint(k.driver.status().Warnings); !strings.Contains(text, "users[0].pattern.password: has cost 9") {
		t.Errorf("no warning in %s", text)
	}
}

// The accounts knows users with a password, of rules that issue, as long as they are there.
func TestAccounts(t *testing.T) {
	k := newKit(t)
	accounts := AccountsOf(k.factory)
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
		a, ok := AccountsOf(k.factory).Account("shop", name)
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
		a, ok := AccountsOf(k.factory).Account(tt.app, tt.user)
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

// What is printed of a rule shows neither the private key nor a password.
func TestIssueIsNotPrinted(t *testing.T) {
	private, public := keyPair(t, keys.ES256)
	k := newKit(t)
	auths := k.bind(appOf("shop"), entry{config: ruleJSON("secret", "", "algorithm", `"ES256"`, "rsa_public_key", public,
		"issue", `{"private_key":`+private+`}`), users: withPassword("ann", hashOfSecret)})
	a, _ := AccountsOf(k.factory).Account("shop", "ann")
	var body string
	_ = json.Unmarshal([]byte(private), &body)
	body = strings.Split(body, "\n")[1]
	for _, v := range []any{auths[0].rule, *auths[0].rule, *auths[0].rule.Issue, *a, a} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, body) || strings.Contains(text, hashOfSecret) {
				t.Errorf("%s of %T shows it", verb, v)
			}
		}
	}
}

// An application of several users has no sole one; of several rules that have a name, the first counts.
func TestAccountsSeveral(t *testing.T) {
	k := newKit(t)
	accounts := AccountsOf(k.factory)
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
