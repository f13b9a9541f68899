package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/jwttest/redis"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/token"
)

// The users' password and its bcrypt hash, at the least cost that is accepted.
const (
	issuedPassword = "correct horse"
	issuedHash     = "$2a$10$tsJQbwjhjirnbv/qVUVg5.FubkidfuqvhsR7jzJYSEfGBkDCt2tBy"
)

func issuingApp(name string) gateway.App {
	return gateway.JWTApp(name, gateway.Auth{
		Position: "header", TokenName: "Authorization",
		Config: gateway.Rule{
			"algorithm": "HS256", "secret": "the secret of the issuing application " + name, "iss": name, "path": "sub",
			"issue": map[string]any{"access_ttl": 600},
		},
		Users: []gateway.User{{Name: "ann", Password: issuedHash}, {Name: "bob", Password: issuedHash}},
	})
}

// granted is an endpoint's answer.
type granted struct {
	status     int
	retryAfter string
	body       string
	access     string
	refresh    string
}

// post sends a form to an endpoint of this node; pairs of name and value.
func post(t *testing.T, node *gateway.Node, kind string, pairs ...string) granted {
	t.Helper()
	g, err := tryPost(node, kind, pairs...)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// tryPost is post where there may be nobody who answers.
func tryPost(node *gateway.Node, kind string, pairs ...string) (granted, error) {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	response, err := client.PostForm(node.URL+"/oauth/"+kind, form)
	if err != nil {
		return granted{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return granted{}, err
	}
	g := granted{status: response.StatusCode, retryAfter: response.Header.Get("Retry-After"), body: string(body)}
	g.access, g.refresh = gjson.Get(g.body, "access_token").Str, gjson.Get(g.body, "refresh_token").Str
	return g, nil
}

func login(t *testing.T, node *gateway.Node, app, user string) granted {
	t.Helper()
	return post(t, node, "token", loginForm(app, user)...)
}

func loginForm(app, user string) []string {
	return []string{"grant_type", "password", "client_id", app, "username", user, "password", issuedPassword}
}

// mustLogin waits until the endpoint is there; the host starts a worker anew when its node joins a cluster.
func mustLogin(t *testing.T, node *gateway.Node, app, user string) granted {
	t.Helper()
	var g granted
	within(t, 10*time.Second, func() (err error) {
		if g, err = tryPost(node, "token", loginForm(app, user)...); err != nil {
			return err
		}
		if g.status != http.StatusOK || g.access == "" {
			return fmt.Errorf("login: %d %s", g.status, g.body)
		}
		return nil
	})
	return g
}

func refresh(t *testing.T, node *gateway.Node, raw string) granted {
	t.Helper()
	return post(t, node, "token", "grant_type", "refresh_token", "refresh_token", raw)
}

func tokenID(t *testing.T, raw string) string {
	t.Helper()
	u, err := token.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return gjson.Get(u.UntrustedPayload(), "jti").Str
}

// revoked is nil if the node refuses the token because it was ended.
func (e *env) revoked(t *testing.T, node *gateway.Node, raw string) error {
	t.Helper()
	return e.send(t, node, bearer(raw)).refused()
}

// One gateway, with the store of its process: the hashes end tokens that have been accepted, and are there after a
// restart; the endpoints work without any Redis.
func TestIssuing(t *testing.T) {
	e := ownEnv(t)
	if err := e.node.Issuing(t.Context(), e.log, ""); err != nil {
		t.Fatal(err)
	}
	e.add(t, issuingApp("shop"))
	first := mustLogin(t, e.node, "shop", "ann")
	e.accept(t, e.node, bearer(first.access))
	second := refresh(t, e.node, first.refresh)
	if second.status != http.StatusOK {
		t.Fatal(second.body)
	}
	e.accept(t, e.node, bearer(second.access))

	if g := post(t, e.node, "revoke", "token", second.access, "client_id", "shop"); g.status != http.StatusOK {
		t.Fatal(g.body)
	}
	answer := e.refuse(t, e.node, bearer(second.access))
	entry, err := e.node.AccessEntry(t.Context(), e.log, "uri", answer.path)
	if err != nil || entry["jwt_result"] != "token_revoked" {
		t.Errorf("access log: %v, %v", entry, err)
	}
	e.accept(t, e.node, bearer(first.access))

	// The hash, on a token that is remembered; off again; and over a restart.
	id := tokenID(t, first.access)
	if err := e.node.SetHash(t.Context(), "jwt_revoked", id, fmt.Sprint(time.Now().Add(time.Hour).Unix())); err != nil {
		t.Fatal(err)
	}
	within(t, time.Second, func() error { return e.revoked(t, e.node, first.access) })
	if err := e.node.SetHash(t.Context(), "jwt_revoked", id, ""); err != nil {
		t.Fatal(err)
	}
	e.accept(t, e.node, bearer(first.access))
	bob := mustLogin(t, e.node, "shop", "bob")
	if err := e.node.SetHash(t.Context(), "jwt_not_before", "shop|ann", fmt.Sprint(time.Now().Unix()+1)); err != nil {
		t.Fatal(err)
	}
	within(t, time.Second, func() error { return e.revoked(t, e.node, first.access) })
	e.accept(t, e.node, bearer(bob.access))
	if g := refresh(t, e.node, second.refresh); g.status != http.StatusBadRequest {
		t.Errorf("a refresh token from before jwt_not_before: %d %s", g.status, g.body)
	}
	if err := e.node.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	e.accept(t, e.node, bearer(bob.access))
	if err := e.revoked(t, e.node, first.access); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	again := mustLogin(t, e.node, "shop", "ann")
	e.accept(t, e.node, bearer(again.access))
}

// What cannot be used is refused when it is saved, by name, and nothing of it is shown.
func TestIssuingFaults(t *testing.T) {
	e := shared.get(t)
	plain := issuingApp("plain")
	plain.Auth[0].Users[1].Password = "not hashed by anybody"
	unfillable := issuingApp("unfillable")
	unfillable.Auth[0].Config["path"] = "$.users[0]"
	for _, tt := range []struct {
		app  gateway.App
		want string
	}{
		{plain, "users[1].pattern.password"},
		{unfillable, "config.issue: config.path"},
		{issuingWith("nameless", map[string]any{"iss": ""}), "config.iss: "},
		{issuingWith("endless", map[string]any{"claims_to_verify": []string{"nbf"}}), "config.claims_to_verify: "},
	} {
		err := e.node.Create(t.Context(), tt.app)
		if err == nil {
			_ = e.node.Delete(t.Context(), tt.app)
			t.Fatalf("%s is accepted", tt.app.Name)
		}
		if !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "plain text"+`"`) {
			t.Errorf("%s: %v", tt.app.Name, err)
		}
	}
}

// Three nodes with one Redis: a login on one is good on all, and what is ended on one is ended on all.
func TestIssuingCluster(t *testing.T) {
	server := redis.Start(t)
	e := ownEnv(t)
	second, third := startNode(t), startNode(t)
	if err := second.Join(t.Context(), e.node); err != nil {
		t.Fatal(err)
	}
	if err := e.node.Create(t.Context(), gateway.Redis{Name: "sessions", Addr: server.Addr}); err != nil {
		t.Fatal(err)
	}
	if err := e.node.Issuing(t.Context(), e.log, "sessions"); err != nil {
		t.Fatal(err)
	}
	if err := e.node.Create(t.Context(), issuingApp("shop")); err != nil { // it goes with the cluster
		t.Fatal(err)
	}

	// Before the third joins, something is ended by hash.
	before := mustLogin(t, e.node, "shop", "ann")
	e.accept(t, second, bearer(before.access))
	if err := e.node.SetHash(t.Context(), "jwt_revoked", tokenID(t, before.access), "4102444800"); err != nil {
		t.Fatal(err)
	}
	within(t, time.Second, func() error { return e.revoked(t, second, before.access) })
	within(t, 30*time.Second, func() error { return third.Join(t.Context(), e.node) }) // the host does not always take it at once
	nodes := map[string]*gateway.Node{"first": e.node, "second": second, "third": third}
	for _, node := range nodes {
		mustLogin(t, node, "shop", "bob")
	}
	if err := e.revoked(t, third, before.access); err != nil {
		t.Errorf("the node that joined does not know what was ended: %v", err)
	}

	// Log in on the first, call the second, refresh on the third, revoke on the first.
	one := mustLogin(t, e.node, "shop", "ann")
	e.accept(t, second, bearer(one.access))
	two := refresh(t, third, one.refresh)
	if two.status != http.StatusOK {
		t.Fatal(two.body)
	}
	for _, node := range nodes {
		e.accept(t, node, bearer(two.access))
	}
	if g := post(t, e.node, "revoke", "token", two.refresh, "client_id", "shop"); g.status != http.StatusOK {
		t.Fatal(g.body)
	}
	for name, node := range nodes { // at once
		for what, raw := range map[string]string{"the first": one.access, "the refreshed": two.access} {
			if err := e.revoked(t, node, raw); err != nil {
				t.Errorf("%s access token at the %s node: %v", what, name, err)
			}
		}
	}
	// A used refresh token at another node ends the session everywhere.
	three := mustLogin(t, second, "shop", "ann")
	four := refresh(t, third, three.refresh)
	refresh(t, e.node, four.refresh)
	if g := refresh(t, e.node, three.refresh); g.status != http.StatusBadRequest {
		t.Errorf("a used refresh token: %d %s", g.status, g.body)
	}
	for name, node := range nodes {
		if err := e.revoked(t, node, four.access); err != nil {
			t.Errorf("the stolen session at the %s node: %v", name, err)
		}
	}

	// The leader dies.
	kept := mustLogin(t, e.node, "shop", "ann")
	leader := e.node.Master()
	if err := syscall.Kill(-leader, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if err := e.send(t, second, bearer(kept.access)).accepted(); err != nil {
			t.Fatal(err)
		}
	}
	after := mustLogin(t, third, "shop", "ann")
	e.accept(t, second, bearer(after.access))
	if g := refresh(t, second, kept.refresh); g.status != http.StatusOK {
		t.Errorf("refresh after the leader's death: %d %s", g.status, g.body)
	}
	if err := e.revoked(t, third, before.access); err != nil {
		t.Errorf("what was ended by hash: %v", err)
	}
}

// Redis stops under load and comes back: nothing is given out meanwhile, verification goes on.
func TestIssuingWithoutRedis(t *testing.T) {
	server := redis.Start(t)
	e := ownEnv(t)
	if err := e.node.Create(t.Context(), gateway.Redis{Name: "sessions", Addr: server.Addr}); err != nil {
		t.Fatal(err)
	}
	if err := e.node.Issuing(t.Context(), e.log, "sessions"); err != nil {
		t.Fatal(err)
	}
	e.add(t, issuingApp("shop"))
	g := mustLogin(t, e.node, "shop", "ann")
	ended := mustLogin(t, e.node, "shop", "ann")
	e.accept(t, e.node, bearer(g.access))
	if g := post(t, e.node, "revoke", "token", ended.access, "client_id", "shop"); g.status != http.StatusOK {
		t.Fatal(g.body)
	}
	worker := e.node.Worker()

	ctx, stop := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() { // the load
		defer close(failed)
		for ctx.Err() == nil {
			request, _ := http.NewRequest(http.MethodGet, e.node.URL+newPath("/load/"), http.NoBody)
			request.Header.Set("Authorization", "Bearer "+g.access)
			response, err := client.Do(request)
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
		if g := login(t, e.node, "shop", "ann"); g.status != http.StatusServiceUnavailable || g.retryAfter == "" || time.Since(start) > 3*time.Second {
			t.Errorf("%s: login: %d %s after %s", name, g.status, g.body, time.Since(start))
		}
		if g := refresh(t, e.node, g.refresh); g.status != http.StatusServiceUnavailable {
			t.Errorf("%s: refresh: %d %s", name, g.status, g.body)
		}
		if err := e.revoked(t, e.node, ended.access); err != nil {
			t.Errorf("%s: what the process knows to be ended: %v", name, err)
		}
		time.Sleep(time.Second)
		down.up()
		within(t, 20*time.Second, func() error {
			if g := login(t, e.node, "shop", "ann"); g.status != http.StatusOK {
				return fmt.Errorf("%s: login when Redis is back: %d %s", name, g.status, g.body)
			}
			return nil
		})
	}
	stop()
	if err := <-failed; err != nil {
		t.Errorf("verification: %v", err)
	}
	if e.node.Worker() != worker {
		t.Error("the worker process has died")
	}
}

// The host gives a stored configuration back as it is: this test says so, so that it shows when that changes.
func TestStoredPasswordIsShown(t *testing.T) {
	e := shared.get(t)
	e.add(t, issuingApp("shown"))
	answer, err := e.node.Call(t.Context(), http.MethodGet, "/api/app/shown", nil)
	if err != nil || !json.Valid(answer) {
		t.Fatal(err)
	}
	if !strings.Contains(string(answer), issuedHash) {
		t.Error("the admin API no longer shows password hashes: docs/issuing.md must say so")
	}
}
