package filter

import (
	"fmt"
	"net/http"
	"testing"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// On all routes by the setting, on one by its own plugin; with no application, with one, and after a restart.
func TestFilterGlobal(t *testing.T) {
	e := rig.NewFilter(rig.StartNode(t))
	t.Cleanup(e.Upstream.Close)
	must.Succeed(t, e.Configure(t.Context()))
	e.MustPut(t, rig.Route{Name: "g-plain", Plugins: map[string]any{}})
	t.Run("no application, no filter: app lets everybody in", func(t *testing.T) {
		e.Settles(t, "g-plain", rig.Call{}, "upstream")
	})

	e.Global = map[string]any{"audience": []string{"all"}, "claims_to_headers": map[string]any{"sub": "X-User"}}
	must.Succeed(t, e.SetPlugins(t.Context()))
	e.MustPut(t, rig.WithFilter("g-optional", map[string]any{"required": false}, false))
	e.MustPut(t, rig.WithFilter("g-alone", map[string]any{"required": false}, true))
	token := func(more rig.Claims) rig.Call { return rig.Bearer(rig.FilterToken(t, "shop", more)) }
	t.Run("no application, filter: nobody comes in", func(t *testing.T) {
		for _, name := range []string{"g-plain", "g-optional", "g-alone"} {
			e.Settles(t, name, rig.Call{}, "401 token_missing")
			e.Settles(t, name, token(nil), "401 token_missing")
		}
	})
	must.Succeed(t, e.CreateApps(t.Context()))

	e.MustPut(t, rig.WithFilter("g-own", map[string]any{"scopes": []string{"read"}}, false))
	e.MustPut(t, rig.Route{Name: "g-off", Plugins: map[string]any{"jwt": rig.SwitchedOff()}})
	e.MustPut(t, rig.Route{Name: "g-default", Plugins: map[string]any{"jwt": map[string]any{"disable": false}}})
	check := func(t *testing.T) {
		spoof := func(c rig.Call) rig.Call {
			c.Header = c.Header.Clone()
			c.Header.Set("X-User", "eve")
			return c
		}
		got := e.Settles(t, "g-plain", spoof(token(rig.Claims{"aud": "all"})), "upstream")
		rig.Equal(t, got.Seen[0].Header.Get("X-User"), "ann")
		e.Settles(t, "g-plain", token(nil), "403 audience_mismatch")
		e.Settles(t, "g-plain", rig.Call{}, "401 token_missing")

		got = e.Settles(t, "g-own", spoof(token(rig.Claims{"scope": "read"})), "upstream") // the audience is not asked for
		rig.Equal(t, got.Seen[0].Header.Get("X-User"), "eve")                              // nor is the header the route's business
		e.Settles(t, "g-own", token(rig.Claims{"aud": "all"}), "403 claim_missing")

		e.Settles(t, "g-off", token(nil), "upstream") // by app
		if got := e.On(t, "g-off", rig.Call{}); got.Status != http.StatusUnauthorized || got.Body != "missing or invalid token" {
			t.Errorf("without the filter: %d %q", got.Status, got.Body)
		}
		e.Settles(t, "g-default", token(nil), "upstream") // the route's own, empty configuration
		e.Settles(t, "g-default", rig.Call{}, "401 token_missing")
		e.Settles(t, "nowhere", rig.Call{}, "401 token_missing") // a path without a route
	}
	t.Run("with applications", check)
	must.Succeed(t, e.Node.Restart(t.Context()))
	rig.Within(t, 5*rig.Settle, func() error {
		if got := e.On(t, "g-plain", token(rig.Claims{"aud": "all"})); got.Accepted() != nil {
			return fmt.Errorf("after the restart: %s", got.Said())
		}
		return nil
	})
	t.Run("after a restart", check)

	for _, name := range []string{"shop", "farm", "form"} {
		must.Succeed(t, e.Node.Delete(t.Context(), gateway.App{Name: name}))
	}
	t.Run("the applications are gone", func(t *testing.T) {
		e.Settles(t, "g-plain", token(rig.Claims{"aud": "all"}), "401 token_missing")
		e.Settles(t, "g-optional", rig.Call{}, "401 token_missing")
	})
}
