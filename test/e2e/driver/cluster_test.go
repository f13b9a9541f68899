package driver

import (
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// The application is created through one node; the other accepts its tokens,
// and stops to when it is deleted.
func TestCluster(t *testing.T) {
	e := rig.Own(t)
	second := rig.StartNode(t)
	if err := second.Join(t.Context(), e.Node); err != nil {
		t.Fatal(err)
	}
	const secret = "the secret of the whole cluster"
	app := gateway.JWTApp("clustered", gateway.Auth{
		Position: "header", TokenName: "X-Clustered",
		Config: gateway.Rule{"algorithm": "HS256", "secret": secret, "path": "sub"}, Users: []gateway.User{{Name: "ann"}},
	})
	e.Add(t, app)
	good := rig.InHeader("X-Clustered", jwttest.Sign(t, "HS256", secret, nil, rig.Claims{"sub": "ann"}))
	bad := rig.InHeader("X-Clustered", jwttest.Sign(t, "HS256", "another", nil, rig.Claims{"sub": "ann"}))
	for name, node := range map[string]*gateway.Node{"the node itself": e.Node, "the other node": second} {
		t.Run(name, func(t *testing.T) {
			e.Accept(t, node, good)
			e.Refuse(t, node, bad)
			e.Refuse(t, node, rig.Call{})
		})
	}
	if err := second.Delete(t.Context(), app); err != nil { // any node takes a change
		t.Fatal(err)
	}
	for _, node := range []*gateway.Node{e.Node, second} {
		rig.Within(t, rig.Settle, func() error { return e.Send(t, node, good).Refused() })
	}
}
