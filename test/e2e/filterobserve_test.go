package e2e

import (
	"net/http"
	"testing"
	"time"

	"apinto-jwt/test/e2e/load"
)

// A route is tried out under load before it is enforced: nothing fails while it observes, the access log says what would
// have been refused, and when it enforces, those are refused and no others.
func TestFilterObserveThenEnforce(t *testing.T) {
	e := sharedFilterEnv(t)
	observing := map[string]any{"mode": "observe", "scopes": []string{"read"}}
	enforcing := map[string]any{"scopes": []string{"read"}}
	e.mustPut(t, withFilter("f-load", observing, false))
	good := filterToken(t, "shop", claims{"scope": "read"})
	weak := filterToken(t, "shop", claims{"scope": "write"})
	e.settles(t, "f-load", bearer(weak), "upstream")

	run := func(token string) *load.Run {
		r, err := load.Start(e.node.URL+"/f-load/load/", http.Header{"Authorization": {"Bearer " + token}},
			load.Options{Workers: 4, Duration: time.Minute, Pause: 2 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	loaded := run(good)
	tried := run(weak)
	within(t, 10*settle, func() error { return sent(tried, 200) })
	accepted := e.on(t, "f-load", bearer(good))
	refused := e.on(t, "f-load", bearer(weak))
	missing := e.on(t, "f-load", call{})
	if result := tried.Stop(); result.Failed != 0 {
		t.Errorf("%d of %d requests failed while the filter observed: %s", result.Failed, result.Sent, result.First)
	}
	if accepted.said() != "upstream" || refused.said() != "upstream" {
		t.Errorf("observed: %q and %q", accepted.said(), refused.said())
	}
	if missing.body != "missing or invalid token" { // app's words
		t.Errorf("observed, without a token: %d %q", missing.status, missing.body)
	}

	before := loaded.Sent()
	for range 3 { // there and back again
		e.mustPut(t, withFilter("f-load", enforcing, false))
		e.settles(t, "f-load", bearer(weak), "403 claim_mismatch")
		e.mustPut(t, withFilter("f-load", observing, false))
		e.settles(t, "f-load", bearer(weak), "upstream")
	}
	e.mustPut(t, withFilter("f-load", enforcing, false))
	e.settles(t, "f-load", bearer(weak), "403 claim_mismatch")
	within(t, 10*settle, func() error { return sent(loaded, before+200) })
	if result := loaded.Stop(); result.Failed != 0 {
		t.Errorf("%d of %d good requests failed in all: %s", result.Failed, result.Sent, result.First)
	}

	e.expectLogged(t, accepted, map[string]string{"jwt_would": "accepted", "jwt_result": "", "application": "shop"})
	e.expectLogged(t, refused, map[string]string{"jwt_would": "claim_mismatch", "jwt_result": "claim_mismatch", "application": "shop"})
	e.expectLogged(t, missing, map[string]string{"jwt_would": "token_missing", "application": ""})
}
