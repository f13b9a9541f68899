package filter

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"apinto-jwt/test/e2e/load"
	"apinto-jwt/test/e2e/rig"
)

// What an observing filter must refuse all the same, and what it lets pass has none of our headers.
func TestObservingFilter(t *testing.T) {
	e := rig.SharedFilter(t)
	params := rig.FilterApp("accparams")
	params.Auth[0].TokenName = "X-Accparams"
	if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/app", rig.WithParameters(params)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = e.Node.Call(t.Context(), http.MethodDelete, "/api/app/accparams", nil) })
	config := map[string]any{"mode": "observe", "claims_to_headers": map[string]any{"sub": "X-User"}}
	e.MustPut(t, rig.WithFilter("a-observe", config, true))
	e.MustPut(t, rig.WithFilter("a-observe-app", config, false))
	token, shop, forged := rig.FilterToken(t, "accparams", nil), rig.FilterToken(t, "shop", nil), rig.FilterToken(t, "nobody", nil)
	for _, where := range []string{"a-observe", "a-observe-app"} {
		e.Settles(t, where, rig.InHeader("X-Accparams", token), "upstream")
		for _, value := range []string{"t2", "", "t1"} { // "error": that it is there is the conflict
			got := e.On(t, where, rig.Call{Header: http.Header{"x-accparams": {token}, "x-TENANT": {value}}})
			t.Logf("%s, X-Tenant %q: %s", where, value, got.Said())
			if value == "t2" && got.Said() != "401 params_refused" {
				t.Errorf("%s: a contradicting parameter: %s", where, got.Said())
			}
		}
	}
	for name, c := range map[string]rig.Call{
		"none": {}, "forged": rig.Bearer(forged), "two tokens": rig.Bearer(shop).And(rig.InHeader("X-Accparams", token)), "odd": rig.Bearer("a..b"),
	} {
		c.Header = c.And(rig.InHeader("X-User", "eve")).Header
		alone, app := e.On(t, "a-observe", c), e.On(t, "a-observe-app", c)
		if alone.Said() != "upstream" || app.Status != 401 || len(app.Seen) > 0 {
			t.Errorf("%s: alone %s, before app %s", name, alone.Said(), app.Said())
			continue
		}
		if text := alone.Seen[0].Text(); strings.Contains(text, "eve") || alone.Seen[0].Header.Get("X-User") != "" {
			t.Errorf("%s: the upstream got\n%s", name, text)
		}
	}
}

// sent is nil when a load has sent this many requests.
func sent(r *load.Run, least int) error {
	if got := r.Sent(); got < least {
		return fmt.Errorf("%d requests were sent, want %d", got, least)
	}
	return nil
}

// A route is tried out under load before it is enforced: nothing fails while it observes, the access log says what would
// have been refused, and when it enforces, those are refused and no others.
func TestFilterObserveThenEnforce(t *testing.T) {
	e := rig.SharedFilter(t)
	observing := map[string]any{"mode": "observe", "scopes": []string{"read"}}
	enforcing := map[string]any{"scopes": []string{"read"}}
	e.MustPut(t, rig.WithFilter("f-load", observing, false))
	good := rig.FilterToken(t, "shop", rig.Claims{"scope": "read"})
	weak := rig.FilterToken(t, "shop", rig.Claims{"scope": "write"})
	e.Settles(t, "f-load", rig.Bearer(weak), "upstream")

	run := func(token string) *load.Run {
		r, err := load.Start(e.Node.URL+"/f-load/load/", http.Header{"Authorization": {"Bearer " + token}},
			load.Options{Workers: 4, Duration: time.Minute, Pause: 2 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	loaded := run(good)
	tried := run(weak)
	rig.Within(t, 10*rig.Settle, func() error { return sent(tried, 200) })
	accepted := e.On(t, "f-load", rig.Bearer(good))
	refused := e.On(t, "f-load", rig.Bearer(weak))
	missing := e.On(t, "f-load", rig.Call{})
	if result := tried.Stop(); result.Failed != 0 {
		t.Errorf("%d of %d requests failed while the filter observed: %s", result.Failed, result.Sent, result.First)
	}
	if accepted.Said() != "upstream" || refused.Said() != "upstream" {
		t.Errorf("observed: %q and %q", accepted.Said(), refused.Said())
	}
	if missing.Body != "missing or invalid token" { // app's words
		t.Errorf("observed, without a token: %d %q", missing.Status, missing.Body)
	}

	before := loaded.Sent()
	for range 3 { // there and back again
		e.MustPut(t, rig.WithFilter("f-load", enforcing, false))
		e.Settles(t, "f-load", rig.Bearer(weak), "403 claim_mismatch")
		e.MustPut(t, rig.WithFilter("f-load", observing, false))
		e.Settles(t, "f-load", rig.Bearer(weak), "upstream")
	}
	e.MustPut(t, rig.WithFilter("f-load", enforcing, false))
	e.Settles(t, "f-load", rig.Bearer(weak), "403 claim_mismatch")
	rig.Within(t, 10*rig.Settle, func() error { return sent(loaded, before+200) })
	if result := loaded.Stop(); result.Failed != 0 {
		t.Errorf("%d of %d good requests failed in all: %s", result.Failed, result.Sent, result.First)
	}

	e.ExpectLogged(t, accepted, map[string]string{"jwt_would": "accepted", "jwt_result": "", "application": "shop"})
	e.ExpectLogged(t, refused, map[string]string{"jwt_would": "claim_mismatch", "jwt_result": "claim_mismatch", "application": "shop"})
	e.ExpectLogged(t, missing, map[string]string{"jwt_would": "token_missing", "application": ""})
}
