package jwt

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"apinto-jwt/jwttest/host"
)

// Several rules accept one token. The answer is the same in every process and at every request.
func TestWinnerIsTheSame(t *testing.T) {
	configs := []string{
		ruleJSON(),
		ruleJSON("claims_to_verify", `[]`),
		ruleJSON("claims_to_verify", `["exp"]`),
		ruleJSON("iss", `"me"`),
		ruleJSON("path", `"$.sub"`),
		ruleJSON("path", `"name"`),
	}
	token := tokenOf(t, secretA, claims{"sub": "ann", "name": "ann", "iss": "me", "exp": noon + 9})
	winners := map[string]bool{}
	for range 60 {
		k := newKit(t)
		list := make([]*authenticator, len(configs))
		for _, i := range rand.Perm(len(configs)) {
			list[i] = k.bind(appOf(fmt.Sprint(i)), entry{config: configs[i]})[0]
		}
		winners[answer(inHeader(t, token), list...)] = true
	}
	if len(winners) != 1 {
		t.Errorf("the winners were %v", winners)
	}
}

// The host asks one authenticator, whichever it has.
func TestAnyHandleAnswersForAllRules(t *testing.T) {
	k := newKit(t)
	k.bind(appOf("a"), entry{})
	for name, other := range map[string]*authenticator{
		"another secret": k.bind(appOf("b"), entry{config: ruleJSON("secret", quote(secretB))})[0],
		"another place":  k.bind(appOf("c"), entry{position: "header", name: "X-Token"})[0],
		"another user":   k.bind(appOf("d"), entry{config: ruleJSON("claims_to_verify", `[]`), users: usersJSON("bob")})[0],
		"never bound":    k.make(entry{config: ruleJSON("claims_to_verify", `["nbf"]`)}),
	} {
		if got := answer(inHeader(t, ann(t)), other); got != "ann of a@app" {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestTwoApplicationsWithOneRule(t *testing.T) {
	k := newKit(t)
	a := k.bind(appOf("a"), entry{users: usersJSON("ann", "amy")})[0]
	b := k.bind(appOf("b"), entry{users: usersJSON("bob")})[0]
	for user, want := range map[string]string{
		"ann": "ann of a@app", "amy": "amy of a@app", "bob": "bob of b@app", "eve": "user_unknown",
	} {
		for _, handle := range []*authenticator{a, b} {
			if got := answer(inHeader(t, tokenOf(t, secretA, claims{"sub": user})), handle); got != want {
				t.Errorf("%s: got %s, want %s", user, got, want)
			}
		}
	}
	if a.UserCount() != 3 {
		t.Errorf("%d users", a.UserCount())
	}
	a.Del("a@app")
	if got := answer(inHeader(t, ann(t)), a, b); got != "user_unknown" {
		t.Errorf("after the application is gone: got %s", got)
	}
	if got := answer(inHeader(t, tokenOf(t, secretA, claims{"sub": "bob"})), a, b); got != "bob of b@app" {
		t.Errorf("the other application: got %s", got)
	}
}

func TestTwoApplicationsWithOneSecretAndTwoHeaders(t *testing.T) {
	k := newKit(t)
	list := k.bind(appOf("a"), entry{position: "header", name: "X-A"})
	list = append(list, k.bind(appOf("b"), entry{position: "header", name: "X-B"})...)
	for header, want := range map[string]string{"X-A": "ann of a@app", "X-B": "ann of b@app", "X-C": "none"} {
		if got := answer(host.Get(t, "/", header+": "+ann(t)), list...); got != want {
			t.Errorf("%s: got %s, want %s", header, got, want)
		}
	}
}

func TestOneNameInTwoRules(t *testing.T) {
	k := newKit(t)
	list := k.bind(appOf("a"), entry{})
	list = append(list, k.bind(appOf("b"), entry{config: ruleJSON("secret", quote(secretB))})...)
	for secret, want := range map[string]string{secretA: "ann of a@app", secretB: "ann of b@app"} {
		if got := answer(inHeader(t, tokenOf(t, secret, claims{"sub": "ann"})), list...); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// The host refuses these users with words of its own, so it must get them.
func TestDisabledAndExpiredAreForTheHost(t *testing.T) {
	tests := []struct {
		name     string
		disabled bool
		expire   int64
		label    string
	}{
		{"expired now", false, noon, "user_expired"},
		{"expired long ago", false, 1, "user_expired"},
		{"expired before the epoch", false, -1, "user_expired"},
		{"expires in a second", false, noon + 1, ""},
		{"never", false, 0, ""},
		{"disabled", true, 0, "app_disabled"},
		{"both", true, 1, "app_disabled"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			app := appOf("a")
			users := fmt.Sprintf(`[{"pattern":{"username":"ann"},"expire":%d,"hide_credential":true}]`, test.expire)
			list := k.bind(app, entry{users: users})
			app.Disabled = test.disabled
			ctx := inHeader(t, ann(t))
			if got := answer(ctx, list...); got != "ann of a@app" {
				t.Errorf("got %s", got)
			}
			if got := ctx.GetLabel(LabelResult); got != test.label {
				t.Errorf("label %q, want %q", got, test.label)
			}
			if test.label != "" {
				sameUpstream(t, ctx, inHeader(t, ann(t)))
			}
		})
	}
}

// What an application or user may no longer do another one may, with the same token.
func TestADisabledApplicationDoesNotStandInTheWay(t *testing.T) {
	for _, disabledFirst := range []bool{true, false} {
		k := newKit(t)
		disabled, enabled := appOf("disabled"), appOf("enabled")
		disabled.Disabled = true
		rules := []string{ruleJSON(), ruleJSON("claims_to_verify", `[]`)}
		if !disabledFirst {
			rules[0], rules[1] = rules[1], rules[0]
		}
		list := k.bind(disabled, entry{config: rules[0]})
		list = append(list, k.bind(enabled, entry{config: rules[1]})...)
		ctx := inHeader(t, ann(t))
		if got := answer(ctx, list...); got != "ann of enabled@app" {
			t.Errorf("got %s", got)
		}
		if got := ctx.GetLabel(LabelResult); got != "" {
			t.Errorf("label %q", got)
		}
	}
}

func TestUserIsAsConfigured(t *testing.T) {
	k := newKit(t)
	app := appOf("a")
	a := k.bind(app, entry{
		position: "header", name: "X-Token",
		users: `[{"pattern":{"username":"ann"},"expire":1999999999,"labels":{"team":"x"}}]`,
	})[0]
	user, ok := a.GetUser(host.Get(t, "/", "X-Token: "+ann(t)))
	if !ok || user.Name != "ann" || user.App.Id() != app.Id() || user.Expire != 1999999999 || user.Labels["team"] != "x" {
		t.Errorf("got %+v, %t", user, ok)
	}
}

func TestUserNames(t *testing.T) {
	tests := []struct {
		name, path, payload, want string
	}{
		{"member", "sub", `{"sub":"ann"}`, "ann of a@app"},
		{"JSONPath", "$.sub", `{"sub":"ann"}`, "ann of a@app"},
		{"JSONPath from here", "@.sub", `{"sub":"ann"}`, "ann of a@app"},
		{"nested", "$.user.name", `{"user":{"name":"ann"}}`, "ann of a@app"},
		{"nested, gjson", "user.name", `{"user":{"name":"ann"}}`, "ann of a@app"},
		{"in a list", "$.users[1]", `{"users":["x","ann"]}`, "ann of a@app"},
		{"the first of several", "$.users[*]", `{"users":["ann","x"]}`, "ann of a@app"},
		{"a name with a dot", "$['user.name']", `{"user.name":"ann"}`, "ann of a@app"},
		{"a number", "sub.id", `{"sub":"x","id":1}`, "user_missing"},
		{"a number as its text", "id", `{"id":42}`, "42 of a@app"},
		{"a number of another text", "id", `{"id":42.0}`, "user_unknown"},
		{"a boolean", "id", `{"id":true}`, "user_missing"},
		{"an object", "id", `{"id":{}}`, "user_missing"},
		{"escaped", "sub", `{"sub":"\u0061nn"}`, "ann of a@app"},
		{"twice at the top", "sub", `{"sub":"ann","sub":"ann"}`, "token_malformed"},
		{"blanks", "sub", `{"sub":" ann"}`, "user_unknown"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{config: ruleJSON("path", quote(test.path)), users: usersJSON("ann", "42")})
			if got := answer(inHeader(t, signRaw(t, test.payload)), list...); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	t.Run("the issuer where there is no path", func(t *testing.T) {
		k := newKit(t)
		list := k.bind(appOf("a"), entry{config: ruleJSON("path", `""`, "iss", `"me"`), users: usersJSON("me")})
		for payload, want := range map[string]string{`{"iss":"me"}`: "me of a@app", `{"iss":"you"}`: "issuer_mismatch", `{}`: "issuer_mismatch"} {
			if got := answer(inHeader(t, signRaw(t, payload)), list...); got != want {
				t.Errorf("%s: got %s, want %s", payload, got, want)
			}
		}
	})
}
