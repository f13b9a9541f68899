package jwt

import (
	"fmt"
	"testing"
	"time"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/jwttest"
)

// A request waits for half a second at most, whatever the issuers do and however many they are.
func TestWaitIsBounded(t *testing.T) {
	r := newRig(t)
	var last application.IAuth
	var first *issuer
	for n := range 4 {
		i := startIssuer(t)
		i.Delay(3 * time.Second)
		if last = r.bind(fmt.Sprint(n), fetching(i.URL(jwttest.KeysPath), nil), "ann"); first == nil {
			first = i
		}
	}
	start := time.Now()
	if got := ask(last, withToken(t, first.a())); got != fails("keys_unavailable") {
		t.Errorf("got %+v", got)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("it took %s, for four issuers of which each may hold up a request for 500 ms", took)
	}
}

func TestIssuerThatWasNeverThere(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	i.Down()
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	ctx := r.want(auth, i.a(), fails("keys_unavailable"))
	if ctx.GetLabel(LabelKeyID) != "a" || len(ctx.GetLabel(LabelFingerprint)) != len("sha256:")+16 {
		t.Errorf("labels %v", ctx.Labels())
	}
	i.Up()
	eventually(t, "the fetcher sleeps", func() bool { return r.clock.waiting() > 0 })
	r.clock.forward(3 * time.Second) // the tries again are after 1, 2, 4, … seconds, ±10 %
	eventually(t, "the key is there", func() bool { return ask(auth, withToken(t, i.a())) == passes("ann") })
}

func TestIssuerThatGoesBad(t *testing.T) {
	other := startIssuer(t)
	for name, turn := range map[string]func(i *issuer){
		"down":                     func(i *issuer) { i.Down() },
		"500":                      func(i *issuer) { i.Fail(500) },
		"404":                      func(i *issuer) { i.Fail(404) },
		"garbage":                  func(i *issuer) { i.SetBody("<html>") },
		"empty":                    func(i *issuer) { i.SetKeys() },
		"a private key":            func(i *issuer) { i.SetKeys(i.ka.With("d", "AAAA")) },
		"too large":                func(i *issuer) { i.Oversize(1<<20 + 1) },
		"redirect to another host": func(i *issuer) { i.Redirect(other.URL(jwttest.MovedPath)) },
		"redirect to itself":       func(i *issuer) { i.Redirect(i.URL(jwttest.KeysPath)) },
	} {
		t.Run(name, func(t *testing.T) {
			i, r := startIssuer(t), newRig(t)
			auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), object{"jwks_max_stale": 60}), "ann")
			r.want(auth, i.a(), passes("ann"))
			r.fetched(i, 1)
			turn(i)
			r.clock.forward(50 * time.Second)
			eventually(t, "a failure", func() bool { return r.factory.driver.status().KeySets[0].Failures > 0 })
			r.want(auth, i.a(), passes("ann"))
			if set := r.factory.driver.status().KeySets[0]; set.LastError == "" || len(set.Keys) != 1 {
				t.Errorf("status %+v", set)
			}
			r.clock.forward(11 * time.Second) // beyond jwks_max_stale
			eventually(t, "the keys are given up", func() bool { return ask(auth, withToken(t, i.a())) == fails("keys_unavailable") })
		})
	}
	if n := other.Requests(""); n != 0 {
		t.Errorf("a redirect led to %d requests elsewhere", n)
	}
}
