package jwttoken

import (
	"strings"
	"testing"
	"time"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/tidwall/gjson"

	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
)

// A fault of ours is an answer that tells nothing of it, and is counted with the driver's.
func TestFault(t *testing.T) {
	r := newRig(t)
	e := r.made(Config{Endpoint: "jwks"})
	e.serves.Store(&service{shared: r.shared, methods: []string{"GET"}, handle: func(*service, http_service.IHttpContext) answer {
		panic("the test's panic")
	}})
	before := r.shared.driver.Faults().Total()
	for range 2 {
		ctx := host.Get(t, "/oauth/jwks")
		must.Succeed(t, e.DoHttpFilter(ctx, nil))
		body := string(ctx.Response().GetBody())
		if ctx.Response().StatusCode() != 500 || gjson.Get(body, "error").Str != "server_error" || strings.Contains(body, "test's") {
			t.Errorf("%d %s", ctx.Response().StatusCode(), body)
		}
	}
	if got := r.shared.driver.Faults().Total() - before; got != 2 {
		t.Errorf("%d faults were counted, want 2", got)
	}
}

// redisFailsCases are those of TestRedisFails.
var redisFailsCases = map[string]struct{ down, up func(r *rig, s server) }{
	"frozen": {func(_ *rig, s server) { s.Freeze() }, func(_ *rig, s server) { s.Thaw() }},
	"killed": {func(_ *rig, s server) { s.Stop() }, func(r *rig, s server) {
		must.Succeed(r.t, s.Resume())
	}},
	"no such output": {func(r *rig, _ server) { r.shared.workers = outputs{} }, func(*rig, server) {}},
}

// Redis goes away in each of the ways there are, and comes back: nothing is given out meanwhile, tokens are verified,
// and nothing hangs.
func TestRedisFails(t *testing.T) {
	for name, fail := range redisFailsCases {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			s := r.overRedis()
			workers := r.shared.workers
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
			r.shared.workers = workers
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
