package e2e

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/upstream"
)

// settle is the time that a change of configuration may take to reach a worker.
const settle = 2 * time.Second

// env is a gateway that authenticates every path but /open/*, the upstream
// behind it, and the access log of what it answered.
type env struct {
	node     *gateway.Node
	upstream *upstream.Server
	log      gateway.AccessLog
}

// shared is the one gateway that most tests run against, each with applications
// and secrets of its own.
var shared sharedEnv

type sharedEnv struct {
	once sync.Once
	env  *env
	err  error
}

func (s *sharedEnv) get(t *testing.T) *env {
	t.Helper()
	s.once.Do(func() {
		var node *gateway.Node
		if node, s.err = launch(context.Background()); s.err != nil {
			return
		}
		s.env = newEnv(node)
		s.err = s.env.configure(context.Background())
	})
	if s.err != nil {
		t.Fatal(s.err)
	}
	return s.env
}

// close ends the upstream; the node ends with all others.
func (s *sharedEnv) close() {
	if s.env != nil {
		s.env.upstream.Close()
	}
}

// ownEnv is for tests that restart their gateway or make it a cluster.
func ownEnv(t *testing.T) *env {
	t.Helper()
	e := newEnv(startNode(t))
	t.Cleanup(e.upstream.Close)
	if err := e.configure(t.Context()); err != nil {
		t.Fatal(err)
	}
	return e
}

func newEnv(node *gateway.Node) *env {
	return &env{
		node:     node,
		upstream: upstream.Start(),
		log: gateway.AccessLog{
			Name: "e2e", Dir: node.AccessLogDir(),
			Fields: []string{
				"$request_uri as uri", "$ctx_application as application", "$ctx_token as user",
				"$ctx_team as team", "$ctx_role as role", "$ctx_jwt_result as jwt_result",
				"$ctx_jwt_fingerprint as jwt_fingerprint", "$ctx_jwt_kid as jwt_kid",
				"$ctx_jwt_hint as jwt_hint",
			},
		},
	}
}

// configure makes the routes and the application "anchor", which never changes.
func (e *env) configure(ctx context.Context) error {
	if err := e.node.Front(ctx, e.upstream.Address(), e.log); err != nil {
		return err
	}
	return e.node.Create(ctx, anchor())
}

const anchorSecret = "the anchor's secret, long enough for HS256"

func anchor() gateway.App {
	return gateway.JWTApp("anchor", gateway.Auth{
		Position: "header", TokenName: "Authorization",
		Config: gateway.Rule{"algorithm": "HS256", "secret": anchorSecret, "path": "sub"},
		Users:  []gateway.User{{Name: "anchor"}},
	})
}

func anchorToken(t *testing.T) string {
	t.Helper()
	return jwttest.Sign(t, "HS256", anchorSecret, nil, map[string]any{"sub": "anchor"})
}

// add creates an application for the time of the test.
func (e *env) add(t *testing.T, app gateway.App) {
	t.Helper()
	if err := e.node.Create(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := e.node.Delete(context.Background(), app)
		var refused *gateway.AdminError
		if err != nil && !errors.As(err, &refused) { // the test may have deleted it
			t.Error(err)
		}
	})
}

func (e *env) replace(t *testing.T, app gateway.App) {
	t.Helper()
	if err := e.node.Replace(t.Context(), app); err != nil {
		t.Fatal(err)
	}
}

// within calls try until it returns nil, for at most this long.
func within(t *testing.T, limit time.Duration, try func() error) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %v", limit, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
