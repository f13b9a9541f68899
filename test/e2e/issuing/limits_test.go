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

// Many at once, a Redis that stands still, and many sessions: what the endpoints bound, and what they must not.
func TestIssuingLimits(t *testing.T) {
	server := redis.Start(t)
	e := rig.Own(t)
	must.Succeed(t, e.Node.Create(t.Context(), gateway.Redis{Name: "sessions", Addr: server.Addr}))
	must.Succeed(t, e.Node.Issuing(t.Context(), e.Log, "sessions"))
	e.Add(t, rig.IssuingApp("shop"))
	mustLogin(t, e.Node, "shop", "ann")

	t.Run("right passwords", func(t *testing.T) { rightPasswords(t, e) })
	t.Run("stall", func(t *testing.T) { stalled(t, e, server) })
	t.Run("sessions", func(t *testing.T) { boundedSessions(t, e) })
}

// rightPasswords: those of one user at once, and of many users behind one address.
func rightPasswords(t *testing.T, e *rig.Env) {
	const some = 20
	got := atOnce(t, some, func(int) (granted, error) {
		return direct(e.Node.URL+"/oauth/token", passwordForm("shop", "ann", rightPassword))
	})
	if got[http.StatusOK] != some {
		t.Errorf("%d logins of one user: %v", some, got)
	}
	if g := login(t, e.Node, "shop", "ann"); g.status != http.StatusOK {
		t.Errorf("a lone one after that: %d %s", g.status, g.body)
	}
	const apps, users = 5, 30
	for i := range apps {
		app := rig.IssuingApp(fmt.Sprintf("shop-%d", i))
		for j := range users {
			app.Auth[0].Users = append(app.Auth[0].Users, gateway.User{Name: fmt.Sprintf("user-%d", j), Password: rig.IssuedHash})
		}
		e.Add(t, app)
		mustLogin(t, e.Node, app.Name, "ann")
	}
	got = atOnce(t, apps*users, func(i int) (granted, error) {
		return direct(e.Node.URL+"/oauth/token", passwordForm(fmt.Sprintf("shop-%d", i%apps), fmt.Sprintf("user-%d", i/apps), rightPassword))
	})
	if got[http.StatusOK] != apps*users {
		t.Errorf("%d users behind one address: %v", apps*users, got)
	}
}

// stalled: Redis stands still for eight seconds under a client that tries to refresh again and again.
func stalled(t *testing.T, e *rig.Env, server *redis.Server) {
	first := mustLogin(t, e.Node, "shop", "ann")
	server.Freeze()
	for begun := time.Now(); time.Since(begun) < 8*time.Second; time.Sleep(500 * time.Millisecond) {
		if g := refresh(t, e.Node, first.refresh); g.status != http.StatusServiceUnavailable || g.retryAfter == "" {
			t.Errorf("while Redis stands still: %d %s", g.status, g.body)
		}
	}
	server.Thaw()
	var second granted
	rig.Within(t, 20*time.Second, func() error {
		if second = refresh(t, e.Node, first.refresh); second.status == http.StatusServiceUnavailable {
			return fmt.Errorf("%d %s", second.status, second.body)
		}
		return nil
	})
	if second.status != http.StatusOK {
		t.Fatalf("the refresh that gets an answer: %d %s", second.status, second.body)
	}
	third := refresh(t, e.Node, second.refresh)
	if third.status != http.StatusOK {
		t.Fatalf("the next refresh: %d %s", third.status, third.body)
	}
	for _, g := range []granted{first, second, third} {
		e.Accept(t, e.Node, rig.Bearer(g.access))
	}
	if g := refresh(t, e.Node, first.refresh); g.status != http.StatusBadRequest {
		t.Errorf("a used refresh token: %d %s", g.status, g.body)
	}
	if err := revoked(t, e, e.Node, third.access); err != nil {
		t.Errorf("the stolen session: %v", err)
	}
}

// boundedSessions: one more ends the oldest, and so many logins in a minute are enough.
func boundedSessions(t *testing.T, e *rig.Env) {
	bounded := gateway.Endpoint{
		Kind: "token", Name: "bounded", Location: "/bounded/token", Cache: "sessions",
		Config: map[string]any{"max_sessions": 2, "max_logins": 4},
	}
	must.Succeed(t, e.Node.Create(t.Context(), bounded))
	e.Add(t, rig.IssuingApp("mall"))
	var sessions []granted
	rig.Within(t, 10*time.Second, func() error {
		g, err := direct(e.Node.URL+bounded.Location, passwordForm("mall", "ann", rightPassword))
		if err == nil && g.access == "" {
			err = fmt.Errorf("%d %s", g.status, g.body)
		}
		sessions = append(sessions[:0], g)
		return err
	})
	for range 2 {
		g, err := direct(e.Node.URL+bounded.Location, passwordForm("mall", "ann", rightPassword))
		if err != nil || g.status != http.StatusOK {
			t.Fatalf("%v, %d %s", err, g.status, g.body)
		}
		sessions = append(sessions, g)
	}
	if err := revoked(t, e, e.Node, sessions[0].access); err != nil {
		t.Errorf("the oldest of three sessions: %v", err)
	}
	for _, g := range sessions[1:] {
		e.Accept(t, e.Node, rig.Bearer(g.access))
	}
	got := atOnce(t, 4, func(int) (granted, error) {
		return direct(e.Node.URL+bounded.Location, passwordForm("mall", "ann", rightPassword))
	})
	if got[http.StatusTooManyRequests] < 3 || got[http.StatusOK]+got[http.StatusTooManyRequests] != 4 {
		t.Errorf("more logins in the minute: %v", got)
	}
}
