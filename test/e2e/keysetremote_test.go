package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/load"
)

// TestKeySets has a gateway of its own, on which its parts run at once: they spend their time waiting.
func TestKeySets(t *testing.T) {
	t.Parallel()
	e := ownEnv(t)
	t.Run("parts", func(t *testing.T) {
		for name, part := range map[string]func(*testing.T, *env){
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
func manyApplications(t *testing.T, e *env) {
	i := startKeyIssuer(t)
	apps := make([]gateway.App, 15)
	for n := range apps {
		apps[n] = keyApp(fmt.Sprintf("Many-%d", n), i.keyRule(gateway.Rule{"leeway": n}))
		e.add(t, apps[n])
	}
	for n := range apps {
		e.accept(t, e.node, inHeader(fmt.Sprintf("X-Many-%d", n), tokenOf(t, "A")))
	}
	for n := range 3 {
		e.replace(t, keyApp("Many-0", i.keyRule(gateway.Rule{"leeway": 100 + n})))
	}
	e.accept(t, e.node, inHeader("X-Many-0", tokenOf(t, "A")))
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
func noApplication(t *testing.T, e *env) {
	i := startKeyIssuer(t)
	app := keyApp("Gone", i.keyRule(gateway.Rule{"jwks_refresh": 5}))
	e.add(t, app)
	e.accept(t, e.node, inHeader("X-Gone", tokenOf(t, "A")))
	within(t, 7*time.Second, func() error {
		if n := i.Requests(""); n < 2 {
			return fmt.Errorf("%d fetches, a second one should come after 5 s", n)
		}
		return nil
	})
	if err := e.node.Delete(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	within(t, settle, func() error { return e.send(t, e.node, inHeader("X-Gone", tokenOf(t, "A"))).refused() })
	before := i.Requests("")
	time.Sleep(6 * time.Second)
	if after := i.Requests(""); after != before {
		t.Errorf("%d fetches after the last application was gone", after-before)
	}
	if set := i.keySet(t, e.node); set.URL != "" {
		t.Errorf("the status page has %+v", set)
	}
}

// turns are the ways in which an issuer goes bad, and what the status page says of it.
func turns(elsewhere *keyIssuer) map[string]struct {
	turn func(i *keyIssuer)
	says string
} {
	return map[string]struct {
		turn func(i *keyIssuer)
		says string
	}{
		"Down":      {func(i *keyIssuer) { i.Down() }, "refused"},
		"Fails":     {func(i *keyIssuer) { i.Fail(http.StatusInternalServerError) }, "500"},
		"Garbage":   {func(i *keyIssuer) { i.SetBody("<html>we are busy</html>") }, "not a JWK Set"},
		"Empty":     {func(i *keyIssuer) { i.SetKeys() }, "no usable key"},
		"Private":   {func(i *keyIssuer) { i.SetKeys(i.a.With("d", "c2VjcmV0")) }, "private key"},
		"Oversize":  {func(i *keyIssuer) { i.Oversize(1<<20 + 1) }, "too large"},
		"Elsewhere": {func(i *keyIssuer) { i.Redirect(elsewhere.URL(jwttest.MovedPath)) }, "redirect"},
		"Loop":      {func(i *keyIssuer) { i.Redirect(i.URL(jwttest.KeysPath)) }, "redirect"},
		"Slow":      {func(i *keyIssuer) { i.Delay(8 * time.Second) }, "deadline"},
	}
}

// The last good set is used, whatever the issuer does; requests wait for it half a second at most.
func issuersThatGoBad(t *testing.T, e *env) {
	elsewhere := startKeyIssuer(t)
	all := turns(elsewhere)
	issuers := map[string]*keyIssuer{}
	for name := range all {
		issuers[name] = startKeyIssuer(t)
		e.add(t, keyApp("Turn-"+name, issuers[name].keyRule(gateway.Rule{"jwks_refresh": 5})))
	}
	for name, turn := range all {
		e.accept(t, e.node, inHeader("X-Turn-"+name, tokenOf(t, "A")))
		turn.turn(issuers[name])
	}
	for name, turn := range all {
		within(t, 14*time.Second, func() error { // a refresh interval, and the timeout of the slow one
			if set := issuers[name].keySet(t, e.node); set.Failures == 0 || !contains(set.LastError, turn.says) || len(set.Keys) != 1 {
				return fmt.Errorf("%s: the status page has %+v, want %q", name, set, turn.says)
			}
			return nil
		})
		if err := e.send(t, e.node, inHeader("X-Turn-"+name, tokenOf(t, "A"))).accepted(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		begin := time.Now()
		e.refuse(t, e.node, inHeader("X-Turn-"+name, tokenOf(t, "B")))
		if took := time.Since(begin); took > 2*time.Second { // 500 ms, and a busy machine
			t.Errorf("%s: the answer to an unknown key ID took %s", name, took)
		}
	}
	if n := elsewhere.Requests(""); n != 0 {
		t.Errorf("a redirect led to %d requests to another host", n)
	}
}

// An issuer that never was good has no keys; when it becomes good, its tokens are accepted soon.
func issuersThatAreBad(t *testing.T, e *env) {
	elsewhere := startKeyIssuer(t)
	all := turns(elsewhere)
	delete(all, "Slow") // 5 s each time
	issuers := map[string]*keyIssuer{}
	for name, turn := range all {
		issuers[name] = startKeyIssuer(t)
		turn.turn(issuers[name])
		e.add(t, keyApp("Bad-"+name, issuers[name].keyRule(gateway.Rule{"jwks_refresh": 5})))
	}
	for name, turn := range all {
		within(t, 5*time.Second, func() error {
			if set := issuers[name].keySet(t, e.node); set.Failures == 0 || !contains(set.LastError, turn.says) || len(set.Keys) != 0 {
				return fmt.Errorf("%s: the status page has %+v, want %q", name, set, turn.says)
			}
			return nil
		})
		e.refuse(t, e.node, inHeader("X-Bad-"+name, tokenOf(t, "A")))
	}
	if page := status(t, e.node); page.count("keys_unavailable", "", "") < len(all) {
		t.Errorf("the status page counts %+v", page.Requests)
	}
	for name, i := range issuers {
		if name == "Down" {
			i.Up()
		}
		i.Fail(http.StatusOK)
		i.Redirect("")
		i.SetKeys(i.a)
	}
	for name := range all { // it is tried again after 1, 2, 4, 5 s
		within(t, 12*time.Second, func() error {
			return e.send(t, e.node, inHeader("X-Bad-"+name, tokenOf(t, "A"))).accepted()
		})
	}
	if n := elsewhere.Requests(""); n != 0 {
		t.Errorf("a redirect led to %d requests to another host", n)
	}
}

func issuerWithCA(t *testing.T, e *env) {
	key := startKeyIssuer(t).a
	secure := &keyIssuer{KeyServer: jwttest.StartTLSKeyServer(key), a: key}
	t.Cleanup(secure.Close)
	e.add(t, keyApp("Ca", secure.keyRule(gateway.Rule{"jwks_ca": secure.CA(), "iss": "ca"})))
	e.add(t, keyApp("No-Ca", secure.keyRule(gateway.Rule{"iss": "no-ca"})))
	e.accept(t, e.node, inHeader("X-Ca", tokenOf(t, "A", claims{"iss": "ca"})))
	e.refuse(t, e.node, inHeader("X-No-Ca", tokenOf(t, "A", claims{"iss": "no-ca"})))
	if n := secure.Requests(""); n != 1 {
		t.Errorf("%d requests, want the one that trusts the certificate", n)
	}
}

// The key set is found by the issuer's discovery document, which must be that of the configured issuer.
func discovery(t *testing.T, e *env) {
	right, wrong := startKeyIssuer(t), startKeyIssuer(t)
	right.Discovery("https://right.test", right.URL(jwttest.KeysPath))
	wrong.Discovery("https://right.test", wrong.URL(jwttest.KeysPath))
	rule := func(i *keyIssuer, issuer string) gateway.Rule {
		return i.keyRule(gateway.Rule{"jwks_uri": i.URL(jwttest.DiscoveryPath), "iss": issuer, "jwks_refresh": 5})
	}
	e.add(t, keyApp("Discovered", rule(right, "https://right.test")))
	e.add(t, keyApp("Misled", rule(wrong, "https://wrong.test")))
	e.accept(t, e.node, inHeader("X-Discovered", tokenOf(t, "A", claims{"iss": "https://right.test"})))
	misled := func() call { return inHeader("X-Misled", tokenOf(t, "A", claims{"iss": "https://wrong.test"})) }
	within(t, 5*time.Second, func() error {
		if set := wrong.keySet(t, e.node); !contains(set.LastError, "another issuer") {
			return fmt.Errorf("the status page has %+v", set)
		}
		return nil
	})
	e.refuse(t, e.node, misled())
	if n := wrong.Requests(jwttest.KeysPath); n != 0 {
		t.Errorf("the set of another issuer's document was fetched %d times", n)
	}
	wrong.Discovery("https://wrong.test", wrong.URL(jwttest.KeysPath))
	within(t, 8*time.Second, func() error { return e.send(t, e.node, misled()).accepted() })

	if documents, sets := right.Requests(jwttest.DiscoveryPath), right.Requests(jwttest.KeysPath); documents == 0 || documents > sets {
		t.Errorf("the document was fetched %d times, its set %d times", documents, sets)
	}
}

// Tokens with key IDs that nobody has: the issuer is asked a handful of times, and the client with a good token does
// not notice.
func manyUnknownKeyIDs(t *testing.T, e *env) {
	const requests = 10_000
	i := startKeyIssuer(t)
	i.Delay(100 * time.Millisecond)
	e.add(t, keyApp("Storm", i.keyRule(nil)))
	e.accept(t, e.node, inHeader("X-Storm", tokenOf(t, "A")))
	before := i.Requests("")
	polite := e.stream(t, "X-Storm", "A")
	inUse(t, polite)

	begin := time.Now()
	storm, err := load.Start(e.node.URL+"/load/storm", http.Header{}, load.Options{
		Workers: 32, Requests: requests, Duration: time.Minute,
		Vary: func(h http.Header) { h.Set("X-Storm", strangerToken()) },
	})
	if err != nil {
		t.Fatal(err)
	}
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
	if page := status(t, e.node); page.count("key_unknown", "", "") < requests {
		t.Errorf("%d requests are counted", page.count("key_unknown", "", ""))
	}
	i.SetKeys(i.a, i.b) // after a storm a new key still gets in
	within(t, 12*time.Second, func() error { return e.send(t, e.node, inHeader("X-Storm", tokenOf(t, "B"))).accepted() })
}
