package jwt

import (
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"apinto-jwt/token"
)

// hashes is the host's store of hashes, made as the host's is: a lock, and maps that are replaced whole.
type hashes struct {
	mu   sync.RWMutex
	data map[string]map[string]string
}

func (h *hashes) GetAll(key string) (map[string]string, bool) {
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
		{"no ID", claims{"sub": "ann"}, HashRevoked, []string{"", "99", "a", "99"}, accepted},
		{"its user is unknown", claims{"sub": "eve", "jti": "a"}, HashRevoked, []string{"a", "99"}, revoked},

		{"the application, before", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"shop", unix(noon - 5)}, revoked},
		{"the application by ID", claims{"sub": "ann", "iat": noon - 10}, HashNotBefore, []string{"shop@app", unix(noon - 5)}, revoked},
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
			k, h, auths := revocable(t, "shop")
			hash := name[:min(len(name), len(HashNotBefore))]
			raw := tokenOf(t, secretA, claims{"sub": "ann", "jti": "a", "iat": noon - 60})
			for range 3 {
				if got := answer(inHeader(t, raw), auths...); got != "ann of shop@app" {
					t.Fatal(got)
				}
			}
			if m, _, _ := k.driver.memories.recall(raw); m == nil || m.verdict.Load() == nil {
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
			auths[0].rule.issue = new(issue)
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

// What the hashes had is good for a moment, and no longer; a clock that is put back does not lengthen it.
func TestRevocationsLookAgain(t *testing.T) {
	k, h, auths := revocable(t, "shop")
	raw := tokenOf(t, secretA, claims{"sub": "ann", "jti": "a"})
	v := verifiedOf(t, raw, auths[0])
	r, start := &k.driver.revocations, time.Unix(noon, 0)
	if r.ended(v.ID(), start) {
		t.Fatal("nothing is listed yet")
	}
	h.put(HashRevoked, "a", "1")
	for _, tt := range []struct {
		after time.Duration
		want  bool
	}{{lookEvery - 1, false}, {-time.Hour, true}, {-time.Hour + 1, true}} {
		if got := r.ended(v.ID(), start.Add(tt.after)); got != tt.want {
			t.Errorf("after %s: %v", tt.after, got)
		}
	}
	h.put(HashRevoked)
	if r.ended(v.ID(), start.Add(-time.Hour+lookEvery)) {
		t.Error("it is still ended when the list is empty again")
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

// The cost on a request: nothing listed, and 10,000 tokens with 10,000 users; at 100,000 requests a second, and at one,
// when the host's hashes are looked at each time.
func BenchmarkRevocation(b *testing.B) {
	for _, bench := range []struct {
		name  string
		n     int
		every time.Duration // between requests
	}{
		{"empty", 0, 10 * time.Microsecond},
		{"empty,rare", 0, time.Second},
		{"10000", 10_000, 10 * time.Microsecond},
		{"10000,rare", 10_000, time.Second},
	} {
		b.Run(bench.name, func(b *testing.B) {
			n, every := bench.n, bench.every
			k, h, auths := revocable(b, "shop")
			var ids, users []string
			for i := range n {
				ids = append(ids, fmt.Sprintf("b1946ac92492d2347c6235b4d2611184-%d", i), "1709294400")
				users = append(users, fmt.Sprintf("shop|user-%d", i), "1709294400")
			}
			h.put(HashRevoked, ids...)
			h.put(HashNotBefore, users...)
			raw := tokenOf(b, secretA, claims{"sub": "ann", "jti": "b1946ac92492d2347c6235b4d2611184-x", "iat": noon})
			v := verifiedOf(b, raw, auths[0])
			user, _ := k.driver.registry.bindings[auths[0].rule.id].users.Load("ann")
			r, rule := &k.driver.revocations, auths[0].rule
			now := time.Unix(noon, 0)
			b.ReportAllocs()
			for b.Loop() {
				now = now.Add(every)
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
	v, err := parsed(t, raw).Verify(a.rule.source.set)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
