package remote

import (
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/keys"
)

// withTerms returns the server's key set on another schedule.
func (b *bench) withTerms(refresh, maxStale time.Duration) Config {
	c := b.config()
	c.Refresh, c.MaxStale = refresh, maxStale
	return c
}

// untilFetch returns the time to the next regular fetch.
func (b *bench) untilFetch(s *Source) time.Duration { return s.Status().NextFetch.Sub(b.clock.Now()) }

// One fetcher asks a URL, however its users differ in their schedules; the shortest refresh counts.
func TestOneFetcherForAllSchedules(t *testing.T) {
	b := newBench(t, nil)
	longest := b.acquire(b.withTerms(30*time.Minute, 0))
	if d := b.untilFetch(longest); d != 30*time.Minute {
		t.Errorf("the first alone: the next fetch is in %s", d)
	}
	for n, refresh := range []time.Duration{20 * time.Minute, 10 * time.Minute, 15 * time.Minute, 40 * time.Minute, 5 * time.Minute} {
		s := b.acquire(b.withTerms(refresh, time.Duration(n+1)*time.Hour))
		b.wantIDs(s.Set(), "a")
		if s.Generation() != longest.Generation() {
			t.Error("it is another set")
		}
		if refresh == 5*time.Minute {
			defer func() { // the last one leaves: the next shortest counts after the fetch that is due
				b.release(b.config(), s)
				b.advance(5 * time.Minute)
				if d := b.untilFetch(longest); d != 10*time.Minute {
					t.Errorf("the next fetch is in %s", d)
				}
			}()
		}
	}
	if n := b.server.Requests(""); n != 1 {
		t.Errorf("%d requests", n)
	}
	if d := b.untilFetch(longest); d != 5*time.Minute {
		t.Errorf("the next fetch is in %s", d)
	}
	b.advance(5 * time.Minute)
	if n := b.server.Requests(""); n != 2 {
		t.Errorf("%d requests", n)
	}
}

// A refresh that is overdue by a new user's schedule comes at once.
func TestShorterRefreshIsOverdue(t *testing.T) {
	b := newBench(t, nil)
	b.acquire(b.withTerms(time.Hour, 0))
	b.advance(30 * time.Minute)
	b.acquire(b.withTerms(time.Minute, 0))
	eventually(t, "the fetch", func() bool { return b.server.Requests("") == 2 })
}

// A new user does not make the tries at a server that is down more frequent than they are for all.
func TestNewUserWhileDown(t *testing.T) {
	b := newBench(t, nil)
	s := b.acquire(b.withTerms(time.Hour, 0))
	b.server.Down()
	b.advance(time.Hour)
	b.acquire(b.withTerms(30*time.Minute, 0))
	if st := s.Status(); st.Failures != 1 || b.untilFetch(s) != time.Second {
		t.Errorf("after %d failures the next fetch is in %s", st.Failures, b.untilFetch(s))
	}
}

// The longest staleness counts for all.
func TestLongestStalenessCounts(t *testing.T) {
	b := newBench(t, nil)
	short := b.acquire(b.withTerms(0, time.Hour))
	long := b.acquire(b.withTerms(0, 3*time.Hour))
	b.server.Down()
	b.advance(3*time.Hour - time.Second)
	b.wantIDs(short.Set(), "a")
	b.wantIDs(long.Set(), "a")
	b.release(b.config(), long) // then it is the other one's again
	b.clock.asleep(t, 1)
	eventually(t, "the set is given up", func() bool { return short.Set().Len() == 0 })
}

// A longer staleness brings back what was given up before: it helps while an issuer is down.
func TestLongerStalenessBringsBack(t *testing.T) {
	b := newBench(t, nil)
	short := b.acquire(b.withTerms(0, time.Hour))
	b.server.Down()
	b.advance(2 * time.Hour)
	b.wantIDs(short.Set(), "")
	long := b.acquire(b.withTerms(0, 3*time.Hour))
	b.wantIDs(long.Set(), "a")
	b.wantIDs(short.Set(), "a")
	b.advance(time.Hour)
	b.wantIDs(long.Set(), "")
}

// The order in which users come after a restart does not matter.
func TestLongestStalenessCountsAfterARestart(t *testing.T) {
	b, dir, _ := newDiskBench(t)
	b.server.Down()
	b.clock.advance(2 * time.Hour)
	pool := b.newPool(func(o *Options) { o.Dir = dir })
	b.wantIDs(b.acquireFrom(pool, b.withTerms(0, time.Hour)).Set(), "")
	b.wantIDs(b.acquireFrom(pool, b.withTerms(0, 3*time.Hour)).Set(), "a")
}

// Certificate authorities decide whom to believe: what one has vouched for, a user of another does not get.
func TestAuthoritiesAreApart(t *testing.T) {
	server, other := jwttest.StartTLSKeyServer(keyA), string(mustRead(t, "testdata/ca.pem"))
	defer server.Close()
	b := newBench(t, nil)
	c := Config{URL: server.URL(jwttest.KeysPath), CA: server.CA(), Algorithms: everything}
	b.wantIDs(b.acquire(c).Set(), "a")
	c.CA = other
	b.wantIDs(b.acquireFrom(b.pool, c).Set(), "")
	b.clock.asleep(t, 2)
}

// Whether http is allowed is each user's own: it decides what the user gets, not who fetches.
func TestAllowHTTPIsEachUsersOwn(t *testing.T) {
	b := newBench(t, nil)
	plain := b.acquire(b.config())
	c := b.config()
	c.AllowHTTP = true
	b.server.Down()
	b.wantIDs(b.acquire(c).Set(), "a") // changing the field drops nothing
	b.release(b.config(), plain)
	b.wantIDs(b.acquire(b.config()).Set(), "a")
}

// A document that leads to http gives keys to those alone who allow that, and takes none from the others at once.
func TestDocumentThatLeadsToHTTP(t *testing.T) {
	foreign := jwttest.StartKeyServer(keyB)
	defer foreign.Close()
	b := newBench(t, func(o *Options) { o.Proxy = throughProxy(t, "issuer.invalid", foreign.URL("")) })
	b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath))
	c := Config{URL: b.server.URL(jwttest.DiscoveryPath), Algorithms: keys.NewAlgorithmSet(keys.ES256)}
	careful := b.acquire(c)
	b.server.Discovery(issuer, "http://issuer.invalid"+jwttest.KeysPath)
	b.advance(DefaultRefresh)
	if st := careful.Status(); st.Failures != 1 || foreign.Requests("") != 0 {
		t.Errorf("status %+v", st)
	}
	c.AllowHTTP = true
	lax := b.acquire(c)
	b.wantIDs(lax.Set(), "a")
	b.advance(time.Second)
	b.wantIDs(lax.Set(), "b")
	b.wantIDs(careful.Set(), "a")
	c.AllowHTTP = false
	b.wantIDs(b.acquire(c).Set(), "a")
	b.advance(DefaultMaxStale)
	b.wantIDs(lax.Set(), "b")
	b.wantIDs(careful.Set(), "")
}
