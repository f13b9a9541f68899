package issuing

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/jwttest/redis"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// Redis stands still, or is dead, in the middle of everything: nothing is lost by it, and nobody is locked out.
func TestIssuingOutage(t *testing.T) {
	t.Parallel() // most of it is waiting
	server := redis.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	e := rig.Own(t)
	must.Succeed(t, e.Node.Create(t.Context(), gateway.Redis{Name: "Vault", Addr: server.Addr}))
	must.Succeed(t, e.Node.Issuing(t.Context(), e.Log, "Vault"))
	e.Add(t, houseApp("Outage", "dave"))
	mustLogin(t, e.Node, "outage", "ann")
	back := func(what string, user string) granted {
		t.Helper()
		var g granted
		rig.Within(t, 20*time.Second, func() error {
			if g = login(t, e.Node, "outage", user); g.status != http.StatusOK {
				return fmt.Errorf("%s: %d %s", what, g.status, g.body)
			}
			return nil
		})
		return g
	}
	for _, way := range []struct {
		name, user string
		down, up   func()
	}{
		{"frozen", "ann", server.Freeze, server.Thaw},
		{"killed", "bob", server.Stop, func() {
			if err := server.Resume(); err != nil {
				t.Error(err)
			}
		}},
	} {
		kept, ended, used := login(t, e.Node, "outage", way.user), login(t, e.Node, "outage", way.user), login(t, e.Node, "outage", way.user)
		next := refresh(t, e.Node, used.refresh)
		way.down()
		start := time.Now()
		// Twelve logins, twelve wrong ones, ten refreshes, a revocation and a replay, all at once.
		got := atOnce(t, 36, func(i int) (granted, error) {
			form, kind := loginPairs("outage", way.user), "token"
			switch {
			case i < 12:
				form[7] = "wrong"
			case i < 22:
				form = []string{"grant_type", "refresh_token", "refresh_token", kept.refresh}
			case i == 22:
				form, kind = []string{"token", ended.refresh, "client_id", "OUTAGE"}, "revoke"
			case i == 23:
				form = []string{"grant_type", "refresh_token", "refresh_token", used.refresh}
			}
			g, err := tryPost(e.Node, kind, form...)
			if g.retryAfter == "" {
				t.Errorf("%s: %s %v: no Retry-After: %d %s", way.name, kind, form[1], g.status, g.body)
			}
			return g, err
		})
		if got[http.StatusServiceUnavailable] != 36 {
			t.Errorf("%s: %v", way.name, got)
		}
		if took := time.Since(start); took > 6*time.Second {
			t.Errorf("%s: all that took %s", way.name, took)
		}
		if err := e.Send(t, e.Node, rig.Bearer(kept.access)).Accepted(); err != nil {
			t.Errorf("%s: %v", way.name, err)
		}
		way.up()
		back(way.name+": the right password afterwards", way.user)
		if g := refresh(t, e.Node, kept.refresh); g.status != http.StatusOK {
			t.Errorf("%s: the refresh that got no answer, again: %d %s", way.name, g.status, g.body)
		} else if g = refresh(t, e.Node, g.refresh); g.status != http.StatusOK {
			t.Errorf("%s: and the next: %d %s", way.name, g.status, g.body)
		}
		if g := post(t, e.Node, "revoke", "token", ended.refresh, "client_id", "outage"); g.status != http.StatusOK {
			t.Errorf("%s: the revocation again: %d %s", way.name, g.status, g.body)
		}
		if err := revoked(t, e, e.Node, ended.access); err != nil {
			t.Errorf("%s: %v", way.name, err)
		}
		if g := refresh(t, e.Node, next.refresh); g.status != http.StatusOK {
			t.Errorf("%s: a session that was in its ten seconds: %d %s", way.name, g.status, g.body)
		}
	}

	// Restarted while Redis takes connections and says nothing.
	kept, ended := back("before the restart", "dave"), login(t, e.Node, "outage", "dave")
	post(t, e.Node, "revoke", "token", ended.refresh, "client_id", "outage")
	server.Freeze()
	must.Succeed(t, e.Node.Restart(t.Context()))
	e.Accept(t, e.Node, rig.Bearer(kept.access))
	rig.Within(t, 5*time.Second, func() error {
		if g, err := tryPost(e.Node, "token", loginPairs("outage", "dave")...); err != nil || g.status != 503 || g.retryAfter == "" {
			return fmt.Errorf("login with a silent Redis after a restart: %w, %d %s", err, g.status, g.body)
		}
		return nil
	})
	server.Thaw()
	rig.Within(t, 20*time.Second, func() error { return revoked(t, e, e.Node, ended.access) })
	if g := refresh(t, e.Node, kept.refresh); g.status != http.StatusOK {
		t.Errorf("a session from before: %d %s", g.status, g.body)
	}
	back("after the restart", "dave")
}
