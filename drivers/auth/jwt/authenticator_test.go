package jwt

import (
	"testing"

	"apinto-jwt/jwttest/host"
)

// The host keeps whichever authenticator of a rule it got first, and asks that one: any of them will do.
func TestAnyHandleOfARuleWillDo(t *testing.T) {
	k := newKit(t)
	kept, dropped := k.make(entry{}), k.make(entry{})
	users := host.Users(t, k, usersJSON("ann"))
	if err := kept.Check("a@app", users); err != nil {
		t.Fatal(err)
	}
	dropped.Set(appOf("a"), users)
	if got := answer(inHeader(t, ann(t)), kept); got != "ann of a@app" {
		t.Errorf("got %s", got)
	}
	if kept.UserCount() != 1 {
		t.Errorf("%d users", kept.UserCount())
	}
	dropped.Del("a@app")
	if kept.UserCount() != 0 {
		t.Errorf("%d users after the end", kept.UserCount())
	}
	if got := answer(inHeader(t, ann(t)), kept, dropped); got != "none" {
		t.Errorf("after the end: got %s", got)
	}
}

// Time is looked at on each request, also for a token that was seen before.
func TestTimePasses(t *testing.T) {
	k := newKit(t)
	list := k.bind(appOf("a"), entry{users: `[{"pattern":{"username":"ann"},"expire":1709294500}]`})
	token := tokenOf(t, secretA, claims{"sub": "ann", "nbf": noon - 10, "exp": noon + 10})
	for _, test := range []struct {
		now  int64
		want string
	}{
		{noon - 11, "token_not_yet_valid"},
		{noon - 10, "ann of a@app"},
		{noon, "ann of a@app"},
		{noon + 9, "ann of a@app"},
		{noon + 10, "token_expired"},
		{noon - 5, "ann of a@app"},
		{noon - 11, "token_not_yet_valid"},
	} {
		k.clock.Store(test.now)
		if got := answer(inHeader(t, token), list...); got != test.want {
			t.Errorf("%d s after noon: got %s, want %s", test.now-noon, got, test.want)
		}
	}
	forever := ann(t)
	for _, now := range []int64{noon, noon + 99, noon + 100, noon} {
		k.clock.Store(now)
		ctx := inHeader(t, forever)
		answer(ctx, list...)
		if got, want := ctx.GetLabel(LabelResult) == "user_expired", now >= noon+100; got != want {
			t.Errorf("%d s after noon: expired %t, want %t", now-noon, got, want)
		}
	}
}

// An application is disabled and enabled without a word to us.
func TestApplicationIsDisabledAndEnabled(t *testing.T) {
	k := newKit(t)
	app := appOf("a")
	list := k.bind(app, entry{})
	for _, disabled := range []bool{false, true, false, true} {
		app.Disabled = disabled
		ctx := inHeader(t, ann(t))
		if got := answer(ctx, list...); got != "ann of a@app" {
			t.Errorf("got %s", got)
		}
		if got := ctx.GetLabel(LabelResult) == "app_disabled"; got != disabled {
			t.Errorf("disabled %t, the label says %t", disabled, got)
		}
	}
}

// A change counts from the next request on, also for a token that was seen before.
func TestChangesCountAtOnce(t *testing.T) {
	k := newKit(t)
	app := appOf("a")
	token := tokenOf(t, secretA, claims{"sub": "ann", "exp": noon - 1, "role": "x"})
	for _, test := range []struct {
		entry entry
		want  string
	}{
		{entry{config: ruleJSON("claims_to_verify", `[]`)}, "ann of a@app"},
		{entry{}, "token_expired"},
		{entry{config: ruleJSON("claims_to_verify", `[]`), users: usersJSON("bob")}, "user_unknown"},
		{entry{config: ruleJSON("claims_to_verify", `[]`)}, "ann of a@app"},
		{entry{config: ruleJSON("claims_to_verify", `[]`, "path", `"role"`), users: usersJSON("x")}, "x of a@app"},
		{entry{config: ruleJSON("claims_to_verify", `[]`, "iss", `"me"`)}, "issuer_mismatch"},
		{entry{config: ruleJSON("claims_to_verify", `[]`, "algorithm", `"HS384"`)}, "algorithm_not_allowed"},
		{entry{config: ruleJSON("claims_to_verify", `[]`)}, "ann of a@app"},
	} {
		list := k.bind(app, test.entry)
		for range 2 {
			if got := answer(inHeader(t, token), list...); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		}
	}
}

// The same tokens get the same answers with and without a cache.
func TestWithoutACache(t *testing.T) {
	t.Setenv(EnvCacheBytes, "0")
	k := newKit(t)
	list := k.bind(appOf("a"), entry{users: hiddenAnn})
	for range 3 {
		ctx := inHeader(t, ann(t))
		if got := answer(ctx, list...); got != "ann of a@app" {
			t.Errorf("got %s", got)
		}
		sameUpstream(t, ctx, host.Get(t, "/"))
		if got := answer(inHeader(t, ann(t)+"x"), list...); got != "signature_invalid" {
			t.Errorf("got %s", got)
		}
	}
}
