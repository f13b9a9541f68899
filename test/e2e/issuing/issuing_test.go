package issuing

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/jwttest/redis"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
	"apinto-jwt/token"
)

func tokenID(t *testing.T, raw string) string {
	t.Helper()
	u, err := token.Parse(raw)
	must.Succeed(t, err)
	return gjson.Get(u.UntrustedPayload(), "jti").Str
}

// revoked is nil if the node refuses the token because it was ended.
func revoked(t *testing.T, e *rig.Env, node *gateway.Node, raw string) error {
	t.Helper()
	return e.Send(t, node, rig.Bearer(raw)).Refused()
}

// One gateway, with the store of its process: the hashes end tokens that have been accepted, and are there after a
// restart; the endpoints work without any Redis.
func TestIssuing(t *testing.T) {
	e := rig.Own(t)
	must.Succeed(t, e.Node.Issuing(t.Context(), e.Log, ""))
	e.Add(t, rig.IssuingApp("shop"))
	first := mustLogin(t, e.Node, "shop", "ann")
	e.Accept(t, e.Node, rig.Bearer(first.access))
	second := refresh(t, e.Node, first.refresh)
	if second.status != http.StatusOK {
		t.Fatal(second.body)
	}
	e.Accept(t, e.Node, rig.Bearer(second.access))

	if g := post(t, e.Node, "revoke", "token", second.access, "client_id", "shop"); g.status != http.StatusOK {
		t.Fatal(g.body)
	}
	answer := e.Refuse(t, e.Node, rig.Bearer(second.access))
	entry, err := e.Node.AccessEntry(t.Context(), e.Log, "uri", answer.Path)
	if err != nil || entry["jwt_result"] != "token_revoked" {
		t.Errorf("access log: %v, %v", entry, err)
	}
	e.Accept(t, e.Node, rig.Bearer(first.access))

	// The hash, on a token that is remembered; off again; and over a restart.
	id := tokenID(t, first.access)
	must.Succeed(t, e.Node.SetHash(t.Context(), "jwt_revoked", id, fmt.Sprint(time.Now().Add(time.Hour).Unix())))
	rig.Within(t, time.Second, func() error { return revoked(t, e, e.Node, first.access) })
	must.Succeed(t, e.Node.SetHash(t.Context(), "jwt_revoked", id, ""))
	e.Accept(t, e.Node, rig.Bearer(first.access))
	bob := mustLogin(t, e.Node, "shop", "bob")
	must.Succeed(t, e.Node.SetHash(t.Context(), "jwt_not_before", "shop|ann", fmt.Sprint(time.Now().Unix()+1)))
	rig.Within(t, time.Second, func() error { return revoked(t, e, e.Node, first.access) })
	e.Accept(t, e.Node, rig.Bearer(bob.access))
	if g := refresh(t, e.Node, second.refresh); g.status != http.StatusBadRequest {
		t.Errorf("a refresh token from before jwt_not_before: %d %s", g.status, g.body)
	}
	must.Succeed(t, e.Node.Restart(t.Context()))
	e.Accept(t, e.Node, rig.Bearer(bob.access))
	if err := revoked(t, e, e.Node, first.access); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	again := mustLogin(t, e.Node, "shop", "ann")
	e.Accept(t, e.Node, rig.Bearer(again.access))
}

// Three nodes with one Redis: a login on one is good on all, and what is ended on one is ended on all.
func TestIssuingCluster(t *testing.T) {
	server := redis.Start(t)
	e := rig.Own(t)
	second, third := rig.StartNode(t), rig.StartNode(t)
	must.Succeed(t, second.Join(t.Context(), e.Node))
	must.Succeed(t, e.Node.Create(t.Context(), gateway.Redis{Name: "sessions", Addr: server.Addr}))
	must.Succeed(t, e.Node.Issuing(t.Context(), e.Log, "sessions"))
	if err := e.Node.Create(t.Context(), rig.IssuingApp("shop")); err != nil { // it goes with the cluster
		t.Fatal(err)
	}

	// Before the third joins, something is ended by hash.
	before := mustLogin(t, e.Node, "shop", "ann")
	e.Accept(t, second, rig.Bearer(before.access))
	must.Succeed(t, e.Node.SetHash(t.Context(), "jwt_revoked", tokenID(t, before.access), "4102444800"))
	rig.Within(t, time.Second, func() error { return revoked(t, e, second, before.access) })
	rig.Within(t, 30*time.Second, func() error { return third.Join(t.Context(), e.Node) }) // the host does not always take it at once
	nodes := map[string]*gateway.Node{"first": e.Node, "second": second, "third": third}
	for _, node := range nodes {
		mustLogin(t, node, "shop", "bob")
	}
	if err := revoked(t, e, third, before.access); err != nil {
		t.Errorf("the node that joined does not know what was ended: %v", err)
	}

	// Log in on the first, call the second, refresh on the third, revoke on the first.
	one := mustLogin(t, e.Node, "shop", "ann")
	e.Accept(t, second, rig.Bearer(one.access))
	two := refresh(t, third, one.refresh)
	if two.status != http.StatusOK {
		t.Fatal(two.body)
	}
	for _, node := range nodes {
		e.Accept(t, node, rig.Bearer(two.access))
	}
	if g := post(t, e.Node, "revoke", "token", two.refresh, "client_id", "shop"); g.status != http.StatusOK {
		t.Fatal(g.body)
	}
	for name, node := range nodes { // at once
		for what, raw := range map[string]string{"the first": one.access, "the refreshed": two.access} {
			if err := revoked(t, e, node, raw); err != nil {
				t.Errorf("%s access token at the %s node: %v", what, name, err)
			}
		}
	}
	// A used refresh token at another node ends the session everywhere.
	three := mustLogin(t, second, "shop", "ann")
	four := refresh(t, third, three.refresh)
	refresh(t, e.Node, four.refresh)
	if g := refresh(t, e.Node, three.refresh); g.status != http.StatusBadRequest {
		t.Errorf("a used refresh token: %d %s", g.status, g.body)
	}
	for name, node := range nodes {
		if err := revoked(t, e, node, four.access); err != nil {
			t.Errorf("the stolen session at the %s node: %v", name, err)
		}
	}

	// The leader dies.
	kept := mustLogin(t, e.Node, "shop", "ann")
	leader := e.Node.Master()
	must.Succeed(t, syscall.Kill(-leader, syscall.SIGKILL))
	for range 20 {
		must.Succeed(t, e.Send(t, second, rig.Bearer(kept.access)).Accepted())
	}
	after := mustLogin(t, third, "shop", "ann")
	e.Accept(t, second, rig.Bearer(after.access))
	if g := refresh(t, second, kept.refresh); g.status != http.StatusOK {
		t.Errorf("refresh after the leader's death: %d %s", g.status, g.body)
	}
	if err := revoked(t, e, third, before.access); err != nil {
		t.Errorf("what was ended by hash: %v", err)
	}
}

// Redis stops under load and comes back: nothing is given out meanwhile, verification goes on.
func TestIssuingWithoutRedis(t *testing.T) {
	server := redis.Start(t)
	e := rig.Own(t)
	must.Succeed(t, e.Node.Create(t.Context(), gateway.Redis{Name: "sessions", Addr: server.Addr}))
	must.Succeed(t, e.Node.Issuing(t.Context(), e.Log, "sessions"))
	e.Add(t, rig.IssuingApp("shop"))
	g := mustLogin(t, e.Node, "shop", "ann")
	ended := mustLogin(t, e.Node, "shop", "ann")
	e.Accept(t, e.Node, rig.Bearer(g.access))
	if g := post(t, e.Node, "revoke", "token", ended.access, "client_id", "shop"); g.status != http.StatusOK {
		t.Fatal(g.body)
	}
	worker := e.Node.Worker()

	ctx, stop := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() { // the load
		defer close(failed)
		for ctx.Err() == nil {
			request, _ := http.NewRequest(http.MethodGet, e.Node.URL+rig.NewPath("/load/"), http.NoBody)
			request.Header.Set("Authorization", "Bearer "+g.access)
			response, err := rig.Client.Do(request)
			if err == nil {
				response.Body.Close()
				if response.StatusCode != http.StatusOK {
					err = fmt.Errorf("status %d", response.StatusCode)
				}
			}
			if err != nil {
				failed <- err
				return
			}
		}
	}()
	for name, down := range map[string]struct{ down, up func() }{
		"frozen": {server.Freeze, server.Thaw},
		"killed": {server.Stop, func() {
			if err := server.Resume(); err != nil {
				t.Error(err)
			}
		}},
	} {
		down.down()
		start := time.Now()
		if g := login(t, e.Node, "shop", "ann"); g.status != http.StatusServiceUnavailable || g.retryAfter == "" || time.Since(start) > 3*time.Second {
			t.Errorf("%s: login: %d %s after %s", name, g.status, g.body, time.Since(start))
		}
		if g := refresh(t, e.Node, g.refresh); g.status != http.StatusServiceUnavailable {
			t.Errorf("%s: refresh: %d %s", name, g.status, g.body)
		}
		if err := revoked(t, e, e.Node, ended.access); err != nil {
			t.Errorf("%s: what the process knows to be ended: %v", name, err)
		}
		time.Sleep(time.Second)
		down.up()
		rig.Within(t, 20*time.Second, func() error {
			if g := login(t, e.Node, "shop", "ann"); g.status != http.StatusOK {
				return fmt.Errorf("%s: login when Redis is back: %d %s", name, g.status, g.body)
			}
			return nil
		})
	}
	stop()
	if err := <-failed; err != nil {
		t.Errorf("verification: %v", err)
	}
	if e.Node.Worker() != worker {
		t.Error("the worker process has died")
	}
}

// The host gives a stored configuration back as it is: this test says so, so that it shows when that changes.
func TestStoredPasswordIsShown(t *testing.T) {
	e := rig.Shared(t)
	e.Add(t, rig.IssuingApp("shown"))
	answer, err := e.Node.Call(t.Context(), http.MethodGet, "/api/app/shown", nil)
	if err != nil || !json.Valid(answer) {
		t.Fatal(err)
	}
	if !strings.Contains(string(answer), rig.IssuedHash) {
		t.Error("the admin API no longer shows password hashes: docs/issuing.md must say so")
	}
}
