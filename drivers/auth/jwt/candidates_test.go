package jwt

import (
	"slices"
	"testing"
	"time"

	"apinto-jwt/drivers/internal/registry"
	"apinto-jwt/jwttest"
)

// A key that the issuer has just begun to sign with is fetched when the first token of it comes, whatever other rules
// look at the same place.
func TestNewKeyIsFetchedBesideOtherRules(t *testing.T) {
	one, two := jwttest.ECKey(p256), jwttest.OtherECKey(p256)
	others := map[string][]entry{
		"alone":                     nil,
		"another secret":            {{config: secretRule(secretB)}},
		"a public key":              {{config: pemRule("ES256", jwttest.PublicPEM(one))}},
		"a public key of an issuer": {{config: pemRule("ES256", jwttest.PublicPEM(one))[:1] + `"iss":"me",` + pemRule("ES256", jwttest.PublicPEM(one))[1:]}},
	}
	for name, beside := range others {
		t.Run(name, func(t *testing.T) {
			server := jwttest.StartKeyServer(jwttest.NewJWK("1", one))
			t.Cleanup(server.Close)
			k := newKit(t)
			list := k.bind(appOf("a"), entry{config: ruleJSON(
				"algorithm", `"ES256"`, "secret", "", "jwks_uri", quote(server.URL(jwttest.KeysPath)))})
			t.Cleanup(func() { list[0].Del("a@app") })
			for i, e := range beside {
				list = append(list, k.bind(appOf(string(rune('b'+i))), e.with(usersJSON("bob")))...)
			}
			token := func(kid string, key any) string {
				return jwttest.Sign(t, "ES256", key, map[string]any{"kid": kid}, claims{"sub": "ann", "iss": "me"})
			}
			for end := time.Now().Add(10 * time.Second); answer(inHeader(t, token("1", one)), list...) != "ann of a@app"; {
				if time.Now().After(end) {
					t.Fatal("the first key was never fetched")
				}
				time.Sleep(20 * time.Millisecond)
			}
			server.SetKeys(jwttest.NewJWK("1", one), jwttest.NewJWK("2", two))
			if got := answer(inHeader(t, token("2", two)), list...); got != "ann of a@app" {
				t.Errorf("a token of the new key: got %s", got)
			}
		})
	}
}

// At most one signature check for each key that could have made the token.
func TestEachKeyIsTriedOnce(t *testing.T) {
	one, two := jwttest.PublicPEM(jwttest.ECKey(p256)), jwttest.PublicPEM(jwttest.OtherECKey(p256))
	k := newKit(t)
	for i, config := range []string{
		pemRule("ES256", one), pemRule("ES256", two), pemRule("ES256", one+two), pemRule("ES256", two+one+two),
		pemRule("ES256", one)[:1] + `"iss":"me",` + pemRule("ES256", one)[1:],
	} {
		k.bind(appOf(string(rune('a'+i))), entry{config: config})
	}
	signed := jwttest.Sign(t, "ES256", jwttest.ECKey(p256), nil, claims{"sub": "ann", "iss": "me"})
	forged := signed[:len(signed)-8] + "AAAAAAAA"
	var c registry.Candidates
	(*k.driver.Registry.Locations())[0].Candidates(parsed(t, forged).Lookup(), &c)
	groups := len(slices.Concat(c[:]...))
	if r, _ := resolved(k.factory, inHeader(t, forged)); groups != 5 || r.Tried() != 2 {
		t.Errorf("%d groups, %d different keys were tried, want 5 and 2", groups, r.Tried())
	}
}
