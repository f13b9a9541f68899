package jwt

import (
	"crypto/elliptic"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
)

// A crowd with a new key shares one fetch, and strangers who come with it take nothing from it, be it that their tokens name
// other keys, or none.
func TestManyWaitForOneFetch(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	r.want(auth, i.a(), passes("ann"))
	r.fetched(i, 1)
	i.SetKeys(i.ka, i.kb)
	i.Delay(100 * time.Millisecond)
	var all sync.WaitGroup
	send := func(raw string, want outcome) {
		all.Add(1)
		go func() {
			defer all.Done()
			if got := ask(auth, host.Get(t, "/", "Authorization: Bearer "+raw)); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}()
	}
	honest, noKeyID, forged := i.b(), i.unnamed(jwttest.OtherECKey(elliptic.P256())), i.unnamed(jwttest.ECKey(elliptic.P256()))
	forged = forged[:len(forged)-8] + "AAAAAAAA"
	for n := range 150 {
		send(i.stranger(n), fails("key_unknown"))
		send(forged, fails("signature_invalid"))
		send(honest, passes("ann"))
		send(noKeyID, passes("ann"))
	}
	all.Wait()
	r.fetched(i, 2)
}

// unnamed is a token without a key ID.
func (i *issuer) unnamed(key any) string {
	i.t.Helper()
	return jwttest.Sign(i.t, "ES256", key, nil, object{"sub": "ann"})
}

// A token that names no key may be of a new one: the set is fetched as for a key ID that nobody has, and no more often.
func TestTokenWithoutKeyIDHasTheSetFetched(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), object{"algorithm": "ES256,RS256"}), "ann")
	r.want(auth, i.unnamed(jwttest.ECKey(elliptic.P256())), passes("ann"))
	r.fetched(i, 1)

	i.SetKeys(i.ka, i.kb)
	r.want(auth, i.unnamed(jwttest.OtherECKey(elliptic.P256())), passes("ann"))
	r.fetched(i, 2)

	forged := i.unnamed(jwttest.ECKey(elliptic.P256()))
	forged = forged[:len(forged)-8] + "AAAAAAAA"
	for range 100 {
		if got := ask(auth, withToken(t, forged)); got != fails("signature_invalid") {
			t.Fatalf("got %+v", got)
		}
	}
	r.fetched(i, 2)
	i.SetKeys(i.ka, jwttest.NewJWK("r", jwttest.RSAKey(2048))) // a key of another kind, when there was none
	r.clock.forward(10 * time.Second)                          // the forged one's fetch
	r.fetched(i, 3)
	i.SetKeys(i.ka)
	r.clock.forward(700 * time.Second)
	r.fetched(i, 4)
	i.SetKeys(i.ka, jwttest.NewJWK("r", jwttest.RSAKey(2048)))
	r.want(auth, jwttest.Sign(t, "RS256", jwttest.RSAKey(2048), nil, object{"sub": "ann"}), passes("ann"))
	r.fetched(i, 5)
}

// An issuer that is slow does not keep a request from the new key of another one.
func TestSlowIssuerDelaysNoOther(t *testing.T) {
	r := newRig(t)
	var issuers []*issuer
	var auth application.IAuth
	for n := range 4 {
		i := startIssuer(t)
		auth = r.bind(fmt.Sprint(n), fetching(i.URL(jwttest.KeysPath), nil), "ann")
		eventually(t, "the first fetch", func() bool { return i.Requests("") == 1 && r.clock.waiting() == n+1 })
		issuers = append(issuers, i)
	}
	for _, fast := range []int{0, len(issuers) - 1} {
		for n, slow := range issuers {
			slow.Delay(1500 * time.Millisecond)
			if n == fast {
				slow.Delay(0)
			}
		}
		issuers[fast].SetKeys(jwttest.NewJWK(fmt.Sprint(fast), jwttest.OtherECKey(elliptic.P256())))
		if got := ask(auth, withToken(t, issuers[fast].token(fmt.Sprint(fast), jwttest.OtherECKey(elliptic.P256())))); got != passes("ann") {
			t.Errorf("issuer %d: got %+v", fast, got)
		}
		eventually(t, "the fetches end", func() bool { return r.clock.waiting() == len(issuers) })
		r.clock.forward(10 * time.Second)
	}
}

// Applications with one URL and different schedules have one fetcher, which the status page shows once.
func TestSchedulesOfOneURL(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	for n := range 6 {
		auth := r.bind(fmt.Sprint(n), fetching(i.URL(jwttest.KeysPath), object{"jwks_refresh": 600 - 100*n, "jwks_max_stale": 3600 * (n + 1)}), "ann")
		r.want(auth, i.a(), passes("ann"))
	}
	r.fetched(i, 1)
	sets := r.factory.driver.status().KeySets
	if len(sets) != 1 || sets[0].Refresh != 100 || sets[0].MaxStale != 6*3600 || sets[0].Fetches != 1 {
		t.Errorf("the status has %+v", sets)
	}
}
