package filter

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// Each field alone, and together; with the plugin "app" behind the filter and without.
func TestFilterFields(t *testing.T) {
	e := rig.SharedFilter(t)
	full := rig.Claims{"aud": "orders", "scope": "read write", "role": "admin", "tenant": "t1"}
	without := func(name string) rig.Claims {
		less := rig.Claims{}
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
		good   rig.Call
		bad    map[string]rig.Call // by what comes of it
	}{
		{"required", map[string]any{}, rig.Bearer(rig.FilterToken(t, "shop", nil)), map[string]rig.Call{
			"401 token_missing": {}, "401 signature_invalid": rig.Bearer(rig.FilterToken(t, "shop", nil) + "x"), "401 user_expired": rig.Bearer(rig.FilterToken(t, "shop", rig.Claims{"sub": "old"})),
		}},
		{"apps", map[string]any{"apps": []string{"shop@app"}}, rig.Bearer(rig.FilterToken(t, "shop", nil)), map[string]rig.Call{
			"403 app_not_allowed": rig.Bearer(rig.FilterToken(t, "farm", nil)),
		}},
		{"audience", map[string]any{"audience": []string{"orders"}}, rig.Bearer(rig.FilterToken(t, "shop", full)), map[string]rig.Call{
			"403 audience_mismatch": rig.Bearer(rig.FilterToken(t, "shop", without("aud"))),
		}},
		{"scopes", map[string]any{"scopes": []string{"read", "write"}}, rig.Bearer(rig.FilterToken(t, "farm", full)), map[string]rig.Call{
			"403 claim_missing": rig.Bearer(rig.FilterToken(t, "shop", without("scope"))), "403 claim_mismatch": rig.Bearer(rig.FilterToken(t, "shop", rig.Claims{"scope": "read"})),
		}},
		{"claims", map[string]any{"claims": map[string]any{"$.role": []string{"admin"}}}, rig.Bearer(rig.FilterToken(t, "shop", full)), map[string]rig.Call{
			"403 claim_missing": rig.Bearer(rig.FilterToken(t, "shop", without("role"))), "403 claim_mismatch": rig.Bearer(rig.FilterToken(t, "shop", rig.Claims{"role": "x"})),
		}},
		{"all", all, rig.Bearer(rig.FilterToken(t, "shop", full)), map[string]rig.Call{
			"403 app_not_allowed": rig.Bearer(rig.FilterToken(t, "farm", full)), "403 audience_mismatch": rig.Bearer(rig.FilterToken(t, "shop", without("aud"))),
			"403 claim_missing": rig.Bearer(rig.FilterToken(t, "shop", without("role"))), "401 token_missing": {},
		}},
	}
	for _, test := range tests {
		for kind, alone := range map[string]bool{"before-app": false, "alone": true} {
			t.Run(test.name+" "+kind, func(t *testing.T) {
				name := "f-" + test.name + "-" + kind
				e.MustPut(t, rig.WithFilter(name, test.config, alone))
				got := e.Settles(t, name, test.good, "upstream")
				if strings.Contains(got.Seen[0].Text(), "eyJ") {
					t.Error("the upstream sees the token of a user who has it hidden")
				}
				for want, c := range test.bad {
					if got := e.On(t, name, c).Said(); got != want {
						t.Errorf("got %q, want %q", got, want)
					}
				}
			})
		}
	}
}

// The labels are those of "app", and say why a request was refused.
func TestFilterLabels(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("f-labels", map[string]any{"scopes": []string{"read"}}, true))
	accepted := e.Settles(t, "f-labels", rig.Bearer(rig.FilterToken(t, "shop", rig.Claims{"scope": "read", "tenant": "t1"})), "upstream")
	refused := e.On(t, "f-labels", rig.Bearer(rig.FilterToken(t, "shop", nil)))
	missing := e.On(t, "f-labels", rig.Call{})
	e.ExpectLogged(t, accepted, map[string]string{
		"application_id": "shop@app", "application": "shop", "user": "ann", "team": "team of shop", "role": "reader",
		"tenant": "t1", "auth_status": "success", "jwt_result": "", "jwt_would": "",
	})
	e.ExpectLogged(t, refused, map[string]string{"application": "", "auth_status": "fail", "jwt_result": "claim_missing"})
	e.ExpectLogged(t, missing, map[string]string{"application": "", "auth_status": "fail", "jwt_result": "token_missing", "jwt_fingerprint": ""})
}

// Two routes ask different things of one application's tokens.
func TestFilterTwoRoutes(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("f-read", map[string]any{"scopes": []string{"read"}}, false))
	e.MustPut(t, rig.WithFilter("f-write", map[string]any{"scopes": []string{"write"}, "audience": []string{"a"}}, false))
	e.Settles(t, "f-write", rig.Call{}, "401 token_missing")
	for _, test := range []struct {
		claims      rig.Claims
		read, write string
	}{
		{rig.Claims{"scope": "read"}, "upstream", "403 audience_mismatch"},
		{rig.Claims{"scope": "write", "aud": "a"}, "403 claim_mismatch", "upstream"},
		{rig.Claims{"scope": "read write", "aud": "a"}, "upstream", "upstream"},
		{nil, "403 claim_missing", "403 audience_mismatch"},
	} {
		token := rig.Bearer(rig.FilterToken(t, "shop", test.claims))
		for range 3 { // the driver remembers the token, not what a route said of it
			if read, write := e.On(t, "f-read", token).Said(), e.On(t, "f-write", token).Said(); read != test.read || write != test.write {
				t.Errorf("%v: got %q and %q, want %q and %q", test.claims, read, write, test.read, test.write)
			}
		}
	}
}

func TestFilterOptionalToken(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("f-optional", map[string]any{"required": false}, false))
	e.MustPut(t, rig.WithFilter("f-optional-alone", map[string]any{"required": false}, true))
	bad := rig.Bearer(rig.FilterToken(t, "shop", nil) + "x")
	e.Settles(t, "f-optional-alone", rig.Call{}, "upstream")
	e.Settles(t, "f-optional-alone", bad, "401 signature_invalid")
	if got := e.On(t, "f-optional", rig.Call{}); got.Status != http.StatusUnauthorized || got.Body != "missing or invalid token" {
		t.Errorf("what app says: %d %q", got.Status, got.Body)
	}
	e.Settles(t, "f-optional", bad, "401 signature_invalid")
	guest := map[string]any{"name": "guest", "driver": "app", "anonymous": true, "auth": []any{}}
	if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/app", guest); err != nil {
		t.Fatal(err)
	}
	got := e.Settles(t, "f-optional", rig.Call{}, "upstream")
	e.ExpectLogged(t, got, map[string]string{"application": "guest"})
	if err := e.Node.Delete(t.Context(), gateway.App{Name: "guest"}); err != nil {
		t.Error(err)
	}
}

// The answer as a client sees it.
func TestFilterAnswers(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("f-answer", map[string]any{"scopes": []string{"read"}, "realm": `the "shop"`}, false))
	e.MustPut(t, rig.WithFilter("f-hidden", map[string]any{"scopes": []string{"read"}, "detail": "hidden", "body": "text"}, false))
	good := rig.FilterToken(t, "shop", nil)
	e.Settles(t, "f-answer", rig.Bearer(good), "403 claim_missing")
	rig.Within(t, rig.Settle, func() error {
		if got := e.On(t, "f-hidden", rig.Bearer(good)); got.Status != http.StatusForbidden {
			return fmt.Errorf("status %d", got.Status)
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
			request, err := http.NewRequest(test.method, e.Node.URL+rig.NewPath("/"+test.route+"/"), http.NoBody)
			must.Succeed(t, err)
			request.Header = test.header.Clone()
			response, err := rig.Client.Do(request)
			must.Succeed(t, err)
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			must.Succeed(t, err)
			if response.StatusCode != test.status || !strings.Contains(string(body), test.contains) || (test.contains == "") != (len(body) == 0) {
				t.Errorf("status %d, body %s", response.StatusCode, body)
			}
			rig.Equal(t, strings.Join(response.Header.Values("WWW-Authenticate"), "|"), test.challenge)
			rig.Equal(t, strings.Join(response.Header.Values("Cache-Control"), "|"), "no-store")
			if strings.Contains(string(body), "eyJ") || strings.Contains(string(body), "claim_") != (test.name == "scope") {
				t.Errorf("the body says too much: %s", body)
			}
		})
	}
}

// Bad configuration is an error when it is saved, and what ran before runs on.
func TestFilterBadConfig(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("f-config", map[string]any{"scopes": []string{"read"}}, true))
	e.Settles(t, "f-config", rig.Bearer(rig.FilterToken(t, "shop", nil)), "403 claim_missing")
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
	if err := e.Put(t.Context(), rig.WithFilter("f-config", none, true)); err == nil || !strings.Contains(err.Error(), "apps: is an empty list") {
		t.Errorf("no application allowed: got error %v", err)
	}
	check("route", e.Put(t.Context(), rig.WithFilter("f-config", bad, true)))
	check("new route", e.Put(t.Context(), rig.WithFilter("f-config2", bad, true)))
	_, err := e.Node.Call(t.Context(), http.MethodPost, "/api/template", map[string]any{
		"name": "bad", "driver": "plugin_template", "plugins": map[string]any{"jwt": rig.Plugin(bad)},
	})
	check("template", err)
	broken := *e
	broken.Global = bad
	check("setting", broken.SetPlugins(t.Context()))
	e.Settles(t, "f-config", rig.Bearer(rig.FilterToken(t, "shop", rig.Claims{"scope": "read"})), "upstream")
	e.Settles(t, "f-config", rig.Bearer(rig.FilterToken(t, "shop", nil)), "403 claim_missing")
	e.Settles(t, "f-config", rig.Call{}, "401 token_missing")
}

// The filter comes to a route by a template too.
func TestFilterTemplate(t *testing.T) {
	e := rig.SharedFilter(t)
	template := func(config map[string]any) map[string]any {
		return map[string]any{"name": "strict", "driver": "plugin_template", "plugins": map[string]any{"jwt": rig.Plugin(config)}}
	}
	if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/template", template(map[string]any{"scopes": []string{"read"}})); err != nil {
		t.Fatal(err)
	}
	e.MustPut(t, rig.Route{Name: "f-template", Plugins: map[string]any{}, Template: "strict"})
	good := rig.Bearer(rig.FilterToken(t, "shop", rig.Claims{"scope": "read"}))
	e.Settles(t, "f-template", rig.Bearer(rig.FilterToken(t, "shop", nil)), "403 claim_missing")
	e.Settles(t, "f-template", good, "upstream")
	if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/template", template(map[string]any{"scopes": []string{"write"}})); err != nil {
		t.Fatal(err)
	}
	e.Settles(t, "f-template", good, "403 claim_mismatch")
}

// A browser's preflight request passes to the upstream where nothing but the filter stands before it.
func TestFilterPreflight(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("f-preflight", map[string]any{"claims_to_headers": map[string]any{"sub": "X-User"}}, true))
	e.MustPut(t, rig.WithFilter("f-nopreflight", map[string]any{"preflight": "check"}, true))
	preflight := rig.Call{Method: http.MethodOptions, Header: http.Header{
		"Origin": {"https://shop.test"}, "Access-Control-Request-Method": {"POST"}, "x_user": {"eve"},
	}}
	got := e.Settles(t, "f-preflight", preflight, "upstream")
	if strings.Contains(got.Seen[0].Text(), "eve") {
		t.Error("the client's header is in it")
	}
	e.Settles(t, "f-nopreflight", preflight, "401 token_missing")
	delete(preflight.Header, "Origin")
	e.Settles(t, "f-preflight", preflight, "401 token_missing")
}
