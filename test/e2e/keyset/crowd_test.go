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

// The crowd of the issue: 150 with a new key at once, 350 ms for the fetch, and strangers before them and among them. Nobody
// honest is refused, and there is one fetch.
func TestCrowdWithANewKey(t *testing.T) {
	e := rig.Shared(t)
	for _, strangers := range []int{1, 150, 300} {
		t.Run(fmt.Sprint(strangers), func(t *testing.T) {
			i := rig.StartKeyIssuer(t)
			name := fmt.Sprintf("Acccrowd-%d", strangers)
			e.Add(t, rig.KeyApp(name, i.KeyRule(nil)))
			e.Accept(t, e.Node, rig.InHeader("X-"+name, rig.TokenOf(t, "A")))
			i.SetKeys(i.A, i.B)
			i.Delay(350 * time.Millisecond)
			start := func(n int, token func() string) *load.Run {
				tokens := make(chan string, n) // signing takes its time
				for range n {
					tokens <- token()
				}
				run, err := load.Start(e.Node.URL+"/load/acccrowd", http.Header{}, load.Options{
					Workers: n, Requests: n, Duration: time.Minute, Vary: func(h http.Header) { h.Set("X-"+name, <-tokens) },
				})
				if err != nil {
					t.Fatal(err)
				}
				return run
			}
			before := i.Requests("")
			hostile := start(strangers, func() string {
				return jwttest.Sign(t, "ES256", jwttest.OtherECKey(elliptic.P256()), rig.Object{"kid": fmt.Sprint("s", rig.TokenNumber.Add(1))}, rig.Claims{"sub": "ann"})
			})
			honest := start(150, func() string { return rig.TokenOf(t, "B") }).Wait()
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
func TestOneDeadlineForAllKeySets(t *testing.T) {
	e := rig.Shared(t)
	app := gateway.App{Name: "accdeadline", Driver: "app"}
	var issuers []*rig.KeyIssuer
	for n, place := range [][2]string{{"header", "X-Accdl"}, {"header", "X-Accdl2"}, {"query", "accdl"}, {"body", "accdl"}} {
		i := rig.StartKeyIssuer(t)
		issuers = append(issuers, i)
		app.Auth = append(app.Auth, gateway.Auth{
			Type: "jwt", Position: place[0], TokenName: place[1], Users: []gateway.User{{Name: "ann"}},
			Config: i.KeyRule(gateway.Rule{"cookie_name": fmt.Sprint("accdl", n)}),
		})
	}
	e.Add(t, app)
	e.Accept(t, e.Node, rig.InHeader("X-Accdl", rig.TokenOf(t, "A")))
	e.Accept(t, e.Node, rig.InQuery("accdl", rig.TokenOf(t, "A")))
	for _, i := range issuers {
		i.Delay(3 * time.Second)
	}
	done := make(chan bool)
	go func() { // an operator who saves again and again
		defer close(done)
		for n := range 8 {
			other := rig.KeyApp("Accother", gateway.Rule{"algorithm": "HS256", "secret": rig.FilterSecret(fmt.Sprint(n)), "path": "sub"})
			if n == 0 {
				_ = e.Node.Create(t.Context(), other)
			} else {
				_ = e.Node.Replace(t.Context(), other)
			}
		}
		_, _ = e.Node.Call(t.Context(), http.MethodDelete, "/api/app/Accother", nil)
	}()
	for n := range 4 {
		token := jwttest.Sign(t, "ES256", jwttest.OtherECKey(elliptic.P256()), rig.Object{"kid": fmt.Sprint("new", n)}, rig.Claims{"sub": "ann"})
		c := rig.Call{
			Header: http.Header{"X-Accdl": {token}, "X-Accdl2": {token}, "Content-Type": {"application/x-www-form-urlencoded"}, "Cookie": {fmt.Sprintf("accdl0=%s; accdl1=%s; accdl2=%s", token, token, token)}},
			Query:  map[string][]string{"accdl": {token}}, Body: []byte("accdl=" + token),
		}
		start := time.Now()
		e.Refuse(t, e.Node, c)
		took := time.Since(start)
		t.Logf("took %s", took)
		if took > 900*time.Millisecond {
			t.Errorf("took %s, half a second is the most that a request waits", took)
		}
	}
	<-done
}
