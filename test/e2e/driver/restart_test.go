package driver

import (
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// What was configured is there after "apinto stop" and "apinto start".
func TestRestart(t *testing.T) {
	e := rig.Own(t)
	const secret = "the secret that survives a restart"
	e.Add(t, gateway.JWTApp("stored", gateway.Auth{
		Position: "header", TokenName: "X-Stored",
		Config: gateway.Rule{"algorithm": "HS256", "secret": secret, "iss": "us", "path": "$.sub", "claims_to_verify": []string{"exp"}},
		Users:  []gateway.User{{Name: "ann", HideCredential: true}},
	}))
	exp := time.Now().Add(time.Hour).Unix()
	good := rig.InHeader("X-Stored", jwttest.Sign(t, "HS256", secret, nil, rig.Claims{"iss": "us", "sub": "ann", "exp": exp}))
	bad := rig.InHeader("X-Stored", jwttest.Sign(t, "HS256", secret, nil, rig.Claims{"iss": "us", "sub": "ann"}))
	e.Accept(t, e.Node, good)
	e.Refuse(t, e.Node, bad)

	master := e.Node.Master()
	if err := e.Node.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if e.Node.Master() == master {
		t.Fatal("the gateway was not restarted")
	}
	seen := e.Accept(t, e.Node, good)
	if _, found := seen.Header["X-Stored"]; found {
		t.Error("hide_credential was lost")
	}
	e.Refuse(t, e.Node, bad)
	e.Refuse(t, e.Node, rig.Call{})
}
