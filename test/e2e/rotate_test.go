package e2e

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/load"
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
	e := shared.get(t)
	app := func(round int) gateway.App { return rotatedApp(secretOfRound(round)) }
	request := func(round int) call {
		return inHeader("X-Rotated", jwttest.Sign(t, "HS256", secretOfRound(round), nil, claims{"sub": "ann"}))
	}
	e.add(t, app(0))
	e.accept(t, e.node, request(0))

	unchanged := e.load(t, "/load/unchanged", bearer(anchorToken(t)).header)
	open := e.load(t, "/open/load/x", http.Header{})
	for round := 1; round <= 5; round++ {
		begin := time.Now()
		e.replace(t, app(round))
		within(t, settle-time.Since(begin), func() error {
			if err := e.send(t, e.node, request(round)).accepted(); err != nil {
				return err
			}
			return e.send(t, e.node, request(round-1)).refused()
		})
		inUse(t, unchanged, open)
	}
	begin := time.Now()
	if err := e.node.Delete(t.Context(), app(0)); err != nil {
		t.Fatal(err)
	}
	within(t, settle-time.Since(begin), func() error { return e.send(t, e.node, request(5)).refused() })
	inUse(t, unchanged, open)

	for name, run := range map[string]*load.Run{"unchanged application": unchanged, "open route": open} {
		if got := run.Stop(); got.Failed > 0 {
			t.Errorf("%s: %d of %d requests failed, the first with %s", name, got.Failed, got.Sent, got.First)
		}
	}
}

// inUse waits until each load has sent more requests, begun after this call.
func inUse(t *testing.T, runs ...*load.Run) {
	t.Helper()
	for _, run := range runs {
		more := run.Sent() + 20
		within(t, 10*time.Second, func() error {
			if sent := run.Sent(); sent < more {
				return fmt.Errorf("%d requests sent, want %d", sent, more)
			}
			return nil
		})
	}
}

func secretOfRound(round int) string {
	return fmt.Sprintf("the secret of round %d, and some length", round)
}

// load sends requests to a path until the test stops it, at the latest when
// the test ends. It starts once the path answers.
func (e *env) load(t *testing.T, path string, header http.Header) *load.Run {
	t.Helper()
	within(t, settle, func() error { // not accepted(): the upstream does not keep the load's requests
		if got := e.sendTo(t, e.node, path, call{header: header}); got.status != http.StatusOK {
			return fmt.Errorf("%s: status %d", path, got.status)
		}
		return nil
	})
	run, err := load.Start(e.node.URL+path, header, load.Options{Workers: 2, Pause: 5 * time.Millisecond, Duration: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { run.Stop() })
	return run
}
