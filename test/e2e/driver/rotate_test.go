package driver

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/load"
	"apinto-jwt/test/e2e/rig"
)

func rotatedApp(secret string) gateway.App {
	return gateway.JWTApp("rotated", gateway.Auth{
		Position: "header", TokenName: "X-Rotated",
		Config: gateway.Rule{"algorithm": "HS256", "secret": secret, "path": "sub"}, Users: []gateway.User{{Name: "ann"}},
	})
}

// TestNewSecretUnderLoad changes one application while another one and an open
// route are in use all the time.
func TestNewSecretUnderLoad(t *testing.T) {
	e := rig.Shared(t)
	app := func(round int) gateway.App { return rotatedApp(secretOfRound(round)) }
	request := func(round int) rig.Call {
		return rig.InHeader("X-Rotated", jwttest.Sign(t, "HS256", secretOfRound(round), nil, rig.Claims{"sub": "ann"}))
	}
	e.Add(t, app(0))
	e.Accept(t, e.Node, request(0))

	unchanged := e.Load(t, "/load/unchanged", rig.Bearer(rig.AnchorToken(t)).Header)
	open := e.Load(t, "/open/load/x", http.Header{})
	for round := 1; round <= 5; round++ {
		begin := time.Now()
		e.Replace(t, app(round))
		rig.Within(t, rig.Settle-time.Since(begin), func() error {
			if err := e.Send(t, e.Node, request(round)).Accepted(); err != nil {
				return err
			}
			return e.Send(t, e.Node, request(round-1)).Refused()
		})
		rig.InUse(t, unchanged, open)
	}
	begin := time.Now()
	if err := e.Node.Delete(t.Context(), app(0)); err != nil {
		t.Fatal(err)
	}
	rig.Within(t, rig.Settle-time.Since(begin), func() error { return e.Send(t, e.Node, request(5)).Refused() })
	rig.InUse(t, unchanged, open)

	for name, run := range map[string]*load.Run{"unchanged application": unchanged, "open route": open} {
		if got := run.Stop(); got.Failed > 0 {
			t.Errorf("%s: %d of %d requests failed, the first with %s", name, got.Failed, got.Sent, got.First)
		}
	}
}

func secretOfRound(round int) string {
	return fmt.Sprintf("the secret of round %d, and some length", round)
}
