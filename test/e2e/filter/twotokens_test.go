package filter

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/rig"
)

// createKeys makes the applications "keys", which takes API keys where others take tokens, and "asked", which takes tokens
// from the query.
func createKeys(t *testing.T, e *rig.Filter) {
	t.Helper()
	_, err := e.Node.Call(t.Context(), http.MethodPost, "/api/app", map[string]any{
		"name": "keys", "driver": "app", "auth": []any{map[string]any{
			"type": "apikey", "position": "header", "token_name": "Authorization", "config": map[string]any{},
			"users": []any{map[string]any{"pattern": map[string]any{"apikey": "key-17"}}},
		}},
	})
	must.Succeed(t, err)
	asked := rig.FilterApp("asked")
	asked.Auth[0].Position, asked.Auth[0].TokenName = "query", "jwt"
	e.Add(t, asked)
}

// A request has one token. What is none by its form goes on to whoever knows it.
func TestTwoTokens(t *testing.T) {
	e := rig.SharedFilter(t)
	createKeys(t, e)
	t.Cleanup(func() {
		for _, name := range []string{"keys", "asked"} {
			_, _ = e.Node.Call(t.Context(), http.MethodDelete, "/api/app/"+name, nil)
		}
	})
	e.MustPut(t, rig.WithFilter("two-alone", map[string]any{}, true))
	e.MustPut(t, rig.WithFilter("two-open", map[string]any{"required": false}, false))
	e.MustPut(t, rig.Route{Name: "two-app", Plugins: map[string]any{}})
	shop, asked, form := rig.FilterToken(t, "shop", nil), rig.FilterToken(t, "asked", nil), rig.FilterToken(t, "form", nil)
	forged := rig.FilterToken(t, "nobody", nil)
	json := rig.InBody("application/json", fmt.Sprintf(`{"token":%q,"pad":%q}`, form, strings.Repeat("x", 20_000)))
	e.Settles(t, "two-alone", rig.InQuery("jwt", asked), "upstream")
	e.Settles(t, "two-open", rig.Bearer(shop), "upstream")
	e.Settles(t, "two-app", rig.InHeader("Authorization", "key-17"), "upstream")
	const refused = "400 token_malformed"
	for name, test := range map[string]struct {
		request rig.Call
		alone   string // with the filter, required and alone
		open    string // with the filter, not required, and app behind
	}{
		"forged header, good query":  {rig.Bearer(forged).And(rig.InQuery("jwt", asked)), refused, refused},
		"forged query, good header":  {rig.Bearer(shop).And(rig.InQuery("jwt", forged)), refused, refused},
		"forged header, good form":   {rig.Bearer(forged).And(rig.InForm("token", form)), refused, refused},
		"forged form, good header":   {rig.Bearer(shop).And(rig.InForm("token", forged)), refused, refused},
		"forged header, good JSON":   {rig.Bearer(forged).And(json), refused, refused},
		"two that are good":          {rig.Bearer(shop).And(rig.InQuery("jwt", asked)), refused, refused},
		"the same twice":             {rig.Bearer(shop).And(rig.InQuery("jwt", shop)), "upstream", "upstream"},
		"good header, ID in a form":  {rig.Bearer(shop).And(rig.InForm("token", "17")), "upstream", "upstream"},
		"API key, good query":        {rig.InHeader("Authorization", "key-17").And(rig.InQuery("jwt", asked)), "upstream", "upstream"},
		"API key":                    {rig.InHeader("Authorization", "key-17"), "401 token_malformed", "upstream"},
		"Basic":                      {rig.InHeader("Authorization", "Basic YTpi"), "401 token_missing", "401 "},
		"a form of a token, no more": {rig.InHeader("Authorization", "Bearer x.y.z"), "401 token_malformed", "401 token_malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			alone, open, app := e.On(t, "two-alone", test.request), e.On(t, "two-open", test.request), e.On(t, "two-app", test.request)
			if got := alone.Said(); got != test.alone {
				t.Errorf("the filter alone: got %q, want %q", got, test.alone)
			}
			if got := open.Said(); !strings.HasPrefix(got, test.open) {
				t.Errorf("the filter before app: got %q, want %q", got, test.open)
			}
			if got, want := app.Said() == "upstream", test.open == "upstream"; got != want {
				t.Errorf("app: %q", app.Said())
			}
			for _, a := range []rig.Answer{alone, open, app} {
				if len(a.Seen) > 0 && (strings.Contains(a.Seen[0].Text(), forged) || name == "the same twice" && strings.Contains(a.Seen[0].Text(), shop)) {
					t.Errorf("the upstream gets a token:\n%s", a.Seen[0].Text())
				}
			}
		})
	}
}

// While no rule of the type is in force, a token is refused though none is required.
func TestNoRuleInForce(t *testing.T) {
	e := rig.NewFilter(rig.StartNode(t))
	t.Cleanup(e.Upstream.Close)
	must.Succeed(t, e.Configure(t.Context()))
	if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/app", map[string]any{
		"name": "guest", "driver": "app", "anonymous": true, "auth": []any{},
	}); err != nil {
		t.Fatal(err)
	}
	e.MustPut(t, rig.WithFilter("none", map[string]any{"required": false}, false))
	e.Settles(t, "none", rig.Call{}, "upstream")
	e.Settles(t, "none", rig.Bearer(rig.FilterToken(t, "shop", nil)), "401 algorithm_not_allowed")
	e.Settles(t, "none", rig.Bearer("key-17"), "upstream")
}
