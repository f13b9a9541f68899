package e2e

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/gateway"
)

// Each field alone, and together; with the plugin "app" behind the filter and without.
func TestFilterFields(t *testing.T) {
	e := sharedFilterEnv(t)
	full := claims{"aud": "orders", "scope": "read write", "role": "admin", "tenant": "t1"}
	without := func(name string) claims {
		less := claims{}
		for claim, value := range full {
			if claim != name {
				less[claim] = value
			}
		}
		return less
	}
	all := map[string]any{
		"apps": []string{"shop"}, "audience": []string{"orders"}, "scopes": []string{"read"}, "claims": map[string]any{"role": []string{"admin"}},
	}
	tests := []struct {
		name   string
		config map[string]any
		good   call
		bad    map[string]call // by what comes of it
	}{
		{"required", map[string]any{}, bearer(filterToken(t, "shop", nil)), map[string]call{
			"401 token_missing": {}, "401 signature_invalid": bearer(filterToken(t, "shop", nil) + "x"), "401 user_expired": bearer(filterToken(t, "shop", claims{"sub": "old"})),
		}},
		{"apps", map[string]any{"apps": []string{"shop@app"}}, bearer(filterToken(t, "shop", nil)), map[string]call{
			"403 app_not_allowed": bearer(filterToken(t, "farm", nil)),
		}},
		{"audience", map[string]any{"audience": []string{"orders"}}, bearer(filterToken(t, "shop", full)), map[string]call{
			"403 audience_mismatch": bearer(filterToken(t, "shop", without("aud"))),
		}},
		{"scopes", map[string]any{"scopes": []string{"read", "write"}}, bearer(filterToken(t, "farm", full)), map[string]call{
			"403 claim_missing": bearer(filterToken(t, "shop", without("scope"))), "403 claim_mismatch": bearer(filterToken(t, "shop", claims{"scope": "read"})),
		}},
		{"claims", map[string]any{"claims": map[string]any{"$.role": []string{"admin"}}}, bearer(filterToken(t, "shop", full)), map[string]call{
			"403 claim_missing": bearer(filterToken(t, "shop", without("role"))), "403 claim_mismatch": bearer(filterToken(t, "shop", claims{"role": "x"})),
		}},
		{"all", all, bearer(filterToken(t, "shop", full)), map[string]call{
			"403 app_not_allowed": bearer(filterToken(t, "farm", full)), "403 audience_mismatch": bearer(filterToken(t, "shop", without("aud"))),
			"403 claim_missing": bearer(filterToken(t, "shop", without("role"))), "401 token_missing": {},
		}},
	}
	for _, test := range tests {
		for kind, alone := range map[string]bool{"before-app": false, "alone": true} {
			t.Run(test.name+" "+kind, func(t *testing.T) {
				name := "f-" + test.name + "-" + kind
				e.mustPut(t, withFilter(name, test.config, alone))
				got := e.settles(t, name, test.good, "upstream")
				if strings.Contains(got.seen[0].Text(), "eyJ") {
					t.Error("the upstream sees the token of a user who has it hidden")
				}
				for want, c := range test.bad {
					if got := e.on(t, name, c).said(); got != want {
						t.Errorf("got %q, want %q", got, want)
					}
				}
			})
		}
	}
}

// The labels are those of "app", and say why a request was refused.
func TestFilterLabels(t *testing.T) {
	e := sharedFilterEnv(t)
	e.mustPut(t, withFilter("f-labels", map[string]any{"scopes": []string{"read"}}, true))
	accepted := e.settles(t, "f-labels", bearer(filterToken(t, "shop", claims{"scope": "read", "tenant": "t1"})), "upstream")
	refused := e.on(t, "f-labels", bearer(filterToken(t, "shop", nil)))
	missing := e.on(t, "f-labels", call{})
	e.expectLogged(t, accepted, map[string]string{
		"application_id": "shop@app", "application": "shop", "user": "ann", "team": "team of shop", "role": "reader",
		"tenant": "t1", "auth_status": "success", "jwt_result": "", "jwt_would": "",
	})
	e.expectLogged(t, refused, map[string]string{"application": "", "auth_status": "fail", "jwt_result": "claim_missing"})
	e.expectLogged(t, missing, map[string]string{"application": "", "auth_status": "fail", "jwt_result": "token_missing", "jwt_fingerprint": ""})
}

// Two routes ask different things of one application's tokens.
func TestFilterTwoRoutes(t *testing.T) {
	e := sharedFilterEnv(t)
	e.mustPut(t, withFilter("f-read", map[string]any{"scopes": []string{"read"}}, false))
	e.mustPut(t, withFilter("f-write", map[string]any{"scopes": []string{"write"}, "audience": []string{"a"}}, false))
	e.settles(t, "f-write", call{}, "401 token_missing")
	for _, test := range []struct {
		claims      claims
		read, write string
	}{
		{claims{"scope": "read"}, "upstream", "403 audience_mismatch"},
		{claims{"scope": "write", "aud": "a"}, "403 claim_mismatch", "upstream"},
		{claims{"scope": "read write", "aud": "a"}, "upstream", "upstream"},
		{nil, "403 claim_missing", "403 audience_mismatch"},
	} {
		token := bearer(filterToken(t, "shop", test.claims))
		for range 3 { // the driver remembers the token, not what a route said of it
			if read, write := e.on(t, "f-read", token).said(), e.on(t, "f-write", token).said(); read != test.read || write != test.write {
				t.Errorf("%v: got %q and %q, want %q and %q", test.claims, read, write, test.read, test.write)
			}
		}
	}
}

func TestFilterOptionalToken(t *testing.T) {
	e := sharedFilterEnv(t)
	e.mustPut(t, withFilter("f-optional", map[string]any{"required": false}, false))
	e.mustPut(t, withFilter("f-optional-alone", map[string]any{"required": false}, true))
	bad := bearer(filterToken(t, "shop", nil) + "x")
	e.settles(t, "f-optional-alone", call{}, "upstream")
	e.settles(t, "f-optional-alone", bad, "401 signature_invalid")
	if got := e.on(t, "f-optional", call{}); got.status != http.StatusUnauthorized || got.body != "missing or invalid token" {
		t.Errorf("what app says: %d %q", got.status, got.body)
	}
	e.settles(t, "f-optional", bad, "401 signature_invalid")
	guest := map[string]any{"name": "guest", "driver": "app", "anonymous": true, "auth": []any{}}
	if _, err := e.node.Call(t.Context(), http.MethodPost, "/api/app", guest); err != nil {
		t.Fatal(err)
	}
	got := e.settles(t, "f-optional", call{}, "upstream")
	e.expectLogged(t, got, map[string]string{"application": "guest"})
	if err := e.node.Delete(t.Context(), gateway.App{Name: "guest"}); err != nil {
		t.Error(err)
	}
}

// The answer as a client sees it.
func TestFilterAnswers(t *testing.T) {
	e := sharedFilterEnv(t)
	e.mustPut(t, withFilter("f-answer", map[string]any{"scopes": []string{"read"}, "realm": `the "shop"`}, false))
	e.mustPut(t, withFilter("f-hidden", map[string]any{"scopes": []string{"read"}, "detail": "hidden", "body": "text"}, false))
	good := filterToken(t, "shop", nil)
	e.settles(t, "f-answer", bearer(good), "403 claim_missing")
	within(t, settle, func() error {
		if got := e.on(t, "f-hidden", bearer(good)); got.status != http.StatusForbidden {
			return fmt.Errorf("status %d", got.status)
		}
		return nil
	})
	tests := []struct {
		name, route, method string
		header              http.Header
		status              int
		challenge, contains string
	}{
		{"no token", "f-answer", "GET", nil, 401, `Bearer realm="the \"shop\""`, `"reason":"token_missing"`},
		{"HEAD", "f-answer", "HEAD", nil, 401, `Bearer realm="the \"shop\""`, ""},
		{
			"bad", "f-answer", "GET",
			http.Header{"Authorization": {"Bearer " + good + "x"}},
			401,
			`Bearer realm="the \"shop\"", error="invalid_token", error_description="the signature of the token is not valid"`, `"error":"invalid_token"`,
		},
		{
			"scope", "f-answer", "GET",
			http.Header{"Authorization": {"Bearer " + good}},
			403,
			`Bearer realm="the \"shop\"", error="insufficient_scope", error_description="the token lacks a claim or scope that this route requires", scope="read"`,
			`"error":"insufficient_scope"`,
		},
		{
			"two tokens", "f-answer", "GET",
			http.Header{"Authorization": {"Bearer a", "Bearer b"}},
			400,
			`Bearer realm="the \"shop\"", error="invalid_request", error_description="the request has two different tokens"`, `"error":"invalid_request"`,
		},
		{
			"hidden", "f-hidden", "GET",
			http.Header{"Authorization": {"Bearer " + good}},
			403,
			`Bearer realm="apinto", error="insufficient_scope", error_description="the token is not sufficient"`, "the token is not sufficient (insufficient_scope, request ",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request, err := http.NewRequest(test.method, e.node.URL+newPath("/"+test.route+"/"), http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			request.Header = test.header.Clone()
			response, err := client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != test.status || !strings.Contains(string(body), test.contains) || (test.contains == "") != (len(body) == 0) {
				t.Errorf("status %d, body %s", response.StatusCode, body)
			}
			equal(t, strings.Join(response.Header.Values("WWW-Authenticate"), "|"), test.challenge)
			equal(t, strings.Join(response.Header.Values("Cache-Control"), "|"), "no-store")
			if strings.Contains(string(body), "eyJ") || strings.Contains(string(body), "claim_") != (test.name == "scope") {
				t.Errorf("the body says too much: %s", body)
			}
		})
	}
}

// Bad configuration is an error when it is saved, and what ran before runs on.
func TestFilterBadConfig(t *testing.T) {
	e := sharedFilterEnv(t)
	e.mustPut(t, withFilter("f-config", map[string]any{"scopes": []string{"read"}}, true))
	e.settles(t, "f-config", bearer(filterToken(t, "shop", nil)), "403 claim_missing")
	bad := map[string]any{"apps": []string{""}, "claims_to_headers": map[string]any{"sub": "Host"}, "requierd": false}
	check := func(place string, err error) {
		t.Helper()
		if err == nil {
			t.Errorf("%s: accepted", place)
			return
		}
		for _, field := range []string{"invalid jwt filter config", "apps[0]: ", `claims_to_headers["sub"]: `, "requierd: "} {
			if !strings.Contains(err.Error(), field) {
				t.Errorf("%s: %q is not in %v", place, field, err)
			}
		}
	}
	none := map[string]any{"apps": []string{}}
	if err := e.put(t.Context(), withFilter("f-config", none, true)); err == nil || !strings.Contains(err.Error(), "apps: is an empty list") {
		t.Errorf("no application allowed: got error %v", err)
	}
	check("route", e.put(t.Context(), withFilter("f-config", bad, true)))
	check("new route", e.put(t.Context(), withFilter("f-config2", bad, true)))
	_, err := e.node.Call(t.Context(), http.MethodPost, "/api/template", map[string]any{
		"name": "bad", "driver": "plugin_template", "plugins": map[string]any{"jwt": plugin(bad)},
	})
	check("template", err)
	broken := *e
	broken.global = bad
	check("setting", broken.setPlugins(t.Context()))
	e.settles(t, "f-config", bearer(filterToken(t, "shop", claims{"scope": "read"})), "upstream")
	e.settles(t, "f-config", bearer(filterToken(t, "shop", nil)), "403 claim_missing")
	e.settles(t, "f-config", call{}, "401 token_missing")
}

// The filter comes to a route by a template too.
func TestFilterTemplate(t *testing.T) {
	e := sharedFilterEnv(t)
	template := func(config map[string]any) map[string]any {
		return map[string]any{"name": "strict", "driver": "plugin_template", "plugins": map[string]any{"jwt": plugin(config)}}
	}
	if _, err := e.node.Call(t.Context(), http.MethodPost, "/api/template", template(map[string]any{"scopes": []string{"read"}})); err != nil {
		t.Fatal(err)
	}
	e.mustPut(t, route{name: "f-template", plugins: map[string]any{}, template: "strict"})
	good := bearer(filterToken(t, "shop", claims{"scope": "read"}))
	e.settles(t, "f-template", bearer(filterToken(t, "shop", nil)), "403 claim_missing")
	e.settles(t, "f-template", good, "upstream")
	if _, err := e.node.Call(t.Context(), http.MethodPost, "/api/template", template(map[string]any{"scopes": []string{"write"}})); err != nil {
		t.Fatal(err)
	}
	e.settles(t, "f-template", good, "403 claim_mismatch")
}

// A browser's preflight request passes to the upstream where nothing but the filter stands before it.
func TestFilterPreflight(t *testing.T) {
	e := sharedFilterEnv(t)
	e.mustPut(t, withFilter("f-preflight", map[string]any{"claims_to_headers": map[string]any{"sub": "X-User"}}, true))
	e.mustPut(t, withFilter("f-nopreflight", map[string]any{"preflight": "check"}, true))
	preflight := call{method: http.MethodOptions, header: http.Header{
		"Origin": {"https://shop.test"}, "Access-Control-Request-Method": {"POST"}, "x_user": {"eve"},
	}}
	got := e.settles(t, "f-preflight", preflight, "upstream")
	if strings.Contains(got.seen[0].Text(), "eve") {
		t.Error("the client's header is in it")
	}
	e.settles(t, "f-nopreflight", preflight, "401 token_missing")
	delete(preflight.header, "Origin")
	e.settles(t, "f-preflight", preflight, "401 token_missing")
}
