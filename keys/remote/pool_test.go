package remote

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
)

// However many users a set has, it is fetched once, and each sees what its algorithms allow.
func TestSharing(t *testing.T) {
	b := newBench(t, nil)
	b.server.SetKeys(keyA, keyR, keyS)
	tests := []struct {
		algorithms keys.AlgorithmSet
		want       string
	}{
		{everything, "a r s"},
		{keys.NewAlgorithmSet(keys.ES256, keys.PS256), "a r"},
		{keys.NewAlgorithmSet(keys.HS256), "s"},
		{keys.NewAlgorithmSet(keys.EdDSA), ""},
	}
	for range 250 {
		for _, test := range tests {
			c := b.config()
			c.Algorithms = test.algorithms
			s := b.acquire(c)
			b.wantIDs(s.Set(), test.want)
			if set := s.Set(); s.Set() != set {
				t.Fatal("the set is not the same from one moment to the next")
			}
			for _, k := range s.Set().Keys() {
				if k.Algorithms()&^test.algorithms != 0 {
					t.Fatalf("%s may verify %s", k, k.Algorithms())
				}
			}
		}
	}
	if n := b.server.Requests(""); n != 1 {
		t.Errorf("%d requests for 1,000 users", n)
	}
	if n := len(b.log.with("none can be used for EdDSA")); n != 1 {
		t.Errorf("%d lines say that a user has no keys", n)
	}
}

// The last release, and no other, ends the fetching and its goroutine.
func TestRelease(t *testing.T) {
	b := newBench(t, nil)
	before := runtime.NumGoroutine()
	first, second := b.acquire(b.config()), b.acquire(b.config())
	first.Release()
	first.Release()
	b.server.SetKeys(keyB)
	b.advance(DefaultRefresh)
	b.wantIDs(second.Set(), "b")
	second.Release()
	b.clock.asleep(t, 0)
	eventually(t, "the goroutine to end", func() bool { return runtime.NumGoroutine() <= before })
	b.clock.advance(time.Hour)
	time.Sleep(10 * time.Millisecond)
	if n := b.server.Requests(""); n != 2 {
		t.Errorf("%d requests", n)
	}
	if len(b.pool.fetchers) != 0 {
		t.Errorf("%d fetchers are left", len(b.pool.fetchers))
	}
	third := b.acquire(b.config())
	b.wantIDs(third.Set(), "b")
	if third.Generation() == second.Generation() {
		t.Error("two sets have one generation")
	}
	second.Release() // has nothing to do with the third
	b.acquire(b.config())
	if n := b.server.Requests(""); n != 3 {
		t.Errorf("%d requests", n)
	}
}

// A fetch that is under way ends with the release.
func TestReleaseWhileFetching(t *testing.T) {
	b := newBench(t, func(o *Options) { o.Timeout = time.Minute })
	before := runtime.NumGoroutine()
	b.server.Delay(time.Minute)
	s := b.acquireFrom(b.pool, b.config())
	eventually(t, "the request", func() bool { return b.server.Requests("") == 1 })
	s.Release()
	eventually(t, "the goroutines to end", func() bool { return runtime.NumGoroutine() <= before })
	if len(b.log.with("")) != 0 {
		t.Errorf("log %q", b.log.with(""))
	}
}

// Users come and go at the same time, on the system's clock.
func TestConcurrentUse(t *testing.T) {
	servers := []*jwttest.KeyServer{jwttest.StartKeyServer(keyA), jwttest.StartKeyServer(keyA, keyR)}
	for _, server := range servers {
		defer server.Close()
	}
	before := runtime.NumGoroutine()
	pool := NewPool(Options{Dir: t.TempDir(), DemandInterval: time.Millisecond})
	var group sync.WaitGroup
	for range 16 {
		group.Add(1)
		go func() {
			defer group.Done()
			for range 25 {
				server := servers[rand.IntN(len(servers))]
				s, err := pool.Acquire(Config{URL: server.URL(jwttest.KeysPath), Algorithms: everything}, func() {})
				if err != nil {
					t.Error(err)
					return
				}
				if s.Refresh(t.Context(), s.Set()).Len() == 0 {
					t.Error("no keys")
				}
				_ = fmt.Sprint(s.Status(), s.Generation())
				if rand.IntN(2) == 0 {
					server.SetKeys(keyA, keyB)
				} else {
					server.SetKeys(keyA)
				}
				s.Refresh(t.Context(), s.Set())
				s.Release()
			}
		}()
	}
	group.Wait()
	if len(pool.fetchers) != 0 {
		t.Errorf("%d fetchers are left", len(pool.fetchers))
	}
	for _, server := range servers {
		server.Close()
	}
	eventually(t, "the goroutines to end", func() bool { return runtime.NumGoroutine() <= before })
}

// Callbacks may use the source, and end with it.
func TestOnChange(t *testing.T) {
	b := newBench(t, nil)
	var s *Source
	var generations []uint64
	ready := make(chan struct{})
	s, err := b.pool.Acquire(b.config(), func() {
		<-ready
		generations = append(generations, s.Generation())
		if len(generations) == 2 {
			s.Release()
		}
	})
	must.Succeed(t, err)
	close(ready)
	other := b.acquire(b.config())
	b.advance(DefaultRefresh) // nothing has changed
	b.server.SetKeys(keyB)
	b.advance(DefaultRefresh)
	b.server.SetKeys(keyA)
	b.advance(DefaultRefresh)
	b.wantIDs(other.Set(), "a")
	if len(generations) != 2 || generations[0] == generations[1] {
		t.Errorf("generations %v", generations)
	}
}

// Once Release is called, no callback begins.
func TestNoCallbackAfterRelease(t *testing.T) {
	b := newBench(t, nil)
	b.server.Fail(500)
	var sources [2]*Source
	var calls atomic.Int32
	for i := range sources {
		s, err := b.pool.Acquire(b.config(), func() {
			calls.Add(1)
			sources[0].Release()
			sources[1].Release()
		})
		must.Succeed(t, err)
		sources[i] = s
	}
	b.clock.asleep(t, 1)
	b.server.Fail(200)
	b.clock.advance(time.Second)
	b.clock.asleep(t, 0)
	eventually(t, "the change", func() bool { return len(b.log.with("has 1 keys")) == 1 })
	time.Sleep(10 * time.Millisecond)
	if n := calls.Load(); n != 1 {
		t.Errorf("%d calls", n)
	}
}

// Neither logs nor the status show what a query may have in it.
func TestQueryIsNotShown(t *testing.T) {
	b := newBench(t, nil)
	c := b.config()
	c.URL += "?key=pass-word"
	s := b.acquire(c)
	b.wantIDs(s.Set(), "a")
	b.server.Down()
	b.advance(DefaultRefresh)
	if len(b.log.with("pass-word")) != 0 || len(b.log.with("cannot be fetched")) != 1 {
		t.Errorf("log %q", b.log.with(""))
	}
	if status := fmt.Sprintf("%+v", s.Status()); strings.Contains(status, "pass-word") {
		t.Errorf("status %s", status)
	}
}

// The log may ask for the status.
func TestLogMayAsk(t *testing.T) {
	var s *Source
	dir := t.TempDir()
	ready := make(chan struct{})
	b := newBench(t, func(o *Options) {
		o.Dir = dir
		o.Log = func(Level, string) {
			<-ready
			s.Status()
		}
	})
	s, err := b.pool.Acquire(b.config(), nil)
	must.Succeed(t, err)
	close(ready)
	defer s.Release()
	b.clock.asleep(t, 1)
}
