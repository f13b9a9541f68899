package jwt

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"apinto-jwt/drivers/internal/issuance"
	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
	"apinto-jwt/revocation"
	"apinto-jwt/rule"
)

// pairRule is an issuing rule with a key pair.
func pairRule(alg keys.Algorithm, private, public, issue string, members ...string) string {
	return ruleJSON(append([]string{
		"secret", "", "algorithm", quote(string(alg)), "rsa_public_key", public, "issue", `{"private_key":` + private + issue + `}`,
	}, members...)...)
}

// published lists the keys as "kid alg".
func published(t *testing.T, k *kit) []string {
	t.Helper()
	set := Of(k.factory).Accounts().Keys()
	text, err := keys.EncodeJWKS(set)
	must.Succeed(t, err)
	read, _, err := keys.ParseJWKS(text, keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(keys.Algorithms()...)})
	if err != nil || read.Len() != set.Len() {
		t.Fatalf("%s: %v", text, err)
	}
	var list []string
	for _, key := range set.Keys() {
		list = append(list, strings.TrimSpace(key.ID()+" "+key.Algorithms().String()))
	}
	return list
}

// A key that only verifies, as a partner's, is not published: whoever reads the set would take its tokens for the gateway's.
func TestPublishedNotPartners(t *testing.T) {
	private, public := keyPair(t, keys.ES256)
	_, partner := keyPair(t, keys.ES256)
	k := newKit(t)
	k.bind(appOf("shop"), entry{config: pairRule(keys.ES256, private, strings.TrimSuffix(partner, `"`)+public[1:], `,"kid":"own"`)})
	if got := published(t, k); !slices.Equal(got, []string{"own ES256"}) {
		t.Errorf("published: %v", got)
	}
}

// One RSA key under two algorithms is there once for each ID; under one ID it has no "alg", as neither is its only one.
func TestPublishedOneKeyTwoAlgorithms(t *testing.T) {
	private, public := keyPair(t, keys.RS256)
	k := newKit(t)
	k.bind(appOf("shop"), entry{name: "A", config: pairRule(keys.RS256, private, public, "")}, entry{name: "B", config: pairRule(keys.PS384, private, public, "")})
	if got := published(t, k); len(got) != 1 || !strings.Contains(got[0], "RS256") || !strings.Contains(got[0], "PS384") {
		t.Errorf("published: %v", got)
	}
	text, err := keys.EncodeJWKS(Of(k.factory).Accounts().Keys())
	if err != nil || strings.Contains(string(text), `"alg"`) {
		t.Errorf("%s: %v", text, err)
	}
	k = newKit(t)
	k.bind(appOf("shop"), entry{name: "A", config: pairRule(keys.RS256, private, public, `,"kid":"r"`)}, entry{name: "B", config: pairRule(keys.PS384, private, public, `,"kid":"p"`)})
	got := published(t, k)
	slices.Sort(got)
	if !slices.Equal(got, []string{"p PS384", "r RS256"}) {
		t.Errorf("published: %v", got)
	}
}

// Two keys of one ID are told apart; where rules are saved, the second is refused, unless it takes the first one's place.
func TestPublishedSharedKeyID(t *testing.T) {
	private, public := keyPair(t, keys.ES256)
	other, otherPublic := keyPair(t, keys.ES256)
	one := entry{name: "A", config: pairRule(keys.ES256, private, public, `,"kid":"k"`)}
	two := entry{name: "B", config: pairRule(keys.ES256, other, otherPublic, `,"kid":"k"`)}
	k := newKit(t)
	k.bind(appOf("shop"), one)
	k.bind(appOf("mall"), two)
	if got := published(t, k); len(got) != 2 || got[0] == got[1] || !slices.Contains(got, "k ES256") {
		t.Errorf("published: %v", got)
	}

	k = newKit(t)
	k.driver.Registry.Saves = true
	k.bind(appOf("shop"), one)
	a := k.make(two)
	if err := a.Check("mall@app", nil); !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), "config.issue.kid") || !strings.Contains(err.Error(), "shop@app") {
		t.Errorf("another key of the same ID: %v", err)
	}
	if err := a.Check("shop@app", nil); err != nil {
		t.Errorf("a new key in the place of the old one: %v", err)
	}
}

// A key that has signed stays published until the last of its tokens has expired, and not longer.
func TestPublishedAfterRotation(t *testing.T) {
	private, public := keyPair(t, keys.ES256)
	next, nextPublic := keyPair(t, keys.ES256)
	k := newKit(t)
	k.bind(appOf("shop"), entry{config: pairRule(keys.ES256, private, public, `,"kid":"old","access_ttl":600`)})
	k.bind(appOf("shop"), entry{config: pairRule(keys.ES256, next, nextPublic, `,"kid":"new"`)})
	both, one := []string{"new ES256", "old ES256"}, []string{"new ES256"}
	if got := published(t, k); !slices.Equal(got, both) {
		t.Errorf("after the rotation: %v", got)
	}
	k.clock.Add(600 + rule.MaxLeeway - 1)
	if got := published(t, k); !slices.Equal(got, both) {
		t.Errorf("while its last token may be good: %v", got)
	}
	k.clock.Add(1)
	if got := published(t, k); !slices.Equal(got, one) {
		t.Errorf("after its last token: %v", got)
	}
}

// A token that the gateway made for a user of one application is not one of the other application's user of that name,
// though both have the key and the issuer; also when the first application is gone.
func TestMintedForAnother(t *testing.T) {
	for name, members := range map[string][]string{
		"it issues too":     {"issue", `{"access_ttl":600}`},
		"it only verifies":  {"leeway", "1"},
		"it takes any iss":  {"iss", `""`, "leeway", "1"},
		"more than it asks": {"issue", `{}`, "audience", `["mall","shop"]`},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			shop := k.bind(appOf("shop"), entry{config: ruleJSON(append([]string{"iss", `"us"`}, members...)...), users: withPassword("ann", hashOfSecret)})
			mall := k.bind(appOf("mall"), entry{config: ruleJSON("iss", `"us"`, "issue", `{"access_ttl":900,"audience":["mall"]}`), users: withPassword("ann", hashOfSecret)})
			account, _ := Of(k.factory).Accounts().Account("Mall", "ann")
			raw, _, err := account.Mint(issuance.NewTokenID("the-session-of-a-login"), rule.Grant{}, k.driver.Clock.Now())
			must.Succeed(t, err)
			for range 3 {
				if got := answer(inHeader(t, raw), append(shop, mall...)...); got != "ann of mall@app" {
					t.Fatal(got)
				}
			}
			mall[0].Del("mall@app")
			for range 3 {
				if got := answer(inHeader(t, raw), shop...); got != "user_unknown" {
					t.Fatalf("when its application is gone: %s", got)
				}
			}
			// A partner's tokens under the shared secret may have clients of their own.
			partner := tokenOf(t, secretA, claims{"iss": "us", "sub": "ann", "exp": noon + 60, "client_id": "mobile", "jti": "1", "aud": "shop"})
			if got := answer(inHeader(t, partner), shop...); got != "ann of shop@app" {
				t.Errorf("the partner's: %s", got)
			}
		})
	}
}

// A rule that issues wants "exp" of every token.
func TestIssuingRuleRequiresExp(t *testing.T) {
	k := newKit(t)
	auths := k.bind(appOf("shop"), entry{config: ruleJSON("issue", `{}`)})
	if got := answer(inHeader(t, tokenOf(t, secretA, claims{"iss": "us", "sub": "ann", "jti": "a"})), auths...); got != "claim_missing" {
		t.Errorf("a token without exp: %s", got)
	}
}

// A token that would be ended from the beginning is not made.
func TestMintWhileHeld(t *testing.T) {
	k, h := newKit(t), new(jwttest.Hashes)
	k.driver.Revocations.Hashes = h
	k.bind(appOf("shop"), entry{config: ruleJSON("issue", `{}`), users: withPassword("ann", hashOfSecret)})
	account, _ := Of(k.factory).Accounts().Account("shop", "ann")
	now := time.Unix(noon, 0)
	for value, want := range map[string]time.Duration{
		unix(noon - 1): 0, unix(noon): 0, unix(noon + 1): time.Second, unix(noon + 90): 90 * time.Second,
		"1709294400.5": time.Second, unix(noon + 1e7): 24 * time.Hour, "soon": 24 * time.Hour,
	} {
		h.Put(revocation.HashNotBefore, "Shop|ann", value)
		if got := account.Held(now); got != want {
			t.Errorf("%s: held for %s, want %s", value, got, want)
		}
		if _, _, err := account.Mint("f.1", rule.Grant{}, now); errors.Is(err, ErrHeld) != (want > 0) || err != nil && want == 0 {
			t.Errorf("%s: %v", value, err)
		}
	}
}

// Stores that rules name are opened once, whether the rules or who opens them come first.
func TestStoresOfRules(t *testing.T) {
	k := newKit(t)
	k.bind(appOf("shop"), entry{name: "A", config: ruleJSON("issue", `{"store":"One@output"}`), users: withPassword("ann", hashOfSecret)})
	var opened []string
	accounts := Of(k.factory).Accounts()
	accounts.Stores(func(store string) { opened = append(opened, store) })
	k.bind(appOf("mall"), entry{name: "B", config: ruleJSON("issue", `{"store":"one@output","access_ttl":60}`)}, entry{name: "C", config: ruleJSON("issue", `{"store":"two@output"}`)})
	k.bind(appOf("none"), entry{name: "D", config: ruleJSON("issue", `{}`)})
	if want := []string{"one@output", "two@output"}; !slices.Equal(opened, want) {
		t.Errorf("opened %v, want %v", opened, want)
	}
	if store, ok := accounts.Store("Shop"); !ok || store != "one@output" {
		t.Errorf("the shop's is %q", store)
	}
	if store, ok := accounts.Store("none"); ok {
		t.Errorf("none has the store %q", store)
	}
	for _, id := range []string{`"sessions"`, `"sessions@app"`, `"@output"`, `"a b@output"`, `7`} {
		if err := newKit(t).fault(entry{config: ruleJSON("issue", `{"store":`+id+`}`)}); !strings.Contains(err.Error(), "config.issue.store:") {
			t.Errorf("%s: %v", id, err)
		}
	}
}
