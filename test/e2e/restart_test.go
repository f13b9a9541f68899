package e2e

import (
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
)

// What was configured is there after "apinto stop" and "apinto start".
func TestRestart(t *testing.T) {
	e := ownEnv(t)
	const secret = "the secret that survives a restart"
	e.add(t, gateway.JWTApp("stored", gateway.Auth{
		Position: "header", TokenName: "X-Stored",
		Config: gateway.Rule{"algorithm": "HS256", "secret": secret, "iss": "us", "path": "$.sub", "claims_to_verify": []string{"exp"}},
		Users:  []gateway.User{{Name: "ann", HideCredential: true}},
	}))
	exp := time.Now().Add(time.Hour).Unix()
	good := inHeader("X-Stored", jwttest.Sign(t, "HS256", secret, nil, claims{"iss": "us", "sub": "ann", "exp": exp}))
	bad := inHeader("X-Stored", jwttest.Sign(t, "HS256", secret, nil, claims{"iss": "us", "sub": "ann"}))
	e.accept(t, e.node, good)
	e.refuse(t, e.node, bad)

	master := e.node.Master()
	if err := e.node.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if e.node.Master() == master {
		t.Fatal("the gateway was not restarted")
	}
	seen := e.accept(t, e.node, good)
	if _, found := seen.Header["X-Stored"]; found {
		t.Error("hide_credential was lost")
	}
	e.refuse(t, e.node, bad)
	e.refuse(t, e.node, call{})
}
