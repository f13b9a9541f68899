package jwt

import (
	"strings"
	"testing"
	"time"

	"apinto-jwt/drivers/internal/explain"
	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/token"
)

// A refusal is explained after the fact, by the fingerprint or the request ID that the access log has.
func TestRefusalsAreRemembered(t *testing.T) {
	k := newKit(t)
	list := k.bind(appOf("a"), entry{})
	raw := jwttest.Sign(t, "HS256", secretA, map[string]any{"kid": "k1"}, claims{"sub": "eve"})
	ctx := host.Get(t, "/", "Authorization: Bearer "+raw, "X-Real-IP: 192.0.2.7")
	ctx.SetLabel("api_id", "orders@router")
	if got := answer(ctx, list...); got != "user_unknown" {
		t.Fatalf("got %s", got)
	}
	answer(inHeader(t, raw), list...)
	for _, question := range []map[string]any{{"fingerprint": token.Fingerprint(raw)}, {"request_id": ctx.RequestId()}} {
		report := k.explains(question)
		r := report.Recorded
		if report.Reason != "user_unknown" || report.Step != "user" || report.Remedy == "" || r == nil {
			t.Fatalf("%v: got %+v", question, report)
		}
		if r.Application != "a@app" || r.KeyID != "k1" || r.Place != "header Authorization" || r.Fingerprint != token.Fingerprint(raw) || !r.Time.Equal(k.driver.Clock.Now()) || r.Rule == "" {
			t.Errorf("%v: got %+v", question, r)
		}
		if byID := question["request_id"] != nil; byID && (r.Route != "orders@router" || r.Client != "192.0.2.7" || report.Before != 0) || !byID && report.Before != 1 {
			t.Errorf("%v: got %+v, %d before", question, r, report.Before)
		}
	}
}

// A request without a token is found by its ID, with the hint; one that is accepted is not.
func TestWhatIsRemembered(t *testing.T) {
	k := newKit(t)
	list := k.bind(appOf("a"), entry{})
	missing := host.Get(t, "/", "X-Token: "+ann(t))
	answer(missing, list...)
	report := k.explains(map[string]any{"request_id": missing.RequestId()})
	if report.Reason != "token_missing" || report.Recorded.Hint == "" {
		t.Errorf("got %+v", report)
	}
	accepted := inHeader(t, ann(t))
	answer(accepted, list...)
	answer(missing, list...) // asked again, as the host does for each authenticator
	if n := len(k.driver.Refused.After(0)); n != 1 {
		t.Errorf("%d are remembered", n)
	}
}

// To explain is no request: nothing is remembered of it, and no key set is fetched, though a request would have it fetched.
func TestExplainingFetchesNothing(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	r.want(auth, i.a(), passes("ann"))
	r.fetched(i, 1)
	r.clock.forward(time.Minute) // a fetch may be asked for again
	fetches := i.Requests("")
	raw := i.stranger(1)
	report, err := explain.Explain(r.factory.driver.Authenticator, explain.Asked{Credential: &raw, At: r.clock.Now()})
	must.Succeed(t, err)
	last := report.Steps[len(report.Steps)-1]
	if report.Reason != "key_unknown" || last.Step != "key" || !strings.Contains(last.Detail, "fetched once more") || !strings.Contains(last.Detail, i.URL(jwttest.KeysPath)) {
		t.Errorf("%s: %+v", report.Reason, last)
	}
	if n := i.Requests("") - fetches; n != 0 || len(r.factory.driver.Refused.After(0)) != 0 {
		t.Errorf("%d fetches, %d remembered", n, len(r.factory.driver.Refused.After(0)))
	}
	r.want(auth, raw, fails("key_unknown"))
	if n := i.Requests("") - fetches; n != 1 {
		t.Errorf("the request had %d fetches", n)
	}
}
