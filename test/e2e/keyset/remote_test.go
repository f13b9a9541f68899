package keyset

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/load"
	"apinto-jwt/test/e2e/rig"
)

// TestKeySets has a gateway of its own, on which its parts run at once: they spend their time waiting.
func TestKeySets(t *testing.T) {
	t.Parallel()
	e := rig.Own(t)
	t.Run("parts", func(t *testing.T) {
		for name, part := range map[string]func(*testing.T, *rig.Env){
			"one fetch for many applications":     manyApplications,
			"no fetch without an application":     noApplication,
			"rotation by URL":                     rotationByURL,
			"rotation by PEM":                     rotationByPEM,
			"rotation by inline key set":          rotationInline,
			"issuers that go bad":                 issuersThatGoBad,
			"issuers that are bad from the first": issuersThatAreBad,
			"TLS with a CA of its own":            issuerWithCA,
			"discovery":                           discovery,
			"one fetcher for all schedules":       allSchedules,
			"a new key without an ID":             newKeyWithoutID,
			"an issuer that changes for some":     issuerChangesForSome,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				part(t, e)
			})
		}
	})
	t.Run("a crowd with a new key", func(t *testing.T) { crowdWithNewKey(t, e) })
	t.Run("10,000 unknown key IDs", func(t *testing.T) { manyUnknownKeyIDs(t, e) })
}

// However many applications use a URL, and however often they are saved, the worker alone fetches it, once. The admin
// process, which checks each of them, does not.
func manyApplications(t *testing.T, e *rig.Env) {
	i := rig.StartKeyIssuer(t)
	apps := make([]gateway.App, 15)
	for n := range apps {
		apps[n] = rig.KeyApp(fmt.Sprintf("Many-%d", n), i.KeyRule(gateway.Rule{"leeway": n}))
		e.Add(t, apps[n])
	}
	for n := range apps {
		e.Accept(t, e.Node, rig.InHeader(fmt.Sprintf("X-Many-%d", n), rig.TokenOf(t, "A")))
	}
	for n := range 3 {
		e.Replace(t, rig.KeyApp("Many-0", i.KeyRule(gateway.Rule{"leeway": 100 + n})))
	}
	e.Accept(t, e.Node, rig.InHeader("X-Many-0", rig.TokenOf(t, "A")))
	time.Sleep(time.Second)
	if n := i.Requests(""); n != 1 {
		t.Errorf("%d fetches for %d applications, want 1", n, len(apps))
	}
	if agent := i.LastHeader().Get("User-Agent"); agent != "apinto-jwt" {
		t.Errorf("the fetch calls itself %q", agent)
	}
	t.Logf("%d fetch for %d applications and 3 changes", i.Requests(""), len(apps))
}

// With its last application a set is no longer fetched.
func noApplication(t *testing.T, e *rig.Env) {
	i := rig.StartKeyIssuer(t)
	app := rig.KeyApp("Gone", i.KeyRule(gateway.Rule{"jwks_refresh": 5}))
	e.Add(t, app)
	e.Accept(t, e.Node, rig.InHeader("X-Gone", rig.TokenOf(t, "A")))
	rig.Within(t, 7*time.Second, func() error {
		if n := i.Requests(""); n < 2 {
			return fmt.Errorf("%d fetches, a second one should come after 5 s", n)
		}
		return nil
	})
	must.Succeed(t, e.Node.Delete(t.Context(), app))
	rig.Within(t, rig.Settle, func() error { return e.Send(t, e.Node, rig.InHeader("X-Gone", rig.TokenOf(t, "A"))).Refused() })
	before := i.Requests("")
	time.Sleep(6 * time.Second)
	if after := i.Requests(""); after != before {
		t.Errorf("%d fetches after the last application was gone", after-before)
	}
	if set := i.KeySet(t, e.Node); set.URL != "" {
		t.Errorf("the status page has %+v", set)
	}
}

// turns are the ways in which an issuer goes bad, and what the status page says of it.
func turns(elsewhere *rig.KeyIssuer) map[string]struct {
	turn func(i *rig.KeyIssuer)
	says string
} {
	return map[string]struct {
		turn func(i *rig.KeyIssuer)
		says string
	}{
		"Down":      {func(i *rig.KeyIssuer) { i.Down() }, "refused"},
		"Fails":     {func(i *rig.KeyIssuer) { i.Fail(http.StatusInternalServerError) }, "500"},
		"Garbage":   {func(i *rig.KeyIssuer) { i.SetBody("<html>we are busy</html>") }, "not a JWK Set"},
		"Empty":     {func(i *rig.KeyIssuer) { i.SetKeys() }, "no usable key"},
		"Private":   {func(i *rig.KeyIssuer) { i.SetKeys(i.A.With("d", "c2VjcmV0")) }, "private key"},
		"Oversize":  {func(i *rig.KeyIssuer) { i.Oversize(1<<20 + 1) }, "too large"},
		"Elsewhere": {func(i *rig.KeyIssuer) { i.Redirect(elsewhere.URL(jwttest.MovedPath)) }, "redirect"},
		"Loop":      {func(i *rig.KeyIssuer) { i.Redirect(i.URL(jwttest.KeysPath)) }, "redirect"},
		"Slow":      {func(i *rig.KeyIssuer) { i.Delay(8 * time.Second) }, "deadline"},
	}
}

// The last good set is used, whatever the issuer does; requests wait for it half a second at most.
func issuersThatGoBad(t *testing.T, e *rig.Env) {
	elsewhere := rig.StartKeyIssuer(t)
	all := turns(elsewhere)
	issuers := map[string]*rig.KeyIssuer{}
	for name := range all {
		issuers[name] = rig.StartKeyIssuer(t)
		e.Add(t, rig.KeyApp("Turn-"+name, issuers[name].KeyRule(gateway.Rule{"jwks_refresh": 5})))
	}
	for name, turn := range all {
		e.Accept(t, e.Node, rig.InHeader("X-Turn-"+name, rig.TokenOf(t, "A")))
		turn.turn(issuers[name])
	}
	for name, turn := range all {
		rig.Within(t, 14*time.Second, func() error { // a refresh interval, and the timeout of the slow one
			if set := issuers[name].KeySet(t, e.Node); set.Failures == 0 || !contains(set.LastError, turn.says) || len(set.Keys) != 1 {
				return fmt.Errorf("%s: the status page has %+v, want %q", name, set, turn.says)
			}
			return nil
		})
		if err := e.Send(t, e.Node, rig.InHeader("X-Turn-"+name, rig.TokenOf(t, "A"))).Accepted(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		begin := time.Now()
		e.Refuse(t, e.Node, rig.InHeader("X-Turn-"+name, rig.TokenOf(t, "B")))
		if took := time.Since(begin); took > 2*time.Second { // 500 ms, and a busy machine
			t.Errorf("%s: the answer to an unknown key ID took %s", name, took)
		}
	}
	if n := elsewhere.Requests(""); n != 0 {
		t.Errorf("a redirect led to %d requests to another host", n)
	}
}

// An issuer that never was good has no keys; when it becomes good, its tokens are accepted soon.
func issuersThatAreBad(t *testing.T, e *rig.Env) {
	elsewhere := rig.StartKeyIssuer(t)
	all := turns(elsewhere)
	delete(all, "Slow") // 5 s each time
	issuers := map[string]*rig.KeyIssuer{}
	for name, turn := range all {
		issuers[name] = rig.StartKeyIssuer(t)
		turn.turn(issuers[name])
		e.Add(t, rig.KeyApp("Bad-"+name, issuers[name].KeyRule(gateway.Rule{"jwks_refresh": 5})))
	}
	for name, turn := range all {
		rig.Within(t, 5*time.Second, func() error {
			if set := issuers[name].KeySet(t, e.Node); set.Failures == 0 || !contains(set.LastError, turn.says) || len(set.Keys) != 0 {
				return fmt.Errorf("%s: the status page has %+v, want %q", name, set, turn.says)
			}
			return nil
		})
		e.Refuse(t, e.Node, rig.InHeader("X-Bad-"+name, rig.TokenOf(t, "A")))
	}
	if page := rig.Status(t, e.Node); page.Count("keys_unavailable", "", "") < len(all) {
		t.Errorf("the status page counts %+v", page.Requests)
	}
	for name, i := range issuers {
		if name == "Down" {
			i.Up()
		}
		i.Fail(http.StatusOK)
		i.Redirect("")
		i.SetKeys(i.A)
	}
	for name := range all { // it is tried again after 1, 2, 4, 5 s
		rig.Within(t, 12*time.Second, func() error {
			return e.Send(t, e.Node, rig.InHeader("X-Bad-"+name, rig.TokenOf(t, "A"))).Accepted()
		})
	}
	if n := elsewhere.Requests(""); n != 0 {
		t.Errorf("a redirect led to %d requests to another host", n)
	}
}

func issuerWithCA(t *testing.T, e *rig.Env) {
	key := rig.StartKeyIssuer(t).A
	secure := &rig.KeyIssuer{KeyServer: jwttest.StartTLSKeyServer(key), A: key}
	t.Cleanup(secure.Close)
	e.Add(t, rig.KeyApp("Ca", secure.KeyRule(gateway.Rule{"jwks_ca": secure.CA(), "iss": "ca"})))
	e.Add(t, rig.KeyApp("No-Ca", secure.KeyRule(gateway.Rule{"iss": "no-ca"})))
	e.Accept(t, e.Node, rig.InHeader("X-Ca", rig.TokenOf(t, "A", rig.Claims{"iss": "ca"})))
	e.Refuse(t, e.Node, rig.InHeader("X-No-Ca", rig.TokenOf(t, "A", rig.Claims{"iss": "no-ca"})))
	if n := secure.Requests(""); n != 1 {
		t.Errorf("%d requests, want the one that trusts the certificate", n)
	}
}

// The key set is found by the issuer's discovery document, which must be that of the configured issuer.
func discovery(t *testing.T, e *rig.Env) {
	right, wrong := rig.StartKeyIssuer(t), rig.StartKeyIssuer(t)
	right.Discovery("https://right.test", right.URL(jwttest.KeysPath))
	wrong.Discovery("https://right.test", wrong.URL(jwttest.KeysPath))
	rule := func(i *rig.KeyIssuer, issuer string) gateway.Rule {
		return i.KeyRule(gateway.Rule{"jwks_uri": i.URL(jwttest.DiscoveryPath), "iss": issuer, "jwks_refresh": 5})
	}
	e.Add(t, rig.KeyApp("Discovered", rule(right, "https://right.test")))
	e.Add(t, rig.KeyApp("Misled", rule(wrong, "https://wrong.test")))
	e.Accept(t, e.Node, rig.InHeader("X-Discovered", rig.TokenOf(t, "A", rig.Claims{"iss": "https://right.test"})))
	misled := func() rig.Call {
		return rig.InHeader("X-Misled", rig.TokenOf(t, "A", rig.Claims{"iss": "https://wrong.test"}))
	}
	rig.Within(t, 5*time.Second, func() error {
		if set := wrong.KeySet(t, e.Node); !contains(set.LastError, "another issuer") {
			return fmt.Errorf("the status page has %+v", set)
		}
		return nil
	})
	e.Refuse(t, e.Node, misled())
	if n := wrong.Requests(jwttest.KeysPath); n != 0 {
		t.Errorf("the set of another issuer's document was fetched %d times", n)
	}
	wrong.Discovery("https://wrong.test", wrong.URL(jwttest.KeysPath))
	rig.Within(t, 8*time.Second, func() error { return e.Send(t, e.Node, misled()).Accepted() })

	if documents, sets := right.Requests(jwttest.DiscoveryPath), right.Requests(jwttest.KeysPath); documents == 0 || documents > sets {
		t.Errorf("the document was fetched %d times, its set %d times", documents, sets)
	}
}

// Tokens with key IDs that nobody has: the issuer is asked a handful of times, and the client with a good token does
// not notice.
func manyUnknownKeyIDs(t *testing.T, e *rig.Env) {
	const requests = 10_000
	i := rig.StartKeyIssuer(t)
	i.Delay(100 * time.Millisecond)
	e.Add(t, rig.KeyApp("Storm", i.KeyRule(nil)))
	e.Accept(t, e.Node, rig.InHeader("X-Storm", rig.TokenOf(t, "A")))
	before := i.Requests("")
	polite := startStream(t, e, "X-Storm", "A")
	rig.InUse(t, polite)

	begin := time.Now()
	storm, err := load.Start(e.Node.URL+"/load/storm", http.Header{}, load.Options{
		Workers: 32, Requests: requests, Duration: time.Minute,
		Vary: func(h http.Header) { h.Set("X-Storm", strangerToken()) },
	})
	must.Succeed(t, err)
	refused := storm.Wait()
	took := time.Since(begin)
	unhurt := polite.Stop()

	if refused.Sent != requests || refused.Failed != requests || refused.First != "status 401" {
		t.Errorf("of %d requests with unknown key IDs %d were sent and %d refused, the first with %s", requests, refused.Sent, refused.Failed, refused.First)
	}
	fetches := i.Requests("") - before
	t.Logf("%d requests with unknown key IDs in %s (the slowest took %s): %d fetches", requests, took.Round(100*time.Millisecond),
		refused.Slowest.Round(time.Millisecond), fetches)
	if most := 1 + int(took/(10*time.Second)); fetches < 1 || fetches > most {
		t.Errorf("%d fetches in %s, want 1 to %d", fetches, took, most)
	}
	expectNoneRefused(t, "the polite client meanwhile", unhurt)
	if page := rig.Status(t, e.Node); page.Count("key_unknown", "", "") < requests {
		t.Errorf("%d requests are counted", page.Count("key_unknown", "", ""))
	}
	i.SetKeys(i.A, i.B) // after a storm a new key still gets in
	rig.Within(t, 12*time.Second, func() error { return e.Send(t, e.Node, rig.InHeader("X-Storm", rig.TokenOf(t, "B"))).Accepted() })
}
