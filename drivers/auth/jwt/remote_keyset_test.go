package jwt

import (
	"crypto/elliptic"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/jwttest"
	"apinto-jwt/keys/remote"
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
		if err != nil {
			t.Fatal(err)
		}
		if err := auth.Check("a", nil); err != nil {
			t.Fatal(err)
		}
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

func TestUnknownKeyIDIsFetchedOnce(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	r.want(auth, i.a(), passes("ann"))
	r.fetched(i, 1)

	i.SetKeys(i.ka, i.kb)
	r.want(auth, i.b(), passes("ann"))
	r.want(auth, i.a(), passes("ann"))
	r.fetched(i, 2)

	for n := range 200 {
		if got := ask(auth, withToken(t, i.stranger(n))); got != fails("key_unknown") {
			t.Fatalf("got %+v", got)
		}
	}
	r.fetched(i, 2)
	r.clock.forward(10 * time.Second) // who came too soon has the next fetch made when it may be
	r.fetched(i, 3)
	r.clock.forward(9 * time.Second)
	for n := range 200 {
		ask(auth, withToken(t, i.stranger(n)))
	}
	r.fetched(i, 3)
	r.want(auth, i.a(), passes("ann"))
	r.want(auth, i.b(), passes("ann"))
}

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
		if err != nil {
			t.Fatal(err)
		}
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

// A key that the issuer takes back is refused, also for a token that was accepted before and is remembered; and what
// it brings back is accepted again at once.
func TestKeyIsTakenBack(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	i.SetKeys(i.ka, i.kb)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	a, b := i.a(), i.b()
	r.want(auth, a, passes("ann"))
	r.want(auth, b, passes("ann"))
	r.fetched(i, 1)
	i.SetKeys(i.kb)
	r.clock.forward(700 * time.Second)
	r.fetched(i, 2)
	eventually(t, "the key is gone", func() bool { return ask(auth, withToken(t, a)) == fails("key_unknown") })
	ctx := r.want(auth, a, fails("key_unknown"))
	if ctx.GetLabel(LabelKeyID) != "a" || ctx.GetLabel(LabelFingerprint) == "" {
		t.Errorf("labels %v", ctx.Labels())
	}
	r.want(auth, b, passes("ann"))
	r.want(auth, i.a(), fails("key_unknown")) // another token of the key
	i.SetKeys(i.ka, i.kb)
	r.clock.forward(10 * time.Second)
	eventually(t, "a fetch for the token", func() bool { return ask(auth, withToken(t, a)) == passes("ann") })
	r.want(auth, a, passes("ann"))
}

// One remembered token is enough to have a key fetched that is back.
func TestRememberedTokenHasItsKeyFetched(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	i.SetKeys(i.ka, i.kb)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	b := i.b()
	r.want(auth, b, passes("ann"))
	r.fetched(i, 1)
	i.SetKeys(i.ka)
	r.clock.forward(700 * time.Second)
	r.fetched(i, 2)
	i.SetKeys(i.ka, i.kb)
	r.want(auth, b, passes("ann"))
	r.fetched(i, 3)
}

// A key set may have a key without an ID, which is tried for every ID: an ID that the set does not have is unknown all
// the same.
func TestUnknownKeyIDBesideAKeyWithoutID(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	old := i.ka.Without("kid")
	i.SetKeys(old)
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	r.want(auth, i.a(), passes("ann"))
	r.fetched(i, 1)
	i.SetKeys(old, i.kb)
	r.want(auth, i.b(), passes("ann"))
	r.fetched(i, 2)
}

// What a fixed key says of a token does not keep a new key from being fetched.
func TestUnknownKeyIDBesideAFixedKey(t *testing.T) {
	i, r := startIssuer(t), newRig(t)
	r.bind("fixed", object{"algorithm": "ES256", "rsa_public_key": jwttest.PublicPEM(jwttest.ECKey(elliptic.P256())), "path": "sub"}, "bob")
	auth := r.bind("a", fetching(i.URL(jwttest.KeysPath), nil), "ann")
	eventually(t, "the first fetch", func() bool { return i.Requests("") == 1 && r.clock.waiting() > 0 })
	i.SetKeys(i.kb)
	r.want(auth, i.b(), passes("ann"))
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

// The last good set survives the process, and a secret does not.
func TestSetOnDisk(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	i := startIssuer(t)
	rule := fetching(i.URL(jwttest.KeysPath), object{"algorithm": "ES256,HS256"})
	before := newRigWith(t, remote.Options{Dir: dir})
	before.want(before.bind("a", rule, "ann"), i.a(), passes("ann"))
	eventually(t, "a file", func() bool { return len(files(t, dir)) == 1 })
	i.Down()

	after := newRigWith(t, remote.Options{Dir: dir})
	auth := after.bind("a", rule, "ann")
	after.want(auth, i.a(), passes("ann"))
	if set := after.factory.driver.status().KeySets[0]; !set.FromDisk || set.LastSuccess.IsZero() {
		t.Errorf("status %+v", set)
	}
	another := newRigWith(t, remote.Options{Dir: dir})
	another.want(another.bind("a", fetching(i.URL(jwttest.KeysPath), object{"iss": "other"}), "ann"), i.token("a", jwttest.ECKey(elliptic.P256())), fails("issuer_mismatch"))

	i.Up()
	secret := jwttest.NewJWK("s", []byte(rigSecret))
	i.SetKeys(i.ka, secret)
	eventually(t, "the secret is in use", func() bool {
		after.clock.forward(5 * time.Second) // again and again, as the timer may not be set yet
		return len(after.factory.driver.status().KeySets[0].Keys) == 2
	})
	after.want(auth, jwttest.Sign(t, "HS256", rigSecret, object{"kid": "s"}, object{"sub": "ann"}), passes("ann"))
	i.Down()
	once := newRigWith(t, remote.Options{Dir: dir})
	auth = once.bind("a", rule, "ann")
	once.want(auth, i.a(), passes("ann"))
	once.want(auth, jwttest.Sign(t, "HS256", rigSecret, object{"kid": "s"}, object{"sub": "ann"}), fails("key_unknown"))
}

// A file that everybody may write is not used, and the status page says so.
func TestSetOnDiskIsJudged(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sets")
	i := startIssuer(t)
	rule := fetching(i.URL(jwttest.KeysPath), nil)
	before := newRigWith(t, remote.Options{Dir: dir})
	before.want(before.bind("a", rule, "ann"), i.a(), passes("ann"))
	eventually(t, "a file", func() bool { return len(files(t, dir)) == 1 })
	i.Down()
	if err := os.Chmod(filepath.Join(dir, files(t, dir)[0]), 0o606); err != nil {
		t.Fatal(err)
	}
	after := newRigWith(t, remote.Options{Dir: dir})
	after.want(after.bind("a", rule, "ann"), i.a(), fails("keys_unavailable"))
	if set := after.factory.driver.status().KeySets[0]; set.FromDisk || !strings.Contains(set.DiskError, "written by everybody") {
		t.Errorf("status %+v", set)
	}
}

// files are the names of the sets in a folder; one that is being written has another name.
func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".json") {
			names = append(names, entry.Name())
		}
	}
	return names
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
