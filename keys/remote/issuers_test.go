package remote

import (
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
)

// Users who want different issuers share a fetcher, before and after a restart; each sees what is for it.
func TestIssuersShareAFetcher(t *testing.T) {
	dir := t.TempDir()
	b := newBench(t, func(o *Options) { o.Dir = dir })
	b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath))
	check := func(p *Pool) {
		t.Helper()
		for want, keys := range map[string]string{issuer: "a", "": "a", "https://other.example": ""} {
			s := b.acquireFrom(p, Config{URL: b.server.URL(jwttest.DiscoveryPath), Issuer: want, Algorithms: everything})
			b.clock.asleep(t, 1)
			b.wantIDs(s.Refresh(t.Context(), nil), keys)
			if st := s.Status(); keys == "" && !strings.Contains(st.LastError, ErrIssuer.Error()) {
				t.Errorf("the error is %q", st.LastError)
			}
			defer s.Release()
		}
	}
	s := b.acquire(Config{URL: b.server.URL(jwttest.DiscoveryPath), Issuer: issuer, Algorithms: everything})
	check(b.pool)
	other := b.acquire(Config{URL: b.server.URL(jwttest.DiscoveryPath), Issuer: "https://other.example", Algorithms: everything})
	if other.Refresh(t.Context(), other.Set()).Len() != 0 {
		t.Error("there are keys of another issuer")
	}
	other.Release()
	if n := b.server.Requests(jwttest.KeysPath); n != 1 {
		t.Errorf("%d requests", n)
	}
	if n := len(b.log.with("error: ")); n != 1 {
		t.Errorf("log %q", b.log.with(""))
	}
	s.Release()
	b.clock.asleep(t, 0)
	b.server.Down()
	check(b.newPool(func(o *Options) { o.Dir = dir }))
}

// A document of an issuer that nobody wants takes nothing away, and its key set is not fetched.
func TestIssuerChanges(t *testing.T) {
	b := newBench(t, nil)
	b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath))
	c := Config{URL: b.server.URL(jwttest.DiscoveryPath), Issuer: issuer, Algorithms: everything}
	s := b.acquire(c)
	b.server.Discovery("https://moved.example", b.server.URL(jwttest.MovedPath))
	b.advance(DefaultRefresh)
	b.wantIDs(s.Set(), "a")
	if st := s.Status(); !strings.Contains(st.LastError, ErrIssuer.Error()) || b.server.Requests(jwttest.MovedPath) != 0 {
		t.Errorf("status %+v", st)
	}
}

// A document of another issuer gives its set to those who want that issuer, and takes none from the others at once: each keeps
// the last set of its own until that is too old.
func TestIssuerChangesForSome(t *testing.T) {
	for name, etags := range map[string]bool{"another set": false, "the same set, not modified": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			b := newBench(t, func(o *Options) { o.Dir = dir })
			b.server.ETags(etags)
			b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath))
			c := Config{URL: b.server.URL(jwttest.DiscoveryPath), Issuer: issuer, Algorithms: everything}
			moved := c
			moved.Issuer = "https://moved.example"
			old, next := b.acquire(c), b.acquire(moved)
			b.wantIDs(next.Set(), "")
			b.server.Discovery(moved.Issuer, b.server.URL(jwttest.KeysPath))
			of := "a"
			if !etags {
				b.server.SetKeys(keyB)
				of = "b"
			}
			b.advance(DefaultRefresh)
			b.wantIDs(old.Set(), "a")
			b.wantIDs(next.Set(), of)
			if st := old.Status(); !strings.Contains(st.LastError, ErrIssuer.Error()) || st.Age != DefaultRefresh {
				t.Errorf("of the old issuer: %+v", st)
			}
			if st := next.Status(); st.LastError != "" || st.Age != 0 {
				t.Errorf("of the new issuer: %+v", st)
			}
			b.advance(DefaultRefresh)
			changed := b.acquire(c) // as an application is that is saved meanwhile
			old.Release()
			b.wantIDs(changed.Set(), "a")
			after := b.newPool(func(o *Options) { o.Dir = dir }) // and over a restart
			b.wantIDs(b.acquireFrom(after, c).Set(), "a")
			b.wantIDs(b.acquireFrom(after, moved).Set(), of)
			b.clock.asleep(t, 2)
			b.clock.advance(DefaultMaxStale - 2*DefaultRefresh + time.Second)
			b.clock.asleep(t, 2)
			b.wantIDs(changed.Set(), of[:0])
			b.wantIDs(next.Set(), of)
		})
	}
}

// An issuer that comes back has its set in use again.
func TestIssuerComesBack(t *testing.T) {
	b := newBench(t, nil)
	c := Config{URL: b.server.URL(jwttest.DiscoveryPath), Issuer: issuer, Algorithms: everything}
	moved := c
	moved.Issuer = "https://moved.example"
	b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath))
	s, next := b.acquire(c), b.acquire(moved)
	b.server.Discovery(moved.Issuer, b.server.URL(jwttest.KeysPath))
	b.advance(DefaultRefresh)
	b.wantIDs(next.Set(), "a")
	b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath))
	b.server.SetKeys(keyB)
	b.advance(DefaultRefresh)
	b.wantIDs(s.Set(), "b")
	b.wantIDs(next.Set(), "a")
	if st := s.Status(); st.LastError != "" || st.Age != 0 {
		t.Errorf("%+v", st)
	}
}
