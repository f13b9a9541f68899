package jwt

import (
	"fmt"
	"strings"
	"testing"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/issuance"
	"apinto-jwt/jwttest"
	"apinto-jwt/rule"
)

// anyUser is a list of users with one who stands for all others, and further members of his.
func anyUser(members string, listed ...string) string {
	list := []string{`{"pattern":{"username":"*"}` + members + `}`}
	return "[" + strings.Join(append(list, listed...), ",") + "]"
}

// "*" takes every user whom the path names, and a listed one goes before it, whatever becomes of him.
func TestAnyUser(t *testing.T) {
	k := newKit(t)
	k.bind(appOf("a"), entry{users: anyUser(`,"labels":{"who":"any"},"hide_credential":true`,
		`{"pattern":{"username":"ann"},"labels":{"who":"ann"}}`, `{"pattern":{"username":"old"},"expire":1}`, `{"pattern":{"username":"Eve"}}`)})
	long := strings.Repeat("é", rule.MaxSubject/2)
	for _, test := range []struct{ sub, want, label string }{
		{`"ann"`, "ann", "ann"},
		{`"bob"`, "bob", "any"},
		{`"Ann"`, "Ann", "any"}, // names are compared to the letter
		{`"eve"`, "eve", "any"},
		{`"Eve"`, "Eve", ""},
		{`"*"`, "*", "any"},
		{`"张三 😀"`, "张三 😀", "any"},
		{`"b\u006fb"`, "bob", "any"},
		{`" bob"`, " bob", "any"},
		{quote(long), long, "any"},
		{`"old"`, "user_expired", ""}, // and not any user
		{`""`, "user_missing", ""},
		{quote(long + "xx"), "user_unknown", ""},
		{`"a\u0000b"`, "user_unknown", ""},
		{`"a\nb"`, "user_unknown", ""},
		{`"a\u007f"`, "user_unknown", ""},
		{`"a\u0085"`, "user_unknown", ""},
		{`"a\u2028b"`, "user_unknown", ""},
		{`"\u202ebob"`, "user_unknown", ""},
		{`1`, "token_malformed", ""},
	} {
		raw := jwttest.SignRaw(t, "HS256", secretA, []byte(`{"alg":"HS256"}`), []byte(`{"sub":`+test.sub+`}`))
		for round := range 3 {
			ctx := inHeader(t, raw)
			user, ok := k.driver.GetUser(ctx)
			if got := ctx.GetLabel(LabelResult); got != "" || !ok {
				if got != test.want {
					t.Errorf("%s, round %d: %s, want %s", test.sub, round, got, test.want)
				}
				continue
			}
			if user.Name != test.want || user.App.Id() != "a@app" || user.Labels["who"] != test.label || user.HideCredential != (test.label == "any") {
				t.Errorf("%s, round %d: %+v, want %s, %s", test.sub, round, user, test.want, test.label)
			}
		}
	}
	if got := answerOf(k, inHeader(t, tokenOf(t, secretA, claims{"name": "bob"}))); got != "user_missing" {
		t.Errorf("without a user: %s", got)
	}
	if rules, users := k.driver.Registry.Size(); rules != 1 || users != 4 {
		t.Errorf("%d rules with %d users", rules, users)
	}
}

// answerOf is answer, by the kit's driver.
func answerOf(k *kit, ctx http_service.IHttpContext) string {
	user, ok := k.driver.GetUser(ctx)
	if reason := ctx.GetLabel(LabelResult); reason != "" || !ok {
		return reason // of a user who has expired, the host has words of its own
	}
	return user.Name + " of " + user.App.Id()
}

// Where the path names a number, it must be one that can be written in one way alone.
func TestAnyUserByNumber(t *testing.T) {
	k := newKit(t)
	k.bind(appOf("a"), entry{config: ruleJSON("path", `"$.user.id"`), users: anyUser("", `{"pattern":{"username":"1.5"}}`)})
	for value, want := range map[string]string{
		`7`: "7 of a@app", `-7`: "-7 of a@app", `0`: "0 of a@app", `12345678901234567890`: "12345678901234567890 of a@app", `"1e5"`: "1e5 of a@app",
		`"7.0"`: "7.0 of a@app", `1.5`: "1.5 of a@app", // this one is listed
		`7.0`: "user_missing", `1e5`: "user_missing", `1E5`: "user_missing", `-0`: "user_missing",
		`true`: "user_missing", `null`: "user_missing", `["x"]`: "user_missing", `{}`: "user_missing",
	} {
		for range 3 {
			if got := answerOf(k, inHeader(t, signRaw(t, `{"user":{"id":`+value+`}}`))); got != want {
				t.Errorf("%s: %s, want %s", value, got, want)
			}
		}
	}
}

// With the key set of an issuer, an empty path is "sub" for "*", and the issuer is the name where users are listed, as ever.
func TestAnyUserWithoutPath(t *testing.T) {
	key := jwttest.Ed25519Key()
	set := quote(jwttest.JWKS(jwttest.NewJWK("k", key)))
	config := func(members ...string) string {
		return ruleJSON(append([]string{"secret", "", "algorithm", `"EdDSA"`, "path", "", "jwks", set}, members...)...)
	}
	listed := usersJSON("us", "ann")
	for name, test := range map[string]struct{ config, users, want string }{
		"iss, any":            {config("iss", `"us"`), anyUser(""), "ann"},
		"iss, an empty name":  {config("iss", `"us"`), usersJSON(""), "ann"},
		"iss, listed":         {config("iss", `"us"`), listed, "us"},
		"iss, not listed":     {config("iss", `"us"`), usersJSON("ann"), "user_unknown"},
		"iss, any and listed": {config("iss", `"us"`), anyUser("", `{"pattern":{"username":"ann"},"expire":1}`), "user_expired"},
		"no iss, any":         {config(), anyUser(""), "ann"},
		"no iss, listed":      {config(), usersJSON("ann"), "ann"},
		"a secret, any":       {ruleJSON("path", "", "iss", `"us"`), anyUser(""), "us"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			k.bind(appOf("a"), entry{config: test.config, users: test.users})
			raw := jwttest.Sign(t, "EdDSA", key, claims{"kid": "k"}, claims{"iss": "us", "sub": "ann"})
			if strings.HasPrefix(name, "a secret") {
				raw = tokenOf(t, secretA, claims{"iss": "us", "sub": "ann"})
			}
			for range 3 {
				if got := strings.TrimSuffix(answerOf(k, inHeader(t, raw)), " of a@app"); got != test.want {
					t.Errorf("%s, want %s", got, test.want)
				}
			}
		})
	}
	if err := newKit(t).fault(entry{config: ruleJSON("path", ""), users: anyUser("")}); !strings.Contains(err.Error(), "config.path: ") {
		t.Errorf("a secret without path and iss: %v", err)
	}
}

// A listed user goes before "*" of another application, whatever the rules' order, and one who is listed nowhere is "*"'s. A
// user whom one application has ended is nobody's concern in another.
func TestAnyUserBesideListedOnes(t *testing.T) {
	for _, labels := range []string{"", `{"own":"x"}`, `{"own":"y"}`, `{"own":"z"}`} { // another order each
		k := newKit(t)
		k.bind(appOf("any"), entry{config: ruleJSON("claims_to_labels", labels), users: anyUser("")})
		k.bind(appOf("list"), entry{config: ruleJSON("leeway", "5"), users: `[{"pattern":{"username":"ann"}},{"pattern":{"username":"old"},"expire":1}]`})
		for sub, want := range map[string]string{"ann": "ann of list@app", "bob": "bob of any@app", "old": "old of any@app"} {
			for range 3 {
				if got := answerOf(k, inHeader(t, tokenOf(t, secretA, claims{"sub": sub}))); got != want {
					t.Errorf("%s, %s: %s, want %s", labels, sub, got, want)
				}
			}
		}
		k.driver.Registry.Delete("any@app")
		if got := answerOf(k, inHeader(t, tokenOf(t, secretA, claims{"sub": "bob"}))); got != "user_unknown" {
			t.Errorf("without the one that takes any: %s", got)
		}
	}
}

// Users come and go while "*" stays, and the other way round; a known token sees it at once.
func TestAnyUserChanges(t *testing.T) {
	k := newKit(t)
	bob := tokenOf(t, secretA, claims{"sub": "bob"})
	expect := func(step, want string) {
		t.Helper()
		for range 3 {
			if got := answerOf(k, inHeader(t, bob)); got != want {
				t.Errorf("%s: %s, want %s", step, got, want)
			}
		}
	}
	step := func(users, want string) {
		t.Helper()
		k.bind(appOf("a"), entry{users: users})
		expect(users, want)
	}
	step(usersJSON("ann"), "user_unknown")
	step(anyUser("", `{"pattern":{"username":"ann"}}`), "bob of a@app")
	step(anyUser("", `{"pattern":{"username":"bob"},"expire":1}`), "user_expired")
	step(anyUser(`,"expire":1`), "user_expired")
	step(anyUser(fmt.Sprintf(`,"expire":%d`, noon+5)), "bob of a@app")
	k.clock.Store(noon + 5)
	expect("the end of any", "user_expired")
	k.clock.Store(noon)
	expect("the time before", "bob of a@app")
	app := appOf("a")
	app.Disabled = true
	k.bind(app, entry{users: anyUser("")})
	expect("disabled", "app_disabled")
	step(usersJSON("ann"), "user_unknown")
	step(anyUser(""), "bob of a@app")
	k.driver.Registry.Delete("a@app")
	expect("deleted", "")
}

// Tokens of users whom "*" stands for are ended by their names.
func TestAnyUserRevoked(t *testing.T) {
	k := newKit(t)
	hashes := new(jwttest.Hashes)
	hashes.Put("jwt_not_before", "a|bob", fmt.Sprint(noon))
	k.driver.Revocations.Hashes = hashes
	k.bind(appOf("a"), entry{users: anyUser("")})
	for sub, want := range map[string]string{"bob": "token_revoked", "eve": "eve of a@app"} {
		if got := answerOf(k, inHeader(t, tokenOf(t, secretA, claims{"sub": sub, "iat": noon - 5}))); got != want {
			t.Errorf("%s: %s, want %s", sub, got, want)
		}
	}
}

// A token that the gateway has made is a listed user's: when he is taken off the list, "*" does not take him in.
func TestAnyUserAndMintedTokens(t *testing.T) {
	k := newKit(t)
	with := strings.Trim(withPassword("ann", hashOfSecret), "[]")
	k.bind(appOf("a"), entry{config: ruleJSON("issue", `{}`), users: anyUser("", with)})
	account, ok := Of(k.factory).Accounts().Account("a", "ann")
	if !ok {
		t.Fatal("no account")
	}
	raw, _, err := account.Mint(issuance.NewTokenID("a-session-of-32-characters-------"), rule.Grant{}, k.driver.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if got := answerOf(k, inHeader(t, raw)); got != "ann of a@app" {
		t.Fatal(got)
	}
	k.bind(appOf("a"), entry{config: ruleJSON("issue", `{}`), users: anyUser("")})
	if got := answerOf(k, inHeader(t, raw)); got != "user_unknown" {
		t.Errorf("ann is not listed any more: %s", got)
	}
	if _, ok := Of(k.factory).Accounts().Account("a", "*"); ok {
		t.Error("there is an account of any user")
	}
}
