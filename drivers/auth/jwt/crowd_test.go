package jwt

import (
	"crypto/ecdsa"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/jwttest"
)

// crowdKit has so many rules for ES256 with keys of their own and users of these names, by number.
func crowdKit(t *testing.T, rules int, user func(int) string) (*kit, []*ecdsa.PrivateKey, []*authenticator) {
	t.Helper()
	k := newKit(t)
	var list []*authenticator
	private := make([]*ecdsa.PrivateKey, rules)
	for i := range private {
		key, err := ecdsa.GenerateKey(p256, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		private[i] = key
		list = append(list, k.bind(appOf(fmt.Sprint("a", i)), entry{config: pemRule("ES256", jwttest.PublicPEM(key)), users: usersJSON(user(i))})...)
	}
	return k, private, list
}

// A request costs so much and no more, however many rules there are, and at however many places its token stands.
func TestCostOfARequestIsBounded(t *testing.T) {
	k, keys, list := crowdKit(t, 150, func(i int) string { return fmt.Sprint("user", i) })
	k.bind(appOf("b"), entry{position: "header", name: "X-Token", config: pemRule("ES256", jwttest.PublicPEM(keys[0]))})
	forged := jwttest.Sign(t, "ES256", jwttest.OtherECKey(p256), nil, claims{"sub": "user7"})
	for _, request := range []string{get("Authorization: " + forged), get("Authorization: "+forged, "X-Token: "+forged)} {
		r, _ := resolved(k.factory, hostContext(t, request))
		if got := r.Tried(); got != registry.MaxCost/160+1 || r.Reason().String() != "signature_invalid" {
			t.Errorf("%d keys were tried, then %s", got, r.Reason())
		}
	}
	for i := range keys { // an honest token is found by its user
		signed := jwttest.Sign(t, "ES256", keys[i], nil, claims{"sub": fmt.Sprint("user", i)})
		r, _ := resolved(k.factory, hostContext(t, get("Authorization: "+signed)))
		if r.Reason().String() != "accepted" || r.Tried() != 0 {
			t.Fatalf("rule %d: %s after %d other keys", i, r.Reason(), r.Tried())
		}
	}
	for _, a := range list[1:] {
		a.Del("a0@app") // the driver's
	}
	signed := jwttest.Sign(t, "ES256", keys[0], nil, claims{"sub": "user0"})
	if got := answer(inHeader(t, signed), list...); got == "user0 of a0@app" {
		t.Error("a rule that is gone accepts")
	}
}

// Users come and go in a crowd, and the tokens of those who are there are accepted.
func TestUsersOfACrowd(t *testing.T) {
	k, keys, list := crowdKit(t, 130, func(int) string { return "ann" })
	config := pemRule("ES256", jwttest.PublicPEM(keys[125]))
	signed := jwttest.Sign(t, "ES256", keys[125], nil, claims{"sub": "zoe"})
	if got := answer(inHeader(t, signed), list...); strings.HasPrefix(got, "zoe") {
		t.Fatalf("got %s", got)
	}
	k.bind(appOf("a125"), entry{config: config, users: usersJSON("ann", "zoe")})
	if got := answer(inHeader(t, signed), list...); got != "zoe of a125@app" {
		t.Errorf("a user who has come: got %s", got)
	}
	k.bind(appOf("a125"), entry{config: config, users: usersJSON("ann")})
	if got := answer(inHeader(t, signed), list...); got == "zoe of a125@app" {
		t.Error("a user who has gone is accepted")
	}
}

// Rules that share a key are one try, and secrets cost next to nothing.
func TestWhatIsNoCrowd(t *testing.T) {
	k := newKit(t)
	for i := range 200 {
		k.bind(appOf(fmt.Sprint("a", i)),
			entry{config: ruleJSON("secret", quote(fmt.Sprintf("%s %d", secretA, i)))},
			entry{config: pemRule("ES256", jwttest.PublicPEM(jwttest.ECKey(p256))), users: usersJSON(fmt.Sprint("u", i))})
	}
	if got := k.driver.status().Crowded; len(got) != 0 {
		t.Errorf("crowded: %v", got)
	}
}

// The operator is told of rules that are too many, once, with the remedy, and that it is over.
func TestCrowdedRulesAreShown(t *testing.T) {
	k, _, list := crowdKit(t, 110, func(int) string { return "ann" })
	shown := k.driver.status().Crowded
	want := registry.CrowdedRules{Place: "header Authorization", Algorithm: "ES256", Keys: 110, Tried: 102}
	if len(shown) != 1 || shown[0] != want {
		t.Fatalf("got %+v", shown)
	}
	if text := shown[0].String(); !strings.Contains(text, "110 different keys") || !strings.Contains(text, "different iss") {
		t.Errorf("the log says %s", text)
	}
	var said registry.CrowdedLog
	for i, want := range []int{1, 0} {
		if got := said.Unsaid(k.driver.Registry.Crowded()); len(got) != want {
			t.Errorf("time %d: the log says %v", i, got)
		}
	}
	for i := range 20 {
		list[i].Del(fmt.Sprintf("a%d@app", i))
	}
	if got := said.Unsaid(k.driver.Registry.Crowded()); len(got) != 0 {
		t.Errorf("with fewer: %v", got)
	}
	if got := said.Unsaid(shown); len(got) != 1 {
		t.Errorf("when they are too many again: %v", got)
	}
}

// A request waits for keys once, at however many places its token stands.
func TestOneWaitForARequest(t *testing.T) {
	server := jwttest.StartKeyServer(jwttest.NewJWK("1", jwttest.ECKey(p256)))
	t.Cleanup(server.Close)
	server.Delay(30 * time.Second)
	k := newKit(t)
	var entries []entry
	var lines []string
	signed := jwttest.Sign(t, "ES256", jwttest.OtherECKey(p256), map[string]any{"kid": "2"}, claims{"sub": "ann"})
	for i := range 4 {
		name := fmt.Sprint("X-", i)
		entries = append(entries, entry{position: "header", name: name, config: ruleJSON(
			"algorithm", `"ES256"`, "secret", "", "jwks_uri", quote(server.URL(jwttest.KeysPath)+fmt.Sprint("?", i)))})
		lines = append(lines, name+": "+signed)
	}
	list := k.bind(appOf("a"), entries...)
	t.Cleanup(func() { list[0].Del("a@app") })
	began := time.Now()
	if got := answer(hostContext(t, get(lines...)), list...); got != "keys_unavailable" {
		t.Errorf("got %s", got)
	}
	if took := time.Since(began); took > 1200*time.Millisecond {
		t.Errorf("the request waited %v", took)
	}
}
