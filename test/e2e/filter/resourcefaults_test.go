package filter

import (
	"fmt"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

// What cannot be meant is refused when it is saved, each field by its name; what ran before runs on.
func TestResourceBadConfig(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("d-config", map[string]any{"resource": e.Node.URL + "/d-config", "scopes": []string{"read"}}, true))
	good := rig.Bearer(rig.FilterToken(t, "shop", rig.Claims{"aud": e.Node.URL + "/d-config", "scope": "read"}))
	e.Settles(t, "d-config", good, "upstream")
	faults := []struct {
		field  string
		config map[string]any
	}{}
	add := func(field string, config map[string]any) {
		faults = append(faults, struct {
			field  string
			config map[string]any
		}{field, config})
	}
	for _, uri := range []any{
		"https://a.test/x#f", "https://a.test/x#", "/x", "a.test/x", "//a.test/x", "http://a.test/x", "http://localhost.a.test/x", "http://127.0.0.1.a.test/x",
		"http://10.0.0.1/x", "http://127.0.0.1@a.test/x", "https://", "https:///x", "https:x", "https://u:p@a.test/x", "https://a.test:99999/x",
		"https://a.test/x?a=b", "https://a.test/x?", "https://a.test/a b", "https://a.test/%zz", "ftp://a.test/x", "urn:a:b", "api://files", " https://a.test/x",
		"https://a.test/x\n", "https://a.test\\x", "https://a.test/é", "https://a.test/a/../b", "https://a.test/./b", 7,
		[]string{"https://a.test/x"},
	} {
		add("resource: ", map[string]any{"resource": uri})
	}
	for _, field := range []string{"authorization_servers[0]: ", "resource_documentation: ", "resource_policy_uri: ", "resource_tos_uri: "} {
		for _, uri := range []any{"", "/x", "javascript:alert(1)", "https://", "ftp://a.test/x"} {
			name, list := strings.CutSuffix(strings.TrimSuffix(field, ": "), "[0]")
			value := uri
			if list {
				value = []any{uri}
			} else if uri == "" {
				continue // an empty text is none
			}
			add(field, map[string]any{"resource": "https://a.test/x", name: value})
		}
	}
	for _, issuer := range []string{"https://a.test/?a=b", "https://a.test/#b"} { // RFC 8414 §2
		add("authorization_servers[0]: ", map[string]any{"resource": "https://a.test/x", "authorization_servers": []string{issuer}})
	}
	for _, scope := range []string{"", "a b", `a"b`, `a\b`, "é", "a\tb"} { // RFC 6749 §3.3
		add("scopes_supported[0]: ", map[string]any{"resource": "https://a.test/x", "scopes_supported": []string{scope}})
		add("scopes[0]: ", map[string]any{"scopes": []string{scope}})
		add("scope_implies", map[string]any{"scope_implies": map[string]any{"a": []string{scope}}})
		add("scope_implies", map[string]any{"scope_implies": map[string]any{scope: []string{"a"}}})
	}
	for field, value := range map[string]any{
		"authorization_servers: ": []string{"https://a.test"}, "scopes_supported: ": []string{"a"}, "resource_name: ": "n", "resource_documentation: ": "https://a.test/",
		"resource_policy_uri: ": "https://a.test/", "resource_tos_uri: ": "https://a.test/",
	} {
		add(field, map[string]any{strings.TrimSuffix(field, ": "): value})
	}
	for _, age := range []any{-1, 1.5, "soon", 1e300} {
		add("max_age: ", map[string]any{"max_age": age})
	}
	for _, acr := range []any{[]string{"a b"}, []string{""}, []string{`a"b`}} {
		add("acr_values[0]: ", map[string]any{"acr_values": acr})
	}
	add("mcp.tools", map[string]any{"mcp": map[string]any{"tools": map[string]any{"a*b*c": []string{}}}})
	add("mcp.tools", map[string]any{"mcp": map[string]any{"tools": map[string]any{"": []string{}}}})
	add("mcp.tools", map[string]any{"mcp": map[string]any{"tools": map[string]any{"a": []string{"b c"}}}})
	add("mcp.tools", map[string]any{"mcp": map[string]any{"tools": map[string]any{"a": "b"}}})
	add("mcp.tool: ", map[string]any{"mcp": map[string]any{"tool": map[string]any{}}})
	for _, origin := range []string{"", "https://a.test/", "https://a.test/x", "a.test", "null", "*.a.test", "https://*.a.test"} {
		add("mcp.origins[0]: ", map[string]any{"mcp": map[string]any{"origins": []string{origin}}})
	}
	for _, fault := range faults {
		err := e.Put(t.Context(), rig.WithFilter("d-config", fault.config, true))
		if err == nil || !strings.Contains(err.Error(), fault.field) {
			t.Errorf("%q: want a fault of %q, got %v", fmt.Sprint(fault.config), fault.field, err)
			if err == nil {
				e.MustPut(t, rig.WithFilter("d-config", map[string]any{"resource": e.Node.URL + "/d-config", "scopes": []string{"read"}}, true))
			}
		}
	}
	e.Settles(t, "d-config", good, "upstream")
	e.Settles(t, "d-config", rig.Bearer(rig.FilterToken(t, "shop", nil)), "401 audience_mismatch")
	for _, uri := range []string{"http://127.0.0.1:1/x", "http://[::1]:8080/x", "http://localhost/x", "http://localhost:8080", "https://a.test", "https://a.test:8443/x/y", "HTTPS://A.test/X"} {
		e.MustPut(t, rig.WithFilter("d-config", map[string]any{"resource": uri}, true))
	}
}
