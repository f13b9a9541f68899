package issuing

import (
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// A faulty endpoint is refused when it is saved, wherever that is, by field; what ran before runs on.
func TestIssuingBadEndpoint(t *testing.T) {
	e := rig.Own(t)
	if err := e.Node.Issuing(t.Context(), e.Log, ""); err != nil {
		t.Fatal(err)
	}
	e.Add(t, rig.IssuingApp("shop"))
	mustLogin(t, e.Node, "shop", "ann")
	bad := map[string]any{"endpoint": "tokens", "cache": "sessions", "on_store_failure": "ignore", "trust_real_ip": -1, "ttl": -5}
	check := func(place string, err error) {
		t.Helper()
		if err == nil {
			t.Errorf("%s: accepted", place)
			return
		}
		for _, text := range []string{
			"invalid token endpoint config", "endpoint: ", "token, revoke, introspect, jwks", "cache: ", "sessions@output",
			"on_store_failure: ", "deny, allow", "trust_real_ip: must be true or false", "ttl: is not a field",
		} {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("%s: %q is not in %v", place, text, err)
			}
		}
	}
	router := func(name, location string, config map[string]any) map[string]any {
		return map[string]any{
			"name": name, "driver": "http", "listen": 0, "location": location, "method": []string{"POST"}, "protocols": []string{"http"},
			"status": http.StatusNotImplemented, "body": "", "plugins": map[string]any{"app": rig.SwitchedOff(), "jwt_token": rig.Plugin(config)},
		}
	}
	_, err := e.Node.Call(t.Context(), http.MethodPost, "/api/router", router("endpoint-token", "/oauth/token", bad))
	check("the route of the running one", err)
	_, err = e.Node.Call(t.Context(), http.MethodPut, "/api/router/endpoint-token", router("endpoint-token", "/oauth/token", bad))
	check("a change of the running one", err)
	_, err = e.Node.Call(t.Context(), http.MethodPost, "/api/router", router("endpoint-other", "/oauth/other", bad))
	check("a new route", err)
	_, err = e.Node.Call(t.Context(), http.MethodPost, "/api/template", map[string]any{
		"name": "bad", "driver": "plugin_template", "plugins": map[string]any{"jwt_token": rig.Plugin(bad)},
	})
	check("a template", err)
	check("the list of plugins", e.Node.SetPlugins(t.Context(),
		gateway.GlobalPlugin("jwt_token", gateway.PluginToken, bad), gateway.GlobalPlugin("app", gateway.PluginApp, nil)))

	g := login(t, e.Node, "shop", "ann")
	if g.status != http.StatusOK {
		t.Errorf("the running endpoint: %d %s", g.status, g.body)
	}
	e.Accept(t, e.Node, rig.Bearer(g.access))
	if g := post(t, e.Node, "other"); g.status != http.StatusUnauthorized { // by "app", on the route /*
		t.Errorf("the refused route: %d %s", g.status, g.body)
	}

	// An endpoint of no kind is there for plugins that are off; if it is on, it passes nothing on.
	if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/router", router("endpoint-other", "/oauth/other", map[string]any{})); err != nil {
		t.Fatal(err)
	}
	rig.Within(t, rig.Settle, func() error {
		if g := post(t, e.Node, "other"); g.status != http.StatusServiceUnavailable {
			return &gateway.AdminError{Path: "/oauth/other", Status: g.status, Body: g.body}
		}
		return nil
	})
}
