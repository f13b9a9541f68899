package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"apinto-jwt/test/e2e/gateway"
)

// On all routes by the setting, on one by its own plugin; with no application, with one, and after a restart.
func TestFilterGlobal(t *testing.T) {
	e := newFilterEnv(startNode(t))
	t.Cleanup(e.upstream.Close)
	if err := e.configure(t.Context()); err != nil {
		t.Fatal(err)
	}
	e.mustPut(t, route{name: "g-plain", plugins: map[string]any{}})
	t.Run("no application, no filter: app lets everybody in", func(t *testing.T) {
		e.settles(t, "g-plain", call{}, "upstream")
	})

	e.global = map[string]any{"audience": []string{"all"}, "claims_to_headers": map[string]any{"sub": "X-User"}}
	if err := e.setPlugins(t.Context()); err != nil {
		t.Fatal(err)
	}
	e.mustPut(t, withFilter("g-optional", map[string]any{"required": false}, false))
	e.mustPut(t, withFilter("g-alone", map[string]any{"required": false}, true))
	token := func(more claims) call { return bearer(filterToken(t, "shop", more)) }
	t.Run("no application, filter: nobody comes in", func(t *testing.T) {
		for _, name := range []string{"g-plain", "g-optional", "g-alone"} {
			e.settles(t, name, call{}, "401 token_missing")
			e.settles(t, name, token(nil), "401 token_missing")
		}
	})
	if err := e.createApps(t.Context()); err != nil {
		t.Fatal(err)
	}

	e.mustPut(t, withFilter("g-own", map[string]any{"scopes": []string{"read"}}, false))
	e.mustPut(t, route{name: "g-off", plugins: map[string]any{"jwt": switchedOff()}})
	e.mustPut(t, route{name: "g-default", plugins: map[string]any{"jwt": map[string]any{"disable": false}}})
	check := func(t *testing.T) {
		spoof := func(c call) call {
			c.header = c.header.Clone()
			c.header.Set("X-User", "eve")
			return c
		}
		got := e.settles(t, "g-plain", spoof(token(claims{"aud": "all"})), "upstream")
		equal(t, got.seen[0].Header.Get("X-User"), "ann")
		e.settles(t, "g-plain", token(nil), "403 audience_mismatch")
		e.settles(t, "g-plain", call{}, "401 token_missing")

		got = e.settles(t, "g-own", spoof(token(claims{"scope": "read"})), "upstream") // the audience is not asked for
		equal(t, got.seen[0].Header.Get("X-User"), "eve")                              // nor is the header the route's business
		e.settles(t, "g-own", token(claims{"aud": "all"}), "403 claim_missing")

		e.settles(t, "g-off", token(nil), "upstream") // by app
		if got := e.on(t, "g-off", call{}); got.status != http.StatusUnauthorized || got.body != "missing or invalid token" {
			t.Errorf("without the filter: %d %q", got.status, got.body)
		}
		e.settles(t, "g-default", token(nil), "upstream") // the route's own, empty configuration
		e.settles(t, "g-default", call{}, "401 token_missing")
		e.settles(t, "nowhere", call{}, "401 token_missing") // a path without a route
	}
	t.Run("with applications", check)
	if err := e.node.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	within(t, 5*settle, func() error {
		if got := e.on(t, "g-plain", token(claims{"aud": "all"})); got.accepted() != nil {
			return fmt.Errorf("after the restart: %s", got.said())
		}
		return nil
	})
	t.Run("after a restart", check)

	for _, name := range []string{"shop", "farm", "form"} {
		if err := e.node.Delete(t.Context(), gateway.App{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("the applications are gone", func(t *testing.T) {
		e.settles(t, "g-plain", token(claims{"aud": "all"}), "401 token_missing")
		e.settles(t, "g-optional", call{}, "401 token_missing")
	})
}
