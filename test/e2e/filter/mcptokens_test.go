package filter

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

// A token comes to an MCP server's route in Authorization alone, and goes no further, however it is spelled and wherever else
// it stands.
func TestMCPTokens(t *testing.T) {
	e := rig.SharedFilter(t)
	mcp := func(more map[string]any) map[string]any {
		config := map[string]any{"mcp": map[string]any{"tools": map[string]any{"*": []string{}}}}
		for name, value := range more {
			config[name] = value
		}
		return config
	}
	for _, place := range []struct{ name, position, token string }{{"m-alt", "header", "X-Alt"}, {"m-query", "query", "token"}} {
		app := rig.FilterApp(place.name)
		app.Auth[0].Position, app.Auth[0].TokenName = place.position, place.token
		app.Auth[0].Users[0].HideCredential = false
		e.Add(t, app)
	}
	jar := rig.FilterApp("m-cookie")
	jar.Auth[0].Config["cookie_name"], jar.Auth[0].Users[0].HideCredential = "sid", false
	e.Add(t, jar)
	for name, config := range map[string]map[string]any{
		"m-tokens": mcp(nil), "m-optional": mcp(map[string]any{"required": false}), "m-observe": mcp(map[string]any{"mode": "observe", "scopes": []string{"x"}}),
	} {
		e.MustPut(t, rig.WithFilter(name, config, true))
	}
	e.Settles(t, "m-tokens", rig.Call{Method: http.MethodPost, Body: []byte("{}")}, "401 token_missing")
	token, other := rig.FilterToken(t, "m-cookie", nil), rig.FilterToken(t, "m-alt", nil)
	inQuery, forged := rig.FilterToken(t, "m-query", nil), token[:len(token)-4]+"AAAA"
	e.Settles(t, "m-optional", rig.Bearer(forged).And(rig.InBody("application/json", call("a"))), "401 signature_invalid")
	good := "Authorization: Bearer " + token
	for name, test := range map[string]struct {
		route, query string
		lines        []string
		want         string // statuses that there may be; a 200 must come from the upstream, without any token
	}{
		"lower case":             {"m-tokens", "", []string{"authorization: bearer " + token}, "200"},
		"upper case":             {"m-tokens", "", []string{"AUTHORIZATION: BEARER   " + token}, "200"},
		"bare":                   {"m-tokens", "", []string{"Authorization: " + token}, "200 401"},
		"the same twice":         {"m-tokens", "", []string{good, good}, "200 400"},
		"the same in two cases":  {"m-tokens", "", []string{good, "authorization: Bearer " + token}, "200 400"},
		"a copy in X-Alt":        {"m-tokens", "", []string{good, "X-Alt: " + token}, "200 400"},
		"a copy in a cookie":     {"m-tokens", "", []string{good, "Cookie: a=b; sid=" + token + "; c=d"}, "200 400"},
		"another header":         {"m-tokens", "", []string{"X-Alt: " + other}, "400 401"},
		"a cookie":               {"m-tokens", "", []string{"Cookie: sid=" + token}, "400 401"},
		"the query":              {"m-tokens", "?token=" + inQuery, nil, "400 401"},
		"the query, too":         {"m-tokens", "?token=" + token, []string{good}, "400"},
		"access_token":           {"m-tokens", "?access_token=" + token, nil, "400 401"},
		"access_token, too":      {"m-tokens", "?access_token=" + token, []string{good}, "400"},
		"access_token, escaped":  {"m-tokens", "?acces%73_token=" + token, []string{good}, "400"},
		"opaque access_token":    {"m-tokens", "?access_token=opaque", []string{good}, "200 400"},
		"observed, forged":       {"m-observe", "", []string{"Authorization: Bearer " + forged}, "200"},
		"observed, no scope":     {"m-observe", "", []string{good}, "200"},
		"observed, two":          {"m-observe", "", []string{good, "Authorization: Bearer " + other}, "200 400"},
		"observed, query":        {"m-observe", "?token=" + inQuery, nil, "400"},
		"observed, cookie":       {"m-observe", "", []string{"Cookie: sid=" + token}, "200 400"},
		"observed, X-Alt":        {"m-observe", "", []string{"X-Alt: " + other}, "200 400"},
		"optional, none":         {"m-optional", "", nil, "200"},
		"optional, cookie":       {"m-optional", "", []string{"Cookie: sid=" + token}, "400 401"},
		"optional, query":        {"m-optional", "?token=" + inQuery, nil, "400 401"},
		"optional, access_token": {"m-optional", "?access_token=" + token, nil, "400 401"},
		"optional, X-Alt":        {"m-optional", "", []string{"X-Alt: " + other}, "400 401"},
		"optional, forged":       {"m-optional", "", []string{"Authorization: Bearer " + forged}, "401"},
	} {
		path := rig.NewPath("/" + test.route + "/")
		got := ask(t, e, http.MethodPost, path+test.query, call("a"), append([]string{"Content-Type: application/json"}, test.lines...)...)
		if !strings.Contains(" "+test.want+" ", fmt.Sprintf(" %d ", got.status)) {
			t.Errorf("%s: %d %s, want %s", name, got.status, got.body, test.want)
		}
		for _, seen := range e.Upstream.Seen(path) {
			if strings.Contains(seen.Text(), "eyJ") {
				t.Errorf("%s: the upstream gets %s", name, seen.Text())
			}
			if got.status != http.StatusOK {
				t.Errorf("%s: %d, and the upstream has it", name, got.status)
			}
		}
	}
}
