package issuing

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"apinto-jwt/test/e2e/rig"
)

// docs/issuing.md: "A revocation that got 503 has to be sent again."
func TestStalledRevocation(t *testing.T) {
	e, server := acceptance(t)
	e.Add(t, houseApp("Stalled"))
	mustLogin(t, e.Node, "stalled", "ann")
	for _, kind := range []string{"refresh", "access"} {
		var sessions []granted
		for range 2 {
			sessions = append(sessions, login(t, e.Node, "stalled", "ann"))
		}
		server.Freeze()
		for i, g := range sessions {
			raw := g.refresh
			if kind == "access" {
				raw = g.access
			}
			if g := post(t, e.Node, "revoke", "token", raw, "client_id", "stalled"); g.status != http.StatusServiceUnavailable {
				t.Errorf("revoke %d under a stall: %d %s", i, g.status, g.body)
			}
		}
		server.Thaw()
		rig.Within(t, 20*time.Second, func() error { // the gateway has its store back
			if g := login(t, e.Node, "stalled", "bob"); g.status != http.StatusOK {
				return fmt.Errorf("%d %s", g.status, g.body)
			}
			return nil
		})
		for i, g := range sessions {
			raw := g.refresh
			if kind == "access" {
				raw = g.access
			}
			if g := post(t, e.Node, "revoke", "token", raw, "client_id", "stalled"); g.status != http.StatusOK {
				t.Errorf("revoke %d after the stall: %d %s", i, g.status, g.body)
			}
			if err := revoked(t, e, e.Node, g.access); err != nil {
				t.Errorf("the %s token that was revoked as number %d: %v", kind, i, err)
			}
		}
	}
}

// RFC 7239 §4 is a list of RFC 9110 §5.6.1: a recipient must ignore empty elements.
func TestEmptyForwarded(t *testing.T) {
	e, _ := acceptance(t)
	e.Add(t, houseApp("Emptied"))
	mustLogin(t, e.Node, "emptied", "ann")
	target := e.Node.URL + "/proxied/token"
	atOnce(t, 100, func(i int) (granted, error) {
		return direct(target, passwordForm("emptied", fmt.Sprint("nobody-", i), "wrong"), "Forwarded: for=192.0.2.77")
	})
	for _, line := range []string{"Forwarded: for=192.0.2.77,", "X-Forwarded-For: 192.0.2.77,", "X-Forwarded-For: 192.0.2.77, ,"} {
		if got := send(t, http.MethodPost, target, passwordForm("emptied", "ann", rightPassword), line).status; got != http.StatusTooManyRequests {
			t.Errorf("%q: %d, want 429 for the client that failed", line, got)
		}
	}
}
