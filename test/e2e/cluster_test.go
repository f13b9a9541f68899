package e2e

import (
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
)

// The application is created through one node; the other accepts its tokens,
// and stops to when it is deleted.
func TestCluster(t *testing.T) {
	e := ownEnv(t)
	second := startNode(t)
	if err := second.Join(t.Context(), e.node); err != nil {
		t.Fatal(err)
	}
	const secret = "the secret of the whole cluster"
	app := gateway.JWTApp("clustered", gateway.Auth{
		Position: "header", TokenName: "X-Clustered",
		Config: gateway.Rule{"algorithm": "HS256", "secret": secret, "path": "sub"}, Users: []gateway.User{{Name: "ann"}},
	})
	e.add(t, app)
	good := inHeader("X-Clustered", jwttest.Sign(t, "HS256", secret, nil, claims{"sub": "ann"}))
	bad := inHeader("X-Clustered", jwttest.Sign(t, "HS256", "another", nil, claims{"sub": "ann"}))
	for name, node := range map[string]*gateway.Node{"the node itself": e.node, "the other node": second} {
		t.Run(name, func(t *testing.T) {
			e.accept(t, node, good)
			e.refuse(t, node, bad)
			e.refuse(t, node, call{})
		})
	}
	if err := second.Delete(t.Context(), app); err != nil { // any node takes a change
		t.Fatal(err)
	}
	for _, node := range []*gateway.Node{e.node, second} {
		within(t, settle, func() error { return e.send(t, node, good).refused() })
	}
}
