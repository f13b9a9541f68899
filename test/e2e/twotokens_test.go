package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// and puts what two requests have into one.
func (c call) and(other call) call {
	joined := call{method: c.method, header: http.Header{}, query: url.Values{}, body: c.body}
	for _, one := range []call{c, other} {
		for name, values := range one.header {
			joined.header[name] = append(joined.header[name], values...)
		}
		for name, values := range one.query {
			joined.query[name] = append(joined.query[name], values...)
		}
		if one.body != nil {
			joined.body = one.body
		}
	}
	return joined
}

// createKeys makes the applications "keys", which takes API keys where others take tokens, and "asked", which takes tokens
// from the query.
func (e *filterEnv) createKeys(t *testing.T) {
	t.Helper()
	_, err := e.node.Call(t.Context(), http.MethodPost, "/api/app", map[string]any{
		"name": "keys", "driver": "app", "auth": []any{map[string]any{
			"type": "apikey", "position": "header", "token_name": "Authorization", "config": map[string]any{},
			"users": []any{map[string]any{"pattern": map[string]any{"apikey": "key-17"}}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	asked := filterApp("asked")
	asked.Auth[0].Position, asked.Auth[0].TokenName = "query", "jwt"
	e.add(t, asked)
}

// A request has one token. What is none by its form goes on to whoever knows it.
func TestTwoTokens(t *testing.T) {
	e := sharedFilterEnv(t)
	e.createKeys(t)
	t.Cleanup(func() {
		for _, name := range []string{"keys", "asked"} {
			_, _ = e.node.Call(t.Context(), http.MethodDelete, "/api/app/"+name, nil)
		}
	})
	e.mustPut(t, withFilter("two-alone", map[string]any{}, true))
	e.mustPut(t, withFilter("two-open", map[string]any{"required": false}, false))
	e.mustPut(t, route{name: "two-app", plugins: map[string]any{}})
	shop, asked, form := filterToken(t, "shop", nil), filterToken(t, "asked", nil), filterToken(t, "form", nil)
	forged := filterToken(t, "nobody", nil)
	json := inBody("application/json", fmt.Sprintf(`{"token":%q,"pad":%q}`, form, strings.Repeat("x", 20_000)))
	e.settles(t, "two-alone", inQuery("jwt", asked), "upstream")
	e.settles(t, "two-open", bearer(shop), "upstream")
	e.settles(t, "two-app", inHeader("Authorization", "key-17"), "upstream")
	const refused = "400 token_malformed"
	for name, test := range map[string]struct {
		request call
		alone   string // with the filter, required and alone
		open    string // with the filter, not required, and app behind
	}{
		"forged header, good query":  {bearer(forged).and(inQuery("jwt", asked)), refused, refused},
		"forged query, good header":  {bearer(shop).and(inQuery("jwt", forged)), refused, refused},
		"forged header, good form":   {bearer(forged).and(inForm("token", form)), refused, refused},
		"forged form, good header":   {bearer(shop).and(inForm("token", forged)), refused, refused},
		"forged header, good JSON":   {bearer(forged).and(json), refused, refused},
		"two that are good":          {bearer(shop).and(inQuery("jwt", asked)), refused, refused},
		"the same twice":             {bearer(shop).and(inQuery("jwt", shop)), "upstream", "upstream"},
		"good header, ID in a form":  {bearer(shop).and(inForm("token", "17")), "upstream", "upstream"},
		"API key, good query":        {inHeader("Authorization", "key-17").and(inQuery("jwt", asked)), "upstream", "upstream"},
		"API key":                    {inHeader("Authorization", "key-17"), "401 token_malformed", "upstream"},
		"Basic":                      {inHeader("Authorization", "Basic YTpi"), "401 token_missing", "401 "},
		"a form of a token, no more": {inHeader("Authorization", "Bearer x.y.z"), "401 token_malformed", "401 token_malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			alone, open, app := e.on(t, "two-alone", test.request), e.on(t, "two-open", test.request), e.on(t, "two-app", test.request)
			if got := alone.said(); got != test.alone {
				t.Errorf("the filter alone: got %q, want %q", got, test.alone)
			}
			if got := open.said(); !strings.HasPrefix(got, test.open) {
				t.Errorf("the filter before app: got %q, want %q", got, test.open)
			}
			if got, want := app.said() == "upstream", test.open == "upstream"; got != want {
				t.Errorf("app: %q", app.said())
			}
			for _, a := range []answer{alone, open, app} {
				if len(a.seen) > 0 && (strings.Contains(a.seen[0].Text(), forged) || name == "the same twice" && strings.Contains(a.seen[0].Text(), shop)) {
					t.Errorf("the upstream gets a token:\n%s", a.seen[0].Text())
				}
			}
		})
	}
}

// While no rule of the type is in force, a token is refused though none is required.
func TestNoRuleInForce(t *testing.T) {
	e := newFilterEnv(startNode(t))
	t.Cleanup(e.upstream.Close)
	if err := e.configure(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := e.node.Call(t.Context(), http.MethodPost, "/api/app", map[string]any{
		"name": "guest", "driver": "app", "anonymous": true, "auth": []any{},
	}); err != nil {
		t.Fatal(err)
	}
	e.mustPut(t, withFilter("none", map[string]any{"required": false}, false))
	e.settles(t, "none", call{}, "upstream")
	e.settles(t, "none", bearer(filterToken(t, "shop", nil)), "401 algorithm_not_allowed")
	e.settles(t, "none", bearer("key-17"), "upstream")
}
