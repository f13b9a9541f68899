package driver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// A token that names no key, and 600 rules that could each have signed it: a forged one costs some milliseconds, an honest one
// of any of the rules is accepted, and the operator is told.
func TestCrowdedRules(t *testing.T) {
	e := rig.Shared(t)
	const rules = 600
	app := gateway.App{Name: "accbound", Driver: "app"}
	keys := make([]*ecdsa.PrivateKey, rules)
	for n := range rules {
		var err error
		if keys[n], err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			t.Fatal(err)
		}
		user := fmt.Sprint("user", n)
		if n >= 300 {
			user = "common"
		}
		app.Auth = append(app.Auth, gateway.Auth{
			Type: "jwt", Position: "header", TokenName: "X-Accbound", Users: []gateway.User{{Name: user}},
			Config: gateway.Rule{"algorithm": "ES256", "iss": "crowd", "rsa_public_key": jwttest.PublicPEM(keys[n]), "path": "sub"},
		})
	}
	e.Add(t, app)
	token := func(n int, user string) rig.Call {
		return rig.InHeader("X-Accbound", jwttest.Sign(t, "ES256", keys[n], nil, rig.Claims{"sub": user, "iss": "crowd", "jti": fmt.Sprint(rig.TokenNumber.Add(1))}))
	}
	e.Accept(t, e.Node, token(7, "user7"))
	for _, n := range []int{0, 1, 150, 299} {
		if err := e.Send(t, e.Node, token(n, fmt.Sprint("user", n))).Accepted(); err != nil {
			t.Errorf("rule %d: %v", n, err)
		}
		e.Refuse(t, e.Node, token(n, fmt.Sprint("user", n+1)))
	}
	var took []time.Duration
	stranger := jwttest.OtherECKey(elliptic.P256())
	for range 15 {
		raw := jwttest.Sign(t, "ES256", stranger, nil, rig.Claims{"sub": "common", "iss": "crowd", "jti": fmt.Sprint(rig.TokenNumber.Add(1))})
		start := time.Now()
		e.Refuse(t, e.Node, rig.InHeader("X-Accbound", raw))
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	t.Logf("forged tokens: %s to %s, half within %s", took[0], took[14], took[7])
	if took[7] > 25*time.Millisecond {
		t.Errorf("half of the forged tokens take longer than %s", took[7])
	}
	page, err := e.Node.Call(t.Context(), http.MethodGet, "/apinto/jwt/status", nil)
	if err != nil || !strings.Contains(string(page), "crowded_rules") || !strings.Contains(string(page), `"crowd"`) {
		t.Errorf("the status page does not name the crowd: %v", err)
	}
}
