package rig

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

// Settle is the time that a change of configuration may take to reach a worker.
const Settle = 2 * time.Second

// Env is a gateway that authenticates every path but /open/*, the upstream
// behind it, and the access log of what it answered.
type Env struct {
	Node     *gateway.Node
	Upstream *upstream.Server
	Log      gateway.AccessLog
}

// common is the gateway of Shared.
var common struct {
	once sync.Once
	env  *Env
	err  error
}

// Shared returns the one gateway of a package that most of its tests run against, each with applications and secrets
// of its own.
func Shared(t *testing.T) *Env {
	t.Helper()
	common.once.Do(func() {
		var node *gateway.Node
		if node, common.err = Launch(context.Background()); common.err != nil {
			return
		}
		common.env = NewEnv(node)
		common.err = common.env.Configure(context.Background())
	})
	if common.err != nil {
		t.Fatal(common.err)
	}
	return common.env
}

// Own is for tests that restart their gateway or make it a cluster.
func Own(t *testing.T) *Env {
	t.Helper()
	e := NewEnv(StartNode(t))
	t.Cleanup(e.Upstream.Close)
	if err := e.Configure(t.Context()); err != nil {
		t.Fatal(err)
	}
	return e
}

// NewEnv puts an upstream beside the gateway.
func NewEnv(node *gateway.Node) *Env {
	return &Env{
		Node:     node,
		Upstream: upstream.Start(),
		Log: gateway.AccessLog{
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

// Configure makes the routes and the application "anchor", which never changes.
func (e *Env) Configure(ctx context.Context) error {
	if err := e.Node.Front(ctx, e.Upstream.Address(), e.Log); err != nil {
		return err
	}
	return e.Node.Create(ctx, Anchor())
}

// AnchorSecret is the secret of the anchor's tokens.
const AnchorSecret = "the anchor's secret, long enough for HS256"

// Anchor is the application that every gateway has.
func Anchor() gateway.App {
	return gateway.JWTApp("anchor", gateway.Auth{
		Position: "header", TokenName: "Authorization",
		Config: gateway.Rule{"algorithm": "HS256", "secret": AnchorSecret, "path": "sub"},
		Users:  []gateway.User{{Name: "anchor"}},
	})
}

// AnchorToken is a token of the anchor's user.
func AnchorToken(t *testing.T) string {
	t.Helper()
	return jwttest.Sign(t, "HS256", AnchorSecret, nil, map[string]any{"sub": "anchor"})
}

// Add creates an application for the time of the test.
func (e *Env) Add(t *testing.T, app gateway.App) {
	t.Helper()
	if err := e.Node.Create(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := e.Node.Delete(context.Background(), app)
		var refused *gateway.AdminError
		if err != nil && !errors.As(err, &refused) { // the test may have deleted it
			t.Error(err)
		}
	})
}

// Replace changes an application.
func (e *Env) Replace(t *testing.T, app gateway.App) {
	t.Helper()
	if err := e.Node.Replace(t.Context(), app); err != nil {
		t.Fatal(err)
	}
}

// Within calls try until it returns nil, for at most this long.
func Within(t *testing.T, limit time.Duration, try func() error) {
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
