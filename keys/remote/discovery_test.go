package remote

import (
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
)

const issuer = "https://issuer.example"

func TestDiscovery(t *testing.T) {
	other := jwttest.StartKeyServer(keyB)
	defer other.Close()
	tests := []struct {
		name   string
		tell   func(b *bench)
		path   string
		issuer string
		want   string
	}{
		{"by its URL", func(b *bench) { b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath)) }, jwttest.DiscoveryPath, issuer, "a"},
		{"any issuer", func(b *bench) { b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath)) }, jwttest.DiscoveryPath, "", "a"},
		{"by its content", func(b *bench) {
			b.server.SetBody(`{"issuer":"` + issuer + `","jwks_uri":"` + other.URL(jwttest.KeysPath) + `"}`)
		}, jwttest.KeysPath, issuer, "b"},
		{"keys on another host", func(b *bench) { b.server.Discovery(issuer, other.URL(jwttest.KeysPath)) }, jwttest.DiscoveryPath, issuer, "b"},
		{"a key set that has jwks_uri too", func(b *bench) {
			b.server.SetBody(`{"issuer":"x","jwks_uri":"y",` + jwttest.JWKS(keyA)[1:])
		}, jwttest.KeysPath, issuer, "a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, nil)
			test.tell(b)
			s := b.acquire(Config{URL: b.server.URL(test.path), Issuer: test.issuer, Algorithms: everything})
			b.wantIDs(s.Set(), test.want)
			if st := s.Status(); st.URL != b.server.URL(test.path) || !strings.HasSuffix(st.Endpoint, jwttest.KeysPath) {
				t.Errorf("status %+v", st)
			}
		})
	}
}

// Issuers are compared to the letter, and the set of another one is not fetched.
func TestIssuerIsComparedToTheLetter(t *testing.T) {
	for name, other := range map[string]string{
		"another issuer": "https://other.example", "with a slash": issuer + "/", "in another case": strings.ToUpper(issuer),
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, nil)
			b.server.Discovery(other, b.server.URL(jwttest.MovedPath))
			s := b.acquire(Config{URL: b.server.URL(jwttest.DiscoveryPath), Issuer: issuer, Algorithms: everything})
			b.wantIDs(s.Set(), "")
			if st := s.Status(); st.Failures != 1 || !strings.Contains(st.LastError, ErrIssuer.Error()) {
				t.Errorf("status %+v", st)
			}
			if b.server.Requests(jwttest.MovedPath) != 0 {
				t.Error("jwks_uri was fetched")
			}
		})
	}
}

// The document is read again with each fetch of its set, for an unknown key too: the key may be at another URL.
func TestDiscoveryIsReadAgain(t *testing.T) {
	b := newBench(t, nil)
	b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath))
	s := b.acquire(Config{URL: b.server.URL(jwttest.DiscoveryPath), Issuer: issuer, Algorithms: everything})
	want := func(documents, sets int) {
		t.Helper()
		if d, k := b.server.Requests(jwttest.DiscoveryPath), b.server.Requests(jwttest.KeysPath)+b.server.Requests(jwttest.MovedPath); d != documents || k != sets {
			t.Errorf("%d documents and %d sets were fetched, want %d and %d", d, k, documents, sets)
		}
	}
	want(1, 1)
	b.advance(DefaultDemandInterval)
	s.Refresh(t.Context(), s.Set())
	b.clock.asleep(t, 1)
	want(2, 2)
	b.advance(DefaultRefresh)
	want(3, 3)
	b.server.Discovery(issuer, b.server.URL(jwttest.MovedPath))
	b.server.Redirect("https://moved.example") // the old URL is of no use any more
	b.server.SetKeys(keyA, keyB)
	b.wantIDs(s.Refresh(t.Context(), s.Set()), "a b")
	b.clock.asleep(t, 1)
	if st := s.Status(); st.Failures != 0 || !strings.HasSuffix(st.Endpoint, jwttest.MovedPath) {
		t.Errorf("%+v", st)
	}
	if n := b.server.Requests(jwttest.MovedPath); n != 1 {
		t.Errorf("the new URL was fetched %d times", n)
	}
}

// The document and the set are asked for at the same time, so that who waits for a key waits for one answer's time.
func TestDocumentAndSetTogether(t *testing.T) {
	const delay = 300 * time.Millisecond
	b := newBench(t, nil)
	b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath))
	s := b.acquire(Config{URL: b.server.URL(jwttest.DiscoveryPath), Issuer: issuer, Algorithms: everything})
	b.server.Delay(delay)
	b.server.SetKeys(keyA, keyB)
	start := time.Now()
	b.wantIDs(s.Refresh(t.Context(), s.Set()), "a b")
	if took := time.Since(start); took > 2*delay {
		t.Errorf("it took %s", took)
	}
}
