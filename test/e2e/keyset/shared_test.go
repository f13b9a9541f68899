package keyset

import (
	"crypto/elliptic"
	"fmt"
	"net/http"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/load"
	"apinto-jwt/test/e2e/rig"
)

// unnamedToken is a token of the key A or B that names no key.
func unnamedToken(t testing.TB, kid string) string {
	t.Helper()
	key := jwttest.ECKey(elliptic.P256())
	if kid == "B" {
		key = jwttest.OtherECKey(elliptic.P256())
	}
	return jwttest.Sign(t, "ES256", key, nil, rig.Claims{"sub": "ann", "jti": fmt.Sprint(rig.TokenNumber.Add(1))})
}

// A crowd comes with tokens of a key that is new, and a crowd of strangers with it. The set takes 100 ms to fetch, and
// not more, as the half second that a request waits is real time, and the machine may be busy. All share one fetch: nobody who
// is honest is refused.
func crowdWithNewKey(t *testing.T, e *rig.Env) {
	const crowd, strangers = 150, 100
	i := rig.StartKeyIssuer(t)
	e.Add(t, rig.KeyApp("Crowd", i.KeyRule(nil)))
	e.Accept(t, e.Node, rig.InHeader("X-Crowd", rig.TokenOf(t, "A")))
	i.SetKeys(i.A, i.B)
	i.Delay(100 * time.Millisecond)
	start := func(workers, requests int, token func() string) *load.Run {
		t.Helper()
		run, err := load.Start(e.Node.URL+"/load/crowd", http.Header{}, load.Options{
			Workers: workers, Requests: requests, Duration: time.Minute,
			Vary: func(h http.Header) { h.Set("X-Crowd", token()) },
		})
		if err != nil {
			t.Fatal(err)
		}
		return run
	}
	before := i.Requests("")
	hostile := start(strangers, strangers, strangerToken)
	honest := start(crowd, crowd, func() string { return rig.TokenOf(t, "B") }).Wait()
	refused := hostile.Wait()
	t.Logf("%d requests with a new key beside %d of strangers, the slowest took %s", honest.Sent, refused.Sent, honest.Slowest.Round(time.Millisecond))
	if honest.Sent != crowd || honest.Failed > 0 {
		t.Errorf("%d of %d requests with the new key failed, the first with %s", honest.Failed, honest.Sent, honest.First)
	}
	if refused.Failed != strangers {
		t.Errorf("%d of %d requests of strangers failed", refused.Failed, refused.Sent)
	}
	if n := i.Requests("") - before; n != 1 {
		t.Errorf("%d fetches, want 1", n)
	}
}

// Six applications with one URL and six schedules: one fetcher, on the shortest refresh and the longest staleness.
func allSchedules(t *testing.T, e *rig.Env) {
	i := rig.StartKeyIssuer(t)
	for n := range 6 {
		e.Add(t, rig.KeyApp(fmt.Sprintf("Schedule-%d", n), i.KeyRule(gateway.Rule{"jwks_refresh": 600 - 100*n, "jwks_max_stale": 3600 * (n + 1)})))
	}
	for n := range 6 {
		e.Accept(t, e.Node, rig.InHeader(fmt.Sprintf("X-Schedule-%d", n), rig.TokenOf(t, "A")))
	}
	if n := i.Requests(""); n != 1 {
		t.Errorf("%d fetches by six applications, want 1", n)
	}
	if set := i.KeySet(t, e.Node); set.Refresh != 100 || set.MaxStale != 6*3600 || time.Until(set.NextFetch) > 111*time.Second {
		t.Errorf("the status page has %+v", set)
	}
}

// A token that names no key has the set fetched as one whose key ID nobody has, and forged ones no more often.
func newKeyWithoutID(t *testing.T, e *rig.Env) {
	i := rig.StartKeyIssuer(t)
	e.Add(t, rig.KeyApp("Unnamed", i.KeyRule(nil)))
	e.Accept(t, e.Node, rig.InHeader("X-Unnamed", unnamedToken(t, "A")))
	i.SetKeys(i.A, i.B)
	if err := e.Send(t, e.Node, rig.InHeader("X-Unnamed", unnamedToken(t, "B"))).Accepted(); err != nil {
		t.Errorf("the first token of the new key: %v", err)
	}
	for range 20 {
		head, payload, signature := rig.Split(unnamedToken(t, "A"))
		e.Refuse(t, e.Node, rig.InHeader("X-Unnamed", head+"."+payload+"."+rig.Flip(signature)))
	}
	if n := i.Requests(""); n > 3 { // the last one where ten seconds have passed
		t.Errorf("%d fetches", n)
	}
}

// Two applications share a discovery document, which becomes that of another issuer: the one gets keys, and the other one keeps
// those that it has. Nor does it lose them when it is saved with another answer to whether http is allowed.
func issuerChangesForSome(t *testing.T, e *rig.Env) {
	const before, after = "https://before.test", "https://after.test"
	i := rig.StartKeyIssuer(t)
	i.Discovery(before, i.URL(jwttest.KeysPath))
	rule := func(issuer string, fields gateway.Rule) gateway.Rule {
		all := gateway.Rule{"jwks_uri": i.URL(jwttest.DiscoveryPath), "iss": issuer, "jwks_refresh": 5}
		for name, value := range fields {
			all[name] = value
		}
		return i.KeyRule(all)
	}
	e.Add(t, rig.KeyApp("Before", rule(before, nil)))
	e.Add(t, rig.KeyApp("After", rule(after, nil)))
	old := func() rig.Call { return rig.InHeader("X-Before", rig.TokenOf(t, "A", rig.Claims{"iss": before})) }
	e.Accept(t, e.Node, old())
	e.Refuse(t, e.Node, rig.InHeader("X-After", rig.TokenOf(t, "A", rig.Claims{"iss": after})))

	i.SetKeys(i.B)
	i.Discovery(after, i.URL(jwttest.KeysPath))
	rig.Within(t, 12*time.Second, func() error {
		return e.Send(t, e.Node, rig.InHeader("X-After", rig.TokenOf(t, "B", rig.Claims{"iss": after}))).Accepted()
	})
	e.Accept(t, e.Node, old())
	e.Refuse(t, e.Node, rig.InHeader("X-Before", rig.TokenOf(t, "B", rig.Claims{"iss": before})))
	e.Refuse(t, e.Node, rig.InHeader("X-After", rig.TokenOf(t, "A", rig.Claims{"iss": after})))
	told := 0
	for _, set := range rig.Status(t, e.Node).KeySets {
		if contains(set.LastError, "another issuer") && contains(set.LastError, after) {
			told++
		}
	}
	if told == 0 {
		t.Error("the status page does not tell that the document is of another issuer")
	}

	i.Down()
	for _, allowed := range []bool{true, false} {
		e.Replace(t, rig.KeyApp("Before", rule(before, gateway.Rule{"jwks_allow_http": allowed})))
		time.Sleep(100 * time.Millisecond)
		e.Accept(t, e.Node, old())
	}
}
