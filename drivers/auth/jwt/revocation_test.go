package jwt

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// hashes is the host's store of hashes, made as the host's is: a lock, and maps that are replaced whole, or dropped when
// they are empty.
type hashes struct {
	mu    sync.RWMutex
	data  map[string]map[string]string
	asked atomic.Int64
}

func (h *hashes) GetAll(key string) (map[string]string, bool) {
	h.asked.Add(1)
	h.mu.RLock()
	defer h.mu.RUnlock()
	m, ok := h.data[key]
	return m, ok
}

func (h *hashes) Get(key, field string) (string, bool) {
	m, _ := h.GetAll(key)
	v, ok := m[field]
	return v, ok
}

func (h *hashes) Exists(key, field string) bool {
	_, ok := h.Get(key, field)
	return ok
}

// put replaces a hash; pairs of field and value.
func (h *hashes) put(key string, pairs ...string) {
	m := make(map[string]string, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.data == nil {
		h.data = make(map[string]map[string]string)
	}
	if len(m) == 0 {
		delete(h.data, key)
		return
	}
	h.data[key] = m
}

// revocable is a kit whose driver has hashes, with the usual entry bound to an application of this name.
func revocable(t testing.TB, app string) (*kit, *hashes, []*authenticator) {
	t.Helper()
	k, h := newKit(t), new(hashes)
	k.driver.revocations.hashes = h
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
		{"nothing is listed", claims{"sub": "ann", "jti": "a"}, HashRevoked, nil, accepted},
		{"its ID", claims{"sub": "ann", "jti": "a"}, HashRevoked, []string{"a", "99"}, revoked},
		{"its ID, with an expiry that has passed", claims{"sub": "ann", "jti": "a"}, HashRevoked, []string{"a", "1"}, revoked},
		{"its ID, with a value that is none", claims{"sub": "ann", "jti": "a"}, HashRevoked, []string{"a", ""}, revoked},
		{"another's ID", claims{"sub": "ann", "jti": "a"}, HashRevoked, []string{"b", "99", "aa", "99", "A", "99"}, accepted},
		{"its ID escaped", claims{"sub": "ann", "jti": "a/b c"}, HashRevoked, []string{"a%2Fb%20c", "99"}, revoked},
		{"its ID as it is", claims{"sub": "ann", "jti": "a/b c"}, HashRevoked, []string{"a/b c", "99"}, revoked},
		{"its ID in small escapes", claims{"sub": "ann", "jti": "a/b c"}, HashRevoked, []string{"a%2fb%20c", "99"}, revoked},
		{"its ID, more escaped than need be", claims{"sub": "ann", "jti": "a/b c"}, HashRevoked, []string{"%61%2Fb c", "99"}, revoked},
		{"its ID, with a plus that is one", claims{"sub": "ann", "jti": "a+b c"}, HashRevoked, []string{"a+b%20c", "99"}, revoked},
		{"its ID has a percent sign", claims{"sub": "ann", "jti": "100%25"}, HashRevoked, []string{"100%25", "99"}, revoked},
		{"its ID has an escape, escaped", claims{"sub": "ann", "jti": "100%25"}, HashRevoked, []string{"100%2525", "99"}, revoked},
		{"another's ID escaped", claims{"sub": "ann", "jti": "a/b"}, HashRevoked, []string{"a%2Fc", "99", "a%252Fb", "99"}, accepted},
		{"bad escapes stand for themselves", claims{"sub": "ann", "jti": "a%zz"}, HashRevoked, []string{"a%zz", "99"}, revoked},
		{"no ID", claims{"sub": "ann"}, HashRevoked, []string{"", "99", "a", "99"}, accepted},
		{"its user is unknown", claims{"sub": "eve", "jti": "a"}, HashRevoked, []string{"a", "99"}, revoked},

		{"the application, before", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"shop", unix(noon - 5)}, revoked},
		{"the application by ID", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"shop@app", unix(noon - 5)}, revoked},
		{"the application in another case", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"SHOP@App", unix(noon - 5)}, revoked},
		{"the user, application in another case", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"Shop|ann", unix(noon - 5)}, revoked},
		{"the user in another case", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"shop|Ann", unix(noon - 5)}, accepted},
		{"the application, at that second", claims{"sub": "ann", "iat": noon - 5}, HashNotBefore, []string{"shop", unix(noon - 5)}, accepted},
		{"the application, a fraction before", claims{"sub": "ann", "iat": noon - 5.5}, HashNotBefore, []string{"shop", unix(noon - 5)}, revoked},
		{"the application, no iat", claims{"sub": "ann"}, HashNotBefore, []string{"shop", "1"}, revoked},
		{"another application", claims{"sub": "ann"}, HashNotBefore, []string{"shop2", unix(noon), "sho", unix(noon), "ann", unix(noon)}, accepted},
		{"the user", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"shop|ann", unix(noon - 5)}, revoked},
		{"the user, application by ID", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"shop@app|ann", unix(noon - 5)}, revoked},
		{"the user escaped", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"%73hop|%61nn", unix(noon - 5)}, revoked},
		{"the user, since", claims{"sub": "ann", "iat": noon - 4}, HashNotBefore, []string{"shop|ann", unix(noon - 5)}, accepted},
		{"another user", claims{"sub": "ann"}, HashNotBefore, []string{"shop|bob", unix(noon), "shop2|ann", unix(noon)}, accepted},
		{"user and application, the later counts", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"shop", unix(noon - 20), "shop|ann", unix(noon - 5)}, revoked},
		{"twice, the later counts", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"shop@app", unix(noon - 20), "shop", unix(noon - 5)}, revoked},
		{"no number", claims{"sub": "ann", "iat": noon}, HashNotBefore, []string{"shop", "soon"}, revoked},
		{"an empty value", claims{"sub": "ann", "iat": noon}, HashNotBefore, []string{"shop|ann", ""}, revoked},
		{"hexadecimal", claims{"sub": "ann", "iat": noon}, HashNotBefore, []string{"shop", "0x1p1"}, revoked},
		{"not a number", claims{"sub": "ann", "iat": noon}, HashNotBefore, []string{"shop", "NaN"}, revoked},
		{"white space", claims{"sub": "ann", "iat": noon}, HashNotBefore, []string{"shop", " 1709294000\n"}, accepted},
		{"an empty user is the application", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"shop|", unix(noon)}, revoked},
		{"bad escapes are nobody", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"%zz", unix(noon)}, accepted},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, h, auths := revocable(t, "shop")
			raw := tokenOf(t, secretA, tt.claims)
			h.put(tt.hash, tt.pairs...)
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
		HashRevoked: {"a", "99"}, HashNotBefore: {"shop", unix(noon)}, HashNotBefore + ", user": {"shop|ann", unix(noon)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(EnvCacheBytes, "")
			k, h, auths := revocable(t, "shop")
			hash := name[:min(len(name), len(HashNotBefore))]
			raw := tokenOf(t, secretA, claims{"sub": "ann", "jti": "a", "iat": noon - 60})
			for range 3 {
				if got := answer(inHeader(t, raw), auths...); got != "ann of shop@app" {
					t.Fatal(got)
				}
			}
			if m, _, _ := k.driver.memories.recall(raw, new(token.Digest)); m == nil || m.verdict.Load() == nil {
				t.Fatal("the token is not remembered: this test says nothing")
			}
			for range 2 {
				h.put(hash, "other", "1") // a list of others is not kept when it changes
				if got := answer(inHeader(t, raw), auths...); got != "ann of shop@app" {
					t.Fatalf("others are listed: %s", got)
				}
				h.put(hash, "other", "1", listing[0], listing[1])
				for range 2 {
					if got := answer(inHeader(t, raw), auths...); got != "token_revoked" {
						t.Fatalf("listed: %s", got)
					}
				}
				h.put(hash)
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
	h.put(HashNotBefore, "shop", unix(noon))
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
		k.driver.revocations.add(storeFake{})
		k.driver.revocations.add(store)
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

// What the goroutine has seen is relied on for a moment, and no longer; a clock that is put back does not lengthen it.
func TestRevocationsLookAgain(t *testing.T) {
	k, h, auths := revocable(t, "shop")
	raw := tokenOf(t, secretA, claims{"sub": "ann", "jti": "a"})
	v := verifiedOf(t, raw, auths[0])
	r, start := &k.driver.revocations, time.Unix(noon, 0)
	if r.ended(v.ID(), start) {
		t.Fatal("nothing is listed yet")
	}
	r.looked.Store(start.UnixNano())
	h.put(HashRevoked, "a", "1")
	for _, tt := range []struct {
		after time.Duration
		want  bool
	}{{lookedAgo - 1, false}, {1 - lookedAgo, false}, {lookedAgo, true}} {
		if got := r.ended(v.ID(), start.Add(tt.after)); got != tt.want {
			t.Errorf("after %s: %v", tt.after, got)
		}
	}
	h.put(HashRevoked)
	for _, after := range []time.Duration{-lookedAgo, time.Hour, -time.Hour} {
		if r.ended(v.ID(), start.Add(after)) {
			t.Errorf("after %s it is still ended when the list is empty again", after)
		}
	}
}

// In a process that serves requests a goroutine looks, from the first request on, and requests do not.
func TestRevocationsFollow(t *testing.T) {
	k, h, auths := revocable(t, "shop")
	r := &k.driver.revocations
	id := verifiedOf(t, tokenOf(t, secretA, claims{"sub": "ann", "jti": "a"}), auths[0]).ID()
	ticks, done := make(chan time.Time), make(chan struct{})
	go func() { r.keepLooking(ticks); close(done) }()
	for _, listed := range []bool{true, false, true} {
		if listed {
			h.put(HashRevoked, "a", "1")
		} else {
			h.put(HashRevoked)
		}
		ticks <- time.Time{}
		ticks <- time.Time{} // the first has been dealt with
		if got := r.ended(id, time.Now()); got != listed {
			t.Errorf("listed %v, ended %v", listed, got)
		}
	}
	close(ticks)
	<-done
	asked := h.asked.Load()
	for range 10 {
		r.ended(id, time.Now())
	}
	if got := h.asked.Load(); got != asked {
		t.Errorf("10 requests have looked at the hashes %d times", got-asked)
	}

	var started revocations
	started.hashes, started.follows = h, true
	for deadline := time.Now().Add(5 * time.Second); started.looked.Load() == 0; time.Sleep(time.Millisecond) {
		if !started.ended(id, time.Now()) {
			t.Fatal("what is listed is not ended")
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody looks at the hashes")
		}
	}
	h.put(HashRevoked)
	for deadline := time.Now().Add(5 * time.Second); started.ended(id, time.Now()); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a change is not seen")
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
		h.put(HashNotBefore, "shop", unix(int64(noon-120+i)), "x"+strconv.Itoa(i), "1")
		h.put(HashRevoked, strconv.Itoa(i), "1")
	}
	wg.Wait()
}

// The cost on a request: nothing listed, and 10,000 tokens with 10,000 users; as in a gateway, where a goroutine looks at
// the hashes, and where the request has to look itself.
func BenchmarkRevocation(b *testing.B) {
	for _, bench := range []struct {
		name   string
		n      int
		itself bool
	}{
		{"empty", 0, false},
		{"empty,looks", 0, true},
		{"10000", 10_000, false},
		{"10000,looks", 10_000, true},
	} {
		b.Run(bench.name, func(b *testing.B) {
			k, h, auths := revocable(b, "shop")
			var ids, users []string
			for i := range bench.n {
				ids = append(ids, fmt.Sprintf("b1946ac92492d2347c6235b4d2611184-%d", i), "1709294400")
				users = append(users, fmt.Sprintf("shop|user-%d", i), "1709294400")
			}
			h.put(HashRevoked, ids...)
			h.put(HashNotBefore, users...)
			raw := tokenOf(b, secretA, claims{"sub": "ann", "jti": "b1946ac92492d2347c6235b4d2611184-x", "iat": noon})
			v := verifiedOf(b, raw, auths[0])
			user, _ := k.driver.registry.bindings[auths[0].rule.ID].users.Load("ann")
			r, rule := &k.driver.revocations, auths[0].rule
			now := time.Unix(noon, 0)
			r.read()
			if !bench.itself {
				r.looked.Store(now.UnixNano())
			}
			b.ReportAllocs()
			for b.Loop() {
				if r.judge(v, user, rule, now) != token.Accepted {
					b.Fatal("revoked")
				}
			}
		})
	}
}

// verifiedOf is a token that the rule's keys verify.
func verifiedOf(t testing.TB, raw string, a *authenticator) *token.Verified {
	t.Helper()
	v, err := parsed(t, raw).Verify(a.rule.Keys.Set)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Refresh tokens are ended with the logins that they came of.
func TestAccountEndedSince(t *testing.T) {
	k, h := newKit(t), new(hashes)
	k.driver.revocations.hashes = h
	k.bind(appOf("shop"), entry{config: ruleJSON("issue", `{}`), users: withPassword("ann", hashOfSecret)})
	a, ok := DeskOf(k.factory).Account("shop", "ann")
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
		h.put(HashNotBefore, field, tt.value)
		if got := a.EndedSince(login, now); got != tt.want {
			t.Errorf("%s=%s: %v", field, tt.value, got)
		}
	}
	h.put(HashNotBefore)
	if a.EndedSince(login, now) {
		t.Error("nothing is ended")
	}
}
