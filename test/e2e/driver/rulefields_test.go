package driver

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// A filter in the path to the user's name asks for an item of a list.
func TestPathWithFilter(t *testing.T) {
	e := rig.Shared(t)
	e.Add(t, gateway.JWTApp("filtered", gateway.Auth{
		Position: "header", TokenName: "X-Filtered", Users: []gateway.User{{Name: "ann"}, {Name: "42.0"}},
		Config: gateway.Rule{"algorithm": "HS256", "secret": claimsSecret, "path": "$.users[?('a' in @.roles)].name"},
	}))
	with := func(roles ...string) rig.Call {
		users := []rig.Object{{"name": "bob", "roles": []string{"b"}}, {"name": "ann", "roles": roles}}
		return rig.InHeader("X-Filtered", claimsToken(t, rig.Claims{"users": users}))
	}
	e.Accept(t, e.Node, with("x", "a"))
	e.Refuse(t, e.Node, with("x"))
	e.Refuse(t, e.Node, with())
	number := []rig.Object{{"name": json.RawMessage("42.0"), "roles": []string{"a"}}}
	e.Accept(t, e.Node, rig.InHeader("X-Filtered", claimsToken(t, rig.Claims{"users": number})))
}

// What an interface sends beside our fields, as it came, is passed over.
func TestFieldsOfAnInterface(t *testing.T) {
	e := rig.Shared(t)
	entry := rig.Object{
		"type": "jwt", "position": "header", "token_name": "X-Fields", "config": gateway.Rule{"algorithm": "HS256", "secret": claimsSecret, "path": "sub"},
		"uuid": "x", "users": []rig.Object{{"pattern": rig.Object{"username": "ann", "icon": "x"}, "uuid": "x"}},
	}
	if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/app", withEntry("fields", entry)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = e.Node.Call(context.Background(), http.MethodDelete, "/api/app/fields", nil) })
	e.Accept(t, e.Node, rig.InHeader("X-Fields", claimsToken(t, nil)))
}
