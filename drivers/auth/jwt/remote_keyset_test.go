package jwt

import (
	"crypto/elliptic"
	"fmt"
	"testing"
	"time"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
)

// issuer is a key server with two keys of ES256, a and b, of which it serves the first.
type issuer struct {
	*jwttest.KeyServer
	t      *testing.T
	ka, kb jwttest.JWK
}

func startIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{t: t, ka: jwttest.NewJWK("a", jwttest.ECKey(elliptic.P256())), kb: jwttest.NewJWK("b", jwttest.OtherECKey(elliptic.P256()))}
	i.KeyServer = jwttest.StartKeyServer(i.ka)
	t.Cleanup(i.Close)
	return i
}

// a and b are tokens of the two keys.
func (i *issuer) a() string { return i.token("a", jwttest.ECKey(elliptic.P256())) }
func (i *issuer) b() string { return i.token("b", jwttest.OtherECKey(elliptic.P256())) }

func (i *issuer) token(kid string, key any) string {
	i.t.Helper()
	return jwttest.Sign(i.t, "ES256", key, object{"kid": kid}, object{"sub": "ann"})
}

// stranger is a token whose key ID nobody has.
func (i *issuer) stranger(n int) string {
	return i.token(fmt.Sprintf("stranger %d", n), jwttest.OtherECKey(elliptic.P256()))
}

// fetched waits until the set has been fetched this often, and then for the fetchers to sleep.
func (r *rig) fetched(i *issuer, times int) {
	r.t.Helper()
	eventually(r.t, fmt.Sprintf("%d fetches (there were %d)", times, i.Requests("")), func() bool { return i.Requests("") >= times })
	eventually(r.t, "the fetcher sleeps", func() bool { return r.clock.waiting() > 0 })
	if n := i.Requests(""); n != times {
		r.t.Errorf("%d fetches, want %d", n, times)
	}
}

func TestFetchedKeySet(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	ctx := r.want(auth, i.a(), passes("ann")) // the first request waits for the first fetch
	if ctx.GetLabel(LabelKeyID) != "a" {
		t.Errorf("labels %v", ctx.Labels())
	}
	r.fetched(i, 1)
}

// The set may arrive at any moment of the first request, which causes no other fetch.
func TestFirstRequest(t *testing.T) {
	i := startIssuer(t)
	const times = 200
	for n := range times {
		r := newRig(t)
		auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
		time.Sleep(time.Duration(n%40) * 20 * time.Microsecond)
		if got := ask(auth, withToken(t, i.a())); got != passes("ann") {
			t.Fatalf("time %d: got %+v", n, got)
		}
	}
	if n := i.Requests(""); n != times {
		t.Errorf("%d fetches by %d gateways", n, times)
	}
}

// Checking a configuration fetches nothing, nor does binding one in a process that serves no requests.
func TestConfigurationIsPure(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	for range 3 {
		auth, err := r.create(fetching(i.URL(jwttest.KeysPath), nil))
		must.Succeed(t, err)
		must.Succeed(t, auth.Check("a", nil))
	}
	admin := &rig{t: t, factory: factoryWith(clockOf(time.Now), nil), clock: r.clock}
	admin.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	admin.want(admin.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann"), i.a(), fails("keys_unavailable"))
	if n := len(admin.factory.driver.status().KeySets); n != 0 {
		t.Errorf("%d key sets in a process without any", n)
	}
	time.Sleep(50 * time.Millisecond)
	if n := i.Requests(""); n != 0 || r.clock.waiting() != 0 {
		t.Errorf("%d fetches", n)
	}
}

// However many applications use a URL, one fetcher asks it, as long as there is one of them.
func TestManyApplicationsOneFetcher(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	url := i.URL(jwttest.KeysPath)
	type bound struct {
		app  string
		auth application.IAuth
	}
	var all []bound
	for n := range 40 {
		rule := fetching(url, object{
			"algorithm": []string{"ES256", "ES256,ES384", "RS256,ES256"}[n%3], "leeway": n, "cookie_name": []string{"", "sid"}[n%2],
		})
		auth, err := r.create(rule)
		must.Succeed(t, err)
		app := fmt.Sprintf("app %d", n)
		r.set(app, auth, "ann")
		all = append(all, bound{app, auth})
	}
	eventually(t, "the key is there", func() bool { return ask(all[0].auth, withToken(t, i.a())) == passes("ann") })
	if n := len(all[0].auth.(*authenticator).driver.status().KeySets); n != 3 { // as three selections of algorithms see it
		t.Errorf("%d key sets are shown", n)
	}
	r.fetched(i, 1)
	r.clock.forward(700 * time.Second)
	r.fetched(i, 2)

	for _, one := range all[1:] {
		one.auth.Del(one.app)
	}
	r.clock.forward(700 * time.Second)
	r.fetched(i, 3)
	all[0].auth.Del(all[0].app)
	eventually(t, "the fetcher ends", func() bool { return r.clock.waiting() == 0 })
	r.clock.forward(2000 * time.Second)
	time.Sleep(50 * time.Millisecond)
	if n := i.Requests(""); n != 3 {
		t.Errorf("%d fetches, the last without an application", n)
	}
	if sets := r.factory.driver.status().KeySets; len(sets) != 0 {
		t.Errorf("key sets %+v", sets)
	}
}

// An application that is changed goes on with the set that it has, and no token is refused meanwhile.
func TestChangedApplicationKeepsTheSet(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	url := i.URL(jwttest.KeysPath)
	auth := r.bind("a", fetching(url, nil), "ann")
	r.want(auth, i.a(), passes("ann"))
	r.fetched(i, 1)
	i.Down()
	for n, fields := range []object{{"leeway": 1}, {"jwks_refresh": 60}, {"algorithm": "ES256,ES384"}, {"jwks_max_stale": 3600}, {"jwks_allow_http": true}, nil} {
		auth = r.bind("a", fetching(url, fields), "ann")
		if got := ask(auth, withToken(t, i.a())); got != passes("ann") {
			t.Errorf("change %d: %+v", n, got)
		}
	}
}

// Issuers are apart: one's keys make no tokens of another's.
func TestIssuersAreApart(t *testing.T) {
	red, blue, r := startIssuer(t), startIssuer(t), newRig(t)
	blue.SetKeys(jwttest.NewJWK("a", jwttest.OtherECKey(elliptic.P256()))) // the same ID, another key
	auths := map[string]application.IAuth{
		"red":  r.bind("red app", fetching(red.URL(jwttest.KeysPath), object{"iss": "red"}), "ann"),
		"blue": r.bind("blue app", fetching(blue.URL(jwttest.KeysPath), object{"iss": "blue"}), "ann"),
	}
	for name, key := range map[string]any{"red": jwttest.ECKey(elliptic.P256()), "blue": jwttest.OtherECKey(elliptic.P256())} {
		for issuer, auth := range auths {
			raw := jwttest.Sign(t, "ES256", key, object{"kid": "a"}, object{"sub": "ann", "iss": issuer})
			want := fails("signature_invalid")
			if issuer == name {
				want = passes("ann")
			}
			r.want(auth, raw, want)
		}
	}
}

func TestDiscoveryOfAKeySet(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	i.Discovery("https://issuer.test", i.URL(jwttest.KeysPath))
	right := r.bind("right", fetching(i.URL(jwttest.DiscoveryPath), object{"iss": "https://issuer.test"}), "ann")
	wrong := r.bind("wrong", fetching(i.URL(jwttest.DiscoveryPath), object{"iss": "https://issuer.test/"}), "ann")
	token := func(issuer string) string {
		return jwttest.Sign(t, "ES256", jwttest.ECKey(elliptic.P256()), object{"kid": "a"}, object{"sub": "ann", "iss": issuer})
	}
	r.want(right, token("https://issuer.test"), passes("ann"))
	r.want(wrong, token("https://issuer.test/"), fails("keys_unavailable"))
	if n := i.Requests(jwttest.KeysPath); n != 1 {
		t.Errorf("the set was fetched %d times", n)
	}
	// When the document is of the other issuer, its tokens are good, and those of the first one still.
	i.Discovery("https://issuer.test/", i.URL(jwttest.KeysPath))
	eventually(t, "the fetcher sleeps", func() bool { return r.clock.waiting() == 1 })
	r.clock.forward(700 * time.Second)
	eventually(t, "the keys of the other issuer", func() bool {
		return ask(wrong, withToken(t, token("https://issuer.test/"))) == passes("ann")
	})
	r.want(right, token("https://issuer.test"), passes("ann"))
	for _, set := range r.factory.driver.status().KeySets {
		if len(set.Keys) != 1 {
			t.Errorf("status %+v", set)
		}
	}
}
