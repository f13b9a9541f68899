package e2e

import (
	"crypto/elliptic"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/load"
)

// The crowd of the issue: 150 with a new key at once, 350 ms for the fetch, and strangers before them and among them. Nobody
// honest is refused, and there is one fetch.
func TestAcceptanceCrowd(t *testing.T) {
	e := shared.get(t)
	for _, strangers := range []int{1, 150, 300} {
		t.Run(fmt.Sprint(strangers), func(t *testing.T) {
			i := startKeyIssuer(t)
			name := fmt.Sprintf("Acccrowd-%d", strangers)
			e.add(t, keyApp(name, i.keyRule(nil)))
			e.accept(t, e.node, inHeader("X-"+name, tokenOf(t, "A")))
			i.SetKeys(i.a, i.b)
			i.Delay(350 * time.Millisecond)
			start := func(n int, token func() string) *load.Run {
				tokens := make(chan string, n) // signing takes its time
				for range n {
					tokens <- token()
				}
				run, err := load.Start(e.node.URL+"/load/acccrowd", http.Header{}, load.Options{
					Workers: n, Requests: n, Duration: time.Minute, Vary: func(h http.Header) { h.Set("X-"+name, <-tokens) },
				})
				if err != nil {
					t.Fatal(err)
				}
				return run
			}
			before := i.Requests("")
			hostile := start(strangers, func() string {
				return jwttest.Sign(t, "ES256", jwttest.OtherECKey(elliptic.P256()), object{"kid": fmt.Sprint("s", tokenNumber.Add(1))}, claims{"sub": "ann"})
			})
			honest := start(150, func() string { return tokenOf(t, "B") }).Wait()
			refused := hostile.Wait()
			t.Logf("%d honest, slowest %s, %d failed; %d strangers, slowest %s", honest.Sent, honest.Slowest, honest.Failed, refused.Sent, refused.Slowest)
			if honest.Failed > 0 || honest.Sent != 150 {
				t.Errorf("%d of %d honest requests failed, the first with %s", honest.Failed, honest.Sent, honest.First)
			}
			if refused.Failed != strangers {
				t.Errorf("%d of %d strangers failed", refused.Failed, refused.Sent)
			}
			if n := i.Requests("") - before; n != 1 {
				t.Errorf("%d fetches, want 1", n)
			}
		})
	}
}

// One request, four places with slow key sets of their own, all of which a token has to wait for: half a second in all, though
// the rules change meanwhile.
func TestAcceptanceOneDeadline(t *testing.T) {
	e := shared.get(t)
	app := gateway.App{Name: "accdeadline", Driver: "app"}
	var issuers []*keyIssuer
	for n, place := range [][2]string{{"header", "X-Accdl"}, {"header", "X-Accdl2"}, {"query", "accdl"}, {"body", "accdl"}} {
		i := startKeyIssuer(t)
		issuers = append(issuers, i)
		app.Auth = append(app.Auth, gateway.Auth{
			Type: "jwt", Position: place[0], TokenName: place[1], Users: []gateway.User{{Name: "ann"}},
			Config: i.keyRule(gateway.Rule{"cookie_name": fmt.Sprint("accdl", n)}),
		})
	}
	e.add(t, app)
	e.accept(t, e.node, inHeader("X-Accdl", tokenOf(t, "A")))
	e.accept(t, e.node, inQuery("accdl", tokenOf(t, "A")))
	for _, i := range issuers {
		i.Delay(3 * time.Second)
	}
	done := make(chan bool)
	go func() { // an operator who saves again and again
		defer close(done)
		for n := range 8 {
			other := keyApp("Accother", gateway.Rule{"algorithm": "HS256", "secret": filterSecret(fmt.Sprint(n)), "path": "sub"})
			if n == 0 {
				_ = e.node.Create(t.Context(), other)
			} else {
				_ = e.node.Replace(t.Context(), other)
			}
		}
		_, _ = e.node.Call(t.Context(), http.MethodDelete, "/api/app/Accother", nil)
	}()
	for n := range 4 {
		token := jwttest.Sign(t, "ES256", jwttest.OtherECKey(elliptic.P256()), object{"kid": fmt.Sprint("new", n)}, claims{"sub": "ann"})
		c := call{
			header: http.Header{"X-Accdl": {token}, "X-Accdl2": {token}, "Content-Type": {"application/x-www-form-urlencoded"}, "Cookie": {fmt.Sprintf("accdl0=%s; accdl1=%s; accdl2=%s", token, token, token)}},
			query:  map[string][]string{"accdl": {token}}, body: []byte("accdl=" + token),
		}
		start := time.Now()
		e.refuse(t, e.node, c)
		took := time.Since(start)
		t.Logf("took %s", took)
		if took > 900*time.Millisecond {
			t.Errorf("took %s, half a second is the most that a request waits", took)
		}
	}
	<-done
}

// Names of headers are the same in any case (RFC 9110 §5.1), those of cookies and query parameters are not.
func TestAcceptanceNamesInMixedCase(t *testing.T) {
	e := sharedFilterEnv(t)
	app := filterApp("acccase")
	app.Auth[0].TokenName, app.Auth[0].Config["cookie_name"] = "x_aCC-cASE", "AcC_cAsE"
	query := app.Auth[0]
	query.Position, query.TokenName = "query", "AccCase"
	app.Auth = append(app.Auth, query)
	e.add(t, app)
	e.mustPut(t, withFilter("a-case", map[string]any{"claims_to_headers": map[string]any{"sub": "x-AcC-uSER"}}, true))
	e.mustPut(t, route{name: "a-case-app", plugins: map[string]any{}})
	token := filterToken(t, "acccase", nil)
	e.settles(t, "a-case", inQuery("AccCase", token), "upstream")
	e.settles(t, "a-case-app", inQuery("AccCase", token), "upstream")
	for _, test := range []struct {
		c    call
		good bool
	}{
		{inHeader("X_ACC-CASE", token), true},
		{inHeader("x_acc-case", token), true},
		{inHeader("x_aCC-cASE", "bEaReR "+token), true},
		{inHeader("Cookie", "AcC_cAsE="+token), true},
		{inHeader("cookie", "a=b; AcC_cAsE="+token), true},
		{inHeader("COOKIE", "AcC_cAsE="+token+";"), true},
		{inHeader("Cookie", "acc_case="+token), false},
		{inHeader("Cookie", "ACC_CASE="+token), false},
		{inQuery("acccase", token), false},
		{inQuery("ACCCASE", token), false},
	} {
		c := test.c.and(call{header: http.Header{"X-ACC-USER": {"eve"}, "x_acc_user": {"eve"}}})
		for _, where := range []string{"a-case", "a-case-app"} {
			got := e.on(t, where, c)
			if (got.said() == "upstream") != test.good {
				t.Errorf("%s: %v %v: %s", where, c.header, c.query, got.said())
				continue
			}
			if len(got.seen) == 0 {
				continue
			}
			text := got.seen[0].Text()
			if strings.Contains(text, token) {
				t.Errorf("%s: not hidden:\n%s", where, text)
			}
			if where == "a-case" && (strings.Contains(text, "eve") || got.seen[0].Header.Get("X-Acc-User") != "ann") {
				t.Errorf("the upstream got\n%s", text)
			}
		}
	}
}

// What an observing filter must refuse all the same, and what it lets pass has none of our headers.
func TestAcceptanceObserve(t *testing.T) {
	e := sharedFilterEnv(t)
	params := filterApp("accparams")
	params.Auth[0].TokenName = "X-Accparams"
	if _, err := e.node.Call(t.Context(), http.MethodPost, "/api/app", withParameters(params)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = e.node.Call(t.Context(), http.MethodDelete, "/api/app/accparams", nil) })
	config := map[string]any{"mode": "observe", "claims_to_headers": map[string]any{"sub": "X-User"}}
	e.mustPut(t, withFilter("a-observe", config, true))
	e.mustPut(t, withFilter("a-observe-app", config, false))
	token, shop, forged := filterToken(t, "accparams", nil), filterToken(t, "shop", nil), filterToken(t, "nobody", nil)
	for _, where := range []string{"a-observe", "a-observe-app"} {
		e.settles(t, where, inHeader("X-Accparams", token), "upstream")
		for _, value := range []string{"t2", "", "t1"} { // "error": that it is there is the conflict
			got := e.on(t, where, call{header: http.Header{"x-accparams": {token}, "x-TENANT": {value}}})
			t.Logf("%s, X-Tenant %q: %s", where, value, got.said())
			if value == "t2" && got.said() != "401 params_refused" {
				t.Errorf("%s: a contradicting parameter: %s", where, got.said())
			}
		}
	}
	for name, c := range map[string]call{
		"none": {}, "forged": bearer(forged), "two tokens": bearer(shop).and(inHeader("X-Accparams", token)), "odd": bearer("a..b"),
	} {
		c.header = c.and(inHeader("X-User", "eve")).header
		alone, app := e.on(t, "a-observe", c), e.on(t, "a-observe-app", c)
		if alone.said() != "upstream" || app.status != 401 || len(app.seen) > 0 {
			t.Errorf("%s: alone %s, before app %s", name, alone.said(), app.said())
			continue
		}
		if text := alone.seen[0].Text(); strings.Contains(text, "eve") || alone.seen[0].Header.Get("X-User") != "" {
			t.Errorf("%s: the upstream got\n%s", name, text)
		}
	}
}
