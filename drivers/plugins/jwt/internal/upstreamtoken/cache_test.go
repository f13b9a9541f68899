package upstreamtoken

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"apinto-jwt/keys"
)

// newCache returns a cache of a megabyte.
func newCache(t testing.TB) *Cache {
	return NewCache(1<<20, func(place string) { t.Error("a panic: ", place) })
}

// A token is made once for each of the client's, and used again until a new one would live longer.
func TestReuse(t *testing.T) {
	c, terms := newCache(t), termsOf(t, keys.ES256)
	m := NewMinter(terms)
	ann := clientOf(t, nil)
	first := m.Value(c, ann, at(0))
	for _, seconds := range []int64{0, 1, 44} {
		if got := m.Value(c, clientOf(t, nil), at(seconds)); got != first {
			t.Errorf("after %d s it is another token", seconds)
		}
	}
	second := m.Value(c, ann, at(45))
	if second == first || read(t, terms, second).Expires().Seconds() != noon+105 {
		t.Error("the token is not renewed")
	}
	if got := m.Value(c, ann, at(46)); got != second {
		t.Error("the new token is not kept")
	}
	if got := m.Value(c, ann, at(1000)); got == second || read(t, terms, got).Expires().Seconds() != noon+1060 {
		t.Error("a token that has ended is used")
	}
}

// A token is for the very token, user, application and upstream that it was made for.
func TestNobodyElses(t *testing.T) {
	c := newCache(t)
	m, other := NewMinter(termsOf(t, keys.ES256)), NewMinter(termsOf(t, keys.ES256))
	seen := make(map[string]string)
	note := func(what, value string) {
		t.Helper()
		if former, known := seen[value]; known || value == "" {
			t.Errorf("%s has the token of %s", what, former)
		}
		seen[value] = what
	}
	ann, bob, farm, later := clientOf(t, nil), clientOf(t, nil), clientOf(t, nil), clientOf(t, map[string]any{"iat": 1})
	bob.User, farm.Client = "bob", "farm"
	note("ann", m.Value(c, ann, at(0)))
	note("bob by the same token", m.Value(c, bob, at(0)))
	note("another application", m.Value(c, farm, at(0)))
	note("another token", m.Value(c, later, at(0)))
	note("another upstream", other.Value(c, ann, at(0)))
}

// Even of one number, which a seed that is known would let somebody bring about.
func TestSameNumber(t *testing.T) {
	c := newCache(t)
	m, other := NewMinter(termsOf(t, keys.ES256)), NewMinter(termsOf(t, keys.ES256))
	ann, eve := clientOf(t, nil), clientOf(t, map[string]any{"sub": "eve"})
	bob, farm := ann, ann
	bob.User, farm.Client = "bob", "farm"
	for name, of := range map[string]struct {
		m *Minter
		a Accepted
	}{"eve": {m, eve}, "bob": {m, bob}, "farm": {m, farm}, "another upstream": {other, ann}} {
		anns := m.make(c, 1, ann.Token.Payload(), ann, at(0))
		if entry, _ := c.entries.Get(1); entry.value != anns || entry.of(of.m, of.a.Token.Payload(), of.a) {
			t.Errorf("%s finds the token of ann", name)
		}
		if of.m.make(c, 1, of.a.Token.Payload(), of.a, at(0)) == anns {
			t.Errorf("%s has the token of ann", name)
		}
	}
}

// Many who come at once with one token wait for one signature.
func TestSignedOnce(t *testing.T) {
	const many = 64
	c, terms := newCache(t), termsOf(t, keys.ES256)
	m := NewMinter(terms)
	var signatures, begun atomic.Int64
	m.sign = func(a Accepted, now time.Time) (string, span, error) {
		signatures.Add(1)
		for begun.Load() < many {
			time.Sleep(time.Millisecond)
		}
		return terms.sign(a, now)
	}
	ann := clientOf(t, nil)
	values := make([]string, many)
	var all sync.WaitGroup
	for i := range values {
		all.Add(1)
		go func() {
			defer all.Done()
			begun.Add(1)
			values[i] = m.Value(c, ann, at(0))
		}()
	}
	all.Wait()
	for _, value := range values {
		if value == "" || value != values[0] || signatures.Load() != 1 {
			t.Fatalf("%d signatures", signatures.Load())
		}
	}
}

// Who waits for one signature holds up nobody who has, or needs, another.
func TestSigningHoldsUpNobodyElse(t *testing.T) {
	c, terms := newCache(t), termsOf(t, keys.ES256)
	m := NewMinter(terms)
	ann, bob := clientOf(t, nil), clientOf(t, map[string]any{"sub": "bob"})
	known := m.Value(c, bob, at(0))
	begun, end := make(chan bool), make(chan bool)
	m.sign = func(a Accepted, now time.Time) (string, span, error) {
		if a.Token == ann.Token {
			close(begun)
			<-end
		}
		return terms.sign(a, now)
	}
	done := make(chan string)
	go func() { done <- m.Value(c, ann, at(0)) }()
	<-begun
	others := make(chan bool)
	go func() {
		others <- m.Value(c, bob, at(1)) == known && m.Value(c, clientOf(t, map[string]any{"sub": "eve"}), at(1)) != ""
	}()
	select {
	case good := <-others:
		if !good {
			t.Error("others have no token")
		}
	case <-time.After(10 * time.Second):
		t.Error("others wait")
	}
	close(end)
	if <-done == "" {
		t.Error("no token for ann")
	}
}

// While one request renews a token, others have the old one; not when it is about to end.
func TestOldWhileRenewing(t *testing.T) {
	c := newCache(t)
	m := NewMinter(termsOf(t, keys.ES256))
	ann := clientOf(t, nil)
	first := m.Value(c, ann, at(0))
	var only *entry
	c.entries.Sweep(func(e *entry) bool { only = e; return true })
	if only.usable(at(45)) || !only.usable(at(45)) || !only.usable(at(52)) || only.usable(at(53)) {
		t.Error("not one of them renews")
	}
	if m.Value(c, ann, at(50)) != first || m.Value(c, ann, at(53)) == first {
		t.Error("the old token is not used, or too long")
	}
}

// What could not be made is not tried on every request.
func TestFailureKept(t *testing.T) {
	c := newCache(t)
	m := NewMinter(termsOf(t, keys.ES256, "sub", "who"))
	if got := m.Value(c, clientOf(t, nil), at(0)); got != "" {
		t.Errorf("got %q", got)
	}
	if tokens, _ := c.Size(); tokens != 1 {
		t.Errorf("%d entries", tokens)
	}
}

// The cache is bounded, and drops what has ended.
func TestBounds(t *testing.T) {
	c := newCache(t)
	m := NewMinter(termsOf(t, keys.EdDSA))
	for i := range 3000 {
		m.Value(c, clientOf(t, map[string]any{"n": i}), at(0))
	}
	if tokens, bytes := c.Size(); tokens > 1600 || tokens < 500 || bytes > 1<<20 {
		t.Errorf("%d tokens, %d bytes", tokens, bytes)
	}
	c.Sweep(at(59))
	if tokens, _ := c.Size(); tokens == 0 {
		t.Error("good tokens are dropped")
	}
	c.Sweep(at(60))
	if tokens, _ := c.Size(); tokens != 0 {
		t.Errorf("%d tokens that have ended are kept", tokens)
	}
	off := NewCache(0, nil)
	if m.Value(off, clientOf(t, nil), at(0)) == "" {
		t.Error("without a cache no token is made")
	}
}

// A token that is known, and one that is not.
func BenchmarkValue(b *testing.B) {
	ann := clientOf(b, map[string]any{"tenant": "acme", "scope": "read write", "exp": noon + 3600, "iat": noon, "iss": "https://idp", "aud": "orders"})
	b.Run("known", func(b *testing.B) {
		c, m := newCache(b), NewMinter(termsOf(b, keys.RS256, "tenant", "tenant"))
		m.Value(c, ann, at(0))
		b.ReportAllocs()
		for b.Loop() {
			m.Value(c, ann, at(1))
		}
	})
	for _, alg := range []keys.Algorithm{keys.RS256, keys.ES256, keys.EdDSA} {
		b.Run(fmt.Sprint("new/", alg), func(b *testing.B) {
			c, m := NewCache(0, nil), NewMinter(termsOf(b, alg, "tenant", "tenant"))
			b.ReportAllocs()
			for b.Loop() {
				m.Value(c, ann, at(0))
			}
		})
	}
}
