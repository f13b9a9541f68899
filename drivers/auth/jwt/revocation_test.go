package jwt

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/revocation"
	"apinto-jwt/rule"
)

// revocable is a kit whose driver has hashes, with the usual entry bound to an application of this name.
func revocable(t testing.TB, app string) (*kit, *jwttest.Hashes, []*authenticator) {
	t.Helper()
	k, h := newKit(t), new(jwttest.Hashes)
	k.driver.Revocations.Hashes = h
	return k, h, k.bind(appOf(app), entry{})
}

func TestRevokedToken(t *testing.T) {
	const accepted, revoked = "ann of shop@app", "token_revoked"
	tests := []struct {
		name   string
		claims claims
		hash   string
		pairs  []string
		want   string
	}{
		{"nothing is listed", claims{"sub": "ann", "jti": "a"}, revocation.HashRevoked, nil, accepted},
		{"its ID", claims{"sub": "ann", "jti": "a"}, revocation.HashRevoked, []string{"a", "99"}, revoked},
		{"its ID, with an expiry that has passed", claims{"sub": "ann", "jti": "a"}, revocation.HashRevoked, []string{"a", "1"}, revoked},
		{"its ID, with a value that is none", claims{"sub": "ann", "jti": "a"}, revocation.HashRevoked, []string{"a", ""}, revoked},
		{"another's ID", claims{"sub": "ann", "jti": "a"}, revocation.HashRevoked, []string{"b", "99", "aa", "99", "A", "99"}, accepted},
		{"its ID escaped", claims{"sub": "ann", "jti": "a/b c"}, revocation.HashRevoked, []string{"a%2Fb%20c", "99"}, revoked},
		{"its ID as it is", claims{"sub": "ann", "jti": "a/b c"}, revocation.HashRevoked, []string{"a/b c", "99"}, revoked},
		{"its ID in small escapes", claims{"sub": "ann", "jti": "a/b c"}, revocation.HashRevoked, []string{"a%2fb%20c", "99"}, revoked},
		{"its ID, more escaped than need be", claims{"sub": "ann", "jti": "a/b c"}, revocation.HashRevoked, []string{"%61%2Fb c", "99"}, revoked},
		{"its ID, with a plus that is one", claims{"sub": "ann", "jti": "a+b c"}, revocation.HashRevoked, []string{"a+b%20c", "99"}, revoked},
		{"its ID has a percent sign", claims{"sub": "ann", "jti": "100%25"}, revocation.HashRevoked, []string{"100%25", "99"}, revoked},
		{"its ID has an escape, escaped", claims{"sub": "ann", "jti": "100%25"}, revocation.HashRevoked, []string{"100%2525", "99"}, revoked},
		{"another's ID escaped", claims{"sub": "ann", "jti": "a/b"}, revocation.HashRevoked, []string{"a%2Fc", "99", "a%252Fb", "99"}, accepted},
		{"bad escapes stand for themselves", claims{"sub": "ann", "jti": "a%zz"}, revocation.HashRevoked, []string{"a%zz", "99"}, revoked},
		{"no ID", claims{"sub": "ann"}, revocation.HashRevoked, []string{"", "99", "a", "99"}, accepted},
		{"its user is unknown", claims{"sub": "eve", "jti": "a"}, revocation.HashRevoked, []string{"a", "99"}, revoked},

		{"the application, before", claims{"sub": "ann", "iat": noon - 10}, revocation.HashNotBefore, []string{"shop", unix(noon - 5)}, revoked},
		{"the application by ID", claims{"sub": "ann", "iat": noon - 10}, revocation.HashNotBefore, []string{"shop@app", unix(noon - 5)}, revoked},
		{"the application in another case", claims{"sub": "ann", "iat": noon - 10}, revocation.HashNotBefore, []string{"SHOP@App", unix(noon - 5)}, revoked},
		{"the user, application in another case", claims{"sub": "ann", "iat": noon - 10}, revocation.HashNotBefore, []string{"Shop|ann", unix(noon - 5)}, revoked},
		{"the user in another case", claims{"sub": "ann", "iat": noon - 10}, revocation.HashNotBefore, []string{"shop|Ann", unix(noon - 5)}, accepted},
		{"the application, at that second", claims{"sub": "ann", "iat": noon - 5}, revocation.HashNotBefore, []string{"shop", unix(noon - 5)}, accepted},
		{"the application, a fraction before", claims{"sub": "ann", "iat": noon - 5.5}, revocation.HashNotBefore, []string{"shop", unix(noon - 5)}, revoked},
		{"the application, no iat", claims{"sub": "ann"}, revocation.HashNotBefore, []string{"shop", "1"}, revoked},
		{"another application", claims{"sub": "ann"}, revocation.HashNotBefore, []string{"shop2", unix(noon), "sho", unix(noon), "ann", unix(noon)}, accepted},
		{"the user", claims{"sub": "ann", "iat": noon - 10}, revocation.HashNotBefore, []string{"shop|ann", unix(noon - 5)}, revoked},
		{"the user, application by ID", claims{"sub": "ann", "iat": noon - 10}, revocation.HashNotBefore, []string{"shop@app|ann", unix(noon - 5)}, revoked},
		{"the user escaped", claims{"sub": "ann", "iat": noon - 10}, revocation.HashNotBefore, []string{"%73hop|%61nn", unix(noon - 5)}, revoked},
		{"the user, since", claims{"sub": "ann", "iat": noon - 4}, revocation.HashNotBefore, []string{"shop|ann", unix(noon - 5)}, accepted},
		{"another user", claims{"sub": "ann"}, revocation.HashNotBefore, []string{"shop|bob", unix(noon), "shop2|ann", unix(noon)}, accepted},
		{"user and application, the later counts", claims{"sub": "ann", "iat": noon - 10}, revocation.HashNotBefore, []string{"shop", unix(noon - 20), "shop|ann", unix(noon - 5)}, revoked},
		{"twice, the later counts", claims{"sub": "ann", "iat": noon - 10}, revocation.HashNotBefore, []string{"shop@app", unix(noon - 20), "shop", unix(noon - 5)}, revoked},
		{"no number", claims{"sub": "ann", "iat": noon}, revocation.HashNotBefore, []string{"shop", "soon"}, revoked},
		{"an empty value", claims{"sub": "ann", "iat": noon}, revocation.HashNotBefore, []string{"shop|ann", ""}, revoked},
		{"hexadecimal", claims{"sub": "ann", "iat": noon}, revocation.HashNotBefore, []string{"shop", "0x1p1"}, revoked},
		{"not a number", claims{"sub": "ann", "iat": noon}, revocation.HashNotBefore, []string{"shop", "NaN"}, revoked},
		{"white space", claims{"sub": "ann", "iat": noon}, revocation.HashNotBefore, []string{"shop", " 1709294000\n"}, accepted},
		{"an empty user is the application", claims{"sub": "ann", "iat": noon - 10}, revocation.HashNotBefore, []string{"shop|", unix(noon)}, revoked},
		{"bad escapes are nobody", claims{"sub": "ann", "iat": noon - 10}, revocation.HashNotBefore, []string{"%zz", unix(noon)}, accepted},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, h, auths := revocable(t, "shop")
			raw := tokenOf(t, secretA, tt.claims)
			h.Put(tt.hash, tt.pairs...)
			if got := answer(inHeader(t, raw), auths...); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func unix(seconds int64) string { return strconv.FormatInt(seconds, 10) }

// A token that has been accepted, and is remembered, is refused from the moment on at which it is listed, and accepted
// again when it is taken off the list.
func TestRevokedWhileRemembered(t *testing.T) {
	for name, listing := range map[string][2]string{
		revocation.HashRevoked: {"a", "99"}, revocation.HashNotBefore: {"shop", unix(noon)}, revocation.HashNotBefore + ", user": {"shop|ann", unix(noon)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(EnvCacheBytes, "")
			k, h, auths := revocable(t, "shop")
			hash := name[:min(len(name), len(revocation.HashNotBefore))]
			raw := tokenOf(t, secretA, claims{"sub": "ann", "jti": "a", "iat": noon - 60})
			for range 3 {
				if got := answer(inHeader(t, raw), auths...); got != "ann of shop@app" {
					t.Fatal(got)
				}
			}
			if !k.driver.Holds(raw) {
				t.Fatal("the token is not remembered: this test says nothing")
			}
			for range 2 {
				h.Put(hash, "other", "1") // a list of others is not kept when it changes
				if got := answer(inHeader(t, raw), auths...); got != "ann of shop@app" {
					t.Fatalf("others are listed: %s", got)
				}
				h.Put(hash, "other", "1", listing[0], listing[1])
				for range 2 {
					if got := answer(inHeader(t, raw), auths...); got != "token_revoked" {
						t.Fatalf("listed: %s", got)
					}
				}
				h.Put(hash)
				if got := answer(inHeader(t, raw), auths...); got != "ann of shop@app" {
					t.Fatalf("taken off the list: %s", got)
				}
			}
		})
	}
}

// What ends tokens for one application leaves the other's alone, though both accept the same token.
func TestRevokedForOneOfTwo(t *testing.T) {
	k, h, one := revocable(t, "shop")
	two := k.bind(appOf("mall"), entry{config: ruleJSON("leeway", "7")})
	h.Put(revocation.HashNotBefore, "shop", unix(noon))
	for range 3 {
		ctx := inHeader(t, tokenOf(t, secretA, claims{"sub": "ann", "iat": noon - 60}))
		if got := answer(ctx, append(one, two...)...); got != "ann of mall@app" {
			t.Fatal(got)
		}
	}
}

// storeFake is an endpoint's store.
type storeFake map[string]bool

func (s storeFake) Revoked(id string, _ time.Time) bool { return s[id] }

// Stores are asked for tokens of rules that issue, and for no others.
func TestRevokedByStore(t *testing.T) {
	for _, issues := range []bool{true, false} {
		k, _, auths := revocable(t, "shop")
		store := storeFake{"a": true}
		k.driver.Revocations.Add(storeFake{})
		k.driver.Revocations.Add(store)
		want := "ann of shop@app"
		if issues {
			auths[0].rule.Issue = new(rule.Issue)
			want = "token_revoked"
		}
		for _, at := range []struct{ id, want string }{{"a", want}, {"b", "ann of shop@app"}} {
			for range 3 { // the second is remembered
				if got := answer(inHeader(t, tokenOf(t, secretA, claims{"sub": "ann", "jti": at.id})), auths...); got != at.want {
					t.Errorf("issues %v, %s: got %s, want %s", issues, at.id, got, at.want)
				}
			}
		}
	}
}

// Hashes change while requests are under way.
func TestRevokedConcurrently(t *testing.T) {
	_, h, auths := revocable(t, "shop")
	raw := tokenOf(t, secretA, claims{"sub": "ann", "jti": "a", "iat": noon - 60})
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 200 {
				if got := answer(inHeader(t, raw), auths...); got != "ann of shop@app" && got != "token_revoked" {
					t.Error(got)
					return
				}
			}
		}()
	}
	for i := range 200 {
		h.Put(revocation.HashNotBefore, "shop", unix(int64(noon-120+i)), "x"+strconv.Itoa(i), "1")
		h.Put(revocation.HashRevoked, strconv.Itoa(i), "1")
	}
	wg.Wait()
}

// Refresh tokens are ended with the logins that they came of.
func TestAccountEndedSince(t *testing.T) {
	k, h := newKit(t), new(jwttest.Hashes)
	k.driver.Revocations.Hashes = h
	k.bind(appOf("shop"), entry{config: ruleJSON("issue", `{}`), users: withPassword("ann", hashOfSecret)})
	a, ok := Of(k.factory).Accounts().Account("shop", "ann")
	if !ok {
		t.Fatal("no account")
	}
	login, now := time.Unix(noon-60, 0), time.Unix(noon, 0)
	for field, tt := range map[string]struct {
		value string
		want  bool
	}{
		"shop": {unix(noon - 59), true}, "shop@app": {unix(noon), true}, "shop|ann": {unix(noon - 59), true},
		"shop|bob": {unix(noon), false}, "mall": {unix(noon), false}, "sho%70": {unix(noon - 60), false}, "%73hop": {"soon", true},
	} {
		h.Put(revocation.HashNotBefore, field, tt.value)
		if got := a.EndedSince(login, now); got != tt.want {
			t.Errorf("%s=%s: %v", field, tt.value, got)
		}
	}
	h.Put(revocation.HashNotBefore)
	if a.EndedSince(login, now) {
		t.Error("nothing is ended")
	}
}
