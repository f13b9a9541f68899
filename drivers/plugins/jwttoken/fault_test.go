package jwttoken

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/tidwall/gjson"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/jwttest/host"
)

// A fault of ours is an answer that tells nothing of it, and is counted with the driver's.
func TestFault(t *testing.T) {
	driver.Register(nil)
	r := newRig(t)
	e := r.made(Config{Endpoint: "jwks"})
	e.serves.Store(&service{office: r.office, methods: []string{"GET"}, handle: func(*service, http_service.IHttpContext) answer {
		panic("the test's panic")
	}})
	before := driver.Faults().Total()
	for range 2 {
		ctx := host.Get(t, "/oauth/jwks")
		if err := e.DoHttpFilter(ctx, nil); err != nil {
			t.Fatal(err)
		}
		body := string(ctx.Response().GetBody())
		if ctx.Response().StatusCode() != 500 || gjson.Get(body, "error").Str != "server_error" || strings.Contains(body, "test's") {
			t.Errorf("%d %s", ctx.Response().StatusCode(), body)
		}
	}
	if got := driver.Faults().Total() - before; got != 2 {
		t.Errorf("%d faults were counted, want 2", got)
	}
}

// Redis goes away in each of the ways there are, and comes back: nothing is given out meanwhile, tokens are verified,
// and nothing hangs.
func TestRedisFails(t *testing.T) {
	for name, fail := range map[string]struct{ down, up func(r *rig, s server) }{
		"frozen": {func(_ *rig, s server) { s.Freeze() }, func(_ *rig, s server) { s.Thaw() }},
		"killed": {func(_ *rig, s server) { s.Stop() }, func(r *rig, s server) {
			if err := s.Resume(); err != nil {
				r.t.Fatal(err)
			}
		}},
		"no such output": {func(r *rig, _ server) { r.office.workers = outputs{} }, func(*rig, server) {}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			s := r.overRedis()
			workers := r.office.workers
			a, b := r.login("shop", "ann"), r.login("shop", "ann")
			r.post("revoke", "token", b.text("access_token"), "client_id", "shop")
			fail.down(r, s)
			for what, pairs := range map[string][]string{
				"token":      {"grant_type", "password", "client_id", "shop", "username", "ann", "password", secret},
				"revoke":     {"token", a.text("refresh_token"), "client_id", "shop"},
				"introspect": {"token", a.text("access_token"), "Authorization", basic("shop|ann", secret)},
			} {
				start := time.Now()
				got := r.post(what, pairs...)
				if took := time.Since(start); got.status != 503 || got.headers["retry-after"] == "" || took > 2*storeLimit {
					t.Errorf("%s: %s after %s", what, got.code(), took)
				}
			}
			if got := r.refresh(a.text("refresh_token")); got.status != 503 {
				t.Errorf("refresh: %s", got.code())
			}
			start := time.Now()
			for range 50 {
				if got := r.accepts(a.text("access_token")); got != "ann of shop@app" {
					t.Fatalf("verification: %s", got)
				}
			}
			if took := time.Since(start); took > 3*storeLimit {
				t.Errorf("50 requests took %s: each waits for the store", took)
			}
			if got := r.accepts(b.text("access_token")); got != "token_revoked" {
				t.Errorf("what the process knows to be revoked: %s", got)
			}
			r.office.workers = workers
			fail.up(r, s)
			deadline := time.Now().Add(20 * time.Second)
			for r.post("token", "grant_type", "password", "client_id", "shop", "username", "ann", "password", secret).status != 200 {
				if time.Now().After(deadline) {
					t.Fatal("logins do not come back with the store")
				}
				time.Sleep(100 * time.Millisecond)
			}
		})
	}
}

type server interface {
	Freeze()
	Thaw()
	Stop()
	Resume() error
}

// storeFake fails when it is told to, and counts.
type storeFake struct {
	store
	err   error
	asked int
}

func (s *storeFake) ended(id string) (bool, error) {
	s.asked++
	if s.err != nil {
		return false, s.err
	}
	return s.store.ended(id)
}

// While the store fails it is asked once a second; on_store_failure decides for what the process knows.
func TestWatchWhileTheStoreFails(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	clock := func() time.Time { return now }
	s := &storeFake{store: newMemory(clock)}
	w := newWatch("test", s, clock)
	never := now.Add(time.Hour)
	if err := s.end("dead", time.Hour); err != nil {
		t.Fatal(err)
	}
	if !w.Revoked("dead.1", never) || w.Revoked("live.1", never) {
		t.Fatal("the store answers and is not heeded")
	}
	s.err, s.asked = errors.New("down"), 0
	for range 10 {
		if !w.Revoked("dead.1", never) || w.Revoked("live.1", never) || w.Revoked("dead.2", never) {
			t.Fatal("deny: what is known stays refused, and nothing else is")
		}
	}
	if s.asked != 1 {
		t.Errorf("the store that fails was asked %d times", s.asked)
	}
	w.allow.Store(true)
	if w.Revoked("dead.1", never) {
		t.Error("allow: a token is refused")
	}
	now = now.Add(askAgain)
	for range 2 { // the first asks the store
		if w.Revoked("dead.1", never) {
			t.Error("allow: a token is refused when the store is asked again")
		}
	}
	if s.asked != 2 {
		t.Errorf("after a second it was asked %d times in all", s.asked)
	}
	s.err = nil
	now = now.Add(askAgain)
	if w.Revoked("live.1", never) || !w.Revoked("dead.1", never) || !w.Revoked("dead.2", never) {
		t.Error("the store answers again and is not heeded")
	}
}

// A store that does not answer is waited for by nobody, and what was called ends by itself.
func TestNothingLeaks(t *testing.T) {
	r := newRig(t)
	s := r.overRedis()
	a := r.login("shop", "ann")
	before := runtime.NumGoroutine()
	s.Freeze()
	id := gjson.Get(payload(t, a.text("access_token")), "jti").Str
	store := r.office.stores[r.cache].store
	start := time.Now()
	for range 5 {
		if _, err := store.ended(id); !errors.Is(err, errSlow) {
			t.Fatalf("got %v", err)
		}
	}
	if took := time.Since(start); took > 5*storeLimit+time.Second {
		t.Errorf("five calls took %s", took)
	}
	s.Thaw()
	for deadline := time.Now().Add(20 * time.Second); runtime.NumGoroutine() > before+2; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
	if n := len(r.office.stores[r.cache].store.(*redisStore).slots); n != 0 {
		t.Errorf("%d calls are under way", n)
	}
}

// The process's store is bounded, and what has expired makes room.
func TestMemoryIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	now := time.Unix(1_700_000_000, 0)
	m := newMemory(func() time.Time { return now })
	l := limit{failuresPerUser, failurePeriod, attemptLease}
	for i := range maxCounters {
		if _, _, err := m.reserve(random(9), "a", l); err != nil {
			t.Fatalf("counter %d: %v", i, err)
		}
	}
	if _, _, err := m.reserve("one more", "a", l); !errors.Is(err, errFull) {
		t.Errorf("beyond the bound: %v", err)
	}
	for i := range maxFamilies / 2 {
		if err := m.revoke(random(9), time.Minute); err != nil {
			t.Fatalf("revoked token %d: %v", i, err)
		}
	}
	if err := m.revoke("one.more", time.Minute); !errors.Is(err, errFull) {
		t.Errorf("revoked tokens beyond the bound: %v", err)
	}
	if err := m.begin("f", "o", 1, time.Hour); err != nil {
		t.Errorf("counters and revoked tokens take the families' room: %v", err)
	}
	now = now.Add(failurePeriod)
	if _, _, err := m.reserve("one more", "a", l); err != nil || m.counters.len() >= maxCounters {
		t.Errorf("after they have expired: %v, %d counters", err, m.counters.len())
	}
	now = now.Add(time.Hour)
	if alive, _ := m.current("f", 1); alive {
		t.Error("a family outlives its time")
	}
}
