package jwt

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/rule"
)

// Saved is refused: two applications that would take any user of the same tokens. Both are named, with the remedy. What tells
// their tokens apart is accepted, as is what is stored.
func TestAnyUserOfTwoApplications(t *testing.T) {
	other := jwttest.OtherECKey(p256)
	for name, test := range map[string]struct {
		one, two entry
		refused  bool
	}{
		"the same rule":               {entry{}, entry{}, true},
		"an empty name":               {entry{}, entry{users: usersJSON("")}, true},
		"another leeway":              {entry{}, entry{config: ruleJSON("leeway", "5")}, true},
		"another path":                {entry{}, entry{config: ruleJSON("path", `"name"`)}, true},
		"the place in other words":    {entry{}, entry{position: "header", name: "authorization"}, true},
		"any issuer":                  {entry{}, entry{config: ruleJSON("iss", `"us"`)}, true},
		"one audience":                {entry{}, entry{config: ruleJSON("audience", `["a"]`)}, true},
		"a common audience":           {entry{config: ruleJSON("audience", `["a","b"]`)}, entry{config: ruleJSON("audience", `["b","c"]`)}, true},
		"a common cookie":             {entry{name: "X-A", position: "header", config: ruleJSON("cookie_name", `"c"`)}, entry{config: ruleJSON("cookie_name", `"c"`)}, true},
		"the claim is there":          {entry{config: ruleJSON("required_claims", `{"t":["1"]}`)}, entry{config: ruleJSON("required_claims", `{"t":[]}`)}, true},
		"numbers and their texts":     {entry{config: ruleJSON("required_claims", `{"t":["1.0"]}`)}, entry{config: ruleJSON("required_claims", `{"t":[1]}`)}, true},
		"one of two keys":             {entry{config: pemRule("ES256", jwttest.PublicPEM(jwttest.ECKey(p256)))}, entry{config: pemRule("ES256", jwttest.PublicPEM(other)+jwttest.PublicPEM(jwttest.ECKey(p256)))}, true},
		"a key set's URL":             {entry{config: urlRule("jwks_uri")}, entry{config: urlRule("rsa_public_key")}, true},
		"other audiences":             {entry{config: ruleJSON("audience", `["a"]`)}, entry{config: ruleJSON("audience", `["b"]`)}, false},
		"other issuers":               {entry{config: ruleJSON("iss", `"me"`)}, entry{config: ruleJSON("iss", `"us"`)}, false},
		"other types":                 {entry{config: ruleJSON("token_type", `"JWT"`)}, entry{config: ruleJSON("token_type", `"at+jwt"`)}, false},
		"other claims":                {entry{config: ruleJSON("required_claims", `{"t":["1"]}`)}, entry{config: ruleJSON("required_claims", `{"t":["2"]}`)}, false},
		"another place":               {entry{}, entry{position: "header", name: "X-Token"}, false},
		"another key":                 {entry{}, entry{config: secretRule(secretB)}, false},
		"another algorithm":           {entry{}, entry{config: ruleJSON("algorithm", `"HS512"`)}, false},
		"listed users in the other":   {entry{}, entry{users: usersJSON("ann")}, false},
		"listed users in the first":   {entry{users: usersJSON("ann")}, entry{}, false},
		"listed beside any, and list": {entry{users: anyUser("", `{"pattern":{"username":"bob"}}`)}, entry{users: usersJSON("ann")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			k.driver.Registry.Saves = true
			fill := func(e entry) entry {
				if e.users == "" {
					e.users = anyUser("")
				}
				return e
			}
			k.bind(appOf("shop"), fill(test.one))
			k.bind(appOf("shop"), fill(test.one)) // again, as itself
			users := host.Users(t, k, fill(test.two).users)
			err := k.make(fill(test.two)).Check("bill@app", users)
			if !test.refused {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, ErrUser) || !strings.Contains(err.Error(), `"shop@app"`) || !strings.Contains(err.Error(), `"bill@app"`) ||
				!strings.Contains(err.Error(), "config.audience") {
				t.Errorf("got %v", err)
			}
			k.driver.origin = func() rule.Origin { return rule.Stored }
			k.bind(appOf("bill"), fill(test.two))
			warnings, _ := k.driver.Registry.Remarks()
			if n := len(slices.DeleteFunc(warnings, func(w registry.Warning) bool { return !strings.Contains(w.Text, "takes every user already") })); n != 2 {
				t.Errorf("stored: %d warnings of both: %+v", n, warnings)
			}
		})
	}
}

// urlRule has the URL of a key set in this field.
func urlRule(field string) string {
	return `{"algorithm":"RS256","path":"sub","` + field + `":"https://issuer.test/keys"}`
}

// Of two stored applications with one rule that both take any user, the first by ID has them, however they come and go.
func TestAnyUserStoredTwice(t *testing.T) {
	k := newKit(t)
	expect := func(step, want string) {
		t.Helper()
		if got := answerOf(k, inHeader(t, tokenOf(t, secretA, claims{"sub": "bob"}))); got != want {
			t.Errorf("%s: %s, want %s", step, got, want)
		}
	}
	for _, app := range []string{"b", "c", "a"} {
		k.bind(appOf(app), entry{users: anyUser("")})
	}
	expect("three", "bob of a@app")
	k.driver.Registry.Delete("a@app")
	expect("the first is gone", "bob of b@app")
	k.driver.Registry.Delete("c@app")
	expect("the last is gone", "bob of b@app")
	k.bind(appOf("b"), entry{users: usersJSON("ann")})
	expect("none is left", "user_unknown")
	if rules, users := k.driver.Registry.Size(); rules != 1 || users != 1 {
		t.Errorf("%d rules, %d users", rules, users)
	}
}
