package issuing

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// Who is told of whose tokens, whose tokens count where, and which keys are published.
func TestIssuingTellsWhom(t *testing.T) {
	e, _ := acceptance(t)
	one := map[string]any{"iss": "house", "secret": "one secret for three applications, long enough"}
	e.Add(t, issuingWith("Told", one))
	e.Add(t, issuingWith("Other", map[string]any{"iss": "house", "secret": one["secret"], "leeway": 1})) // another rule
	e.Add(t, gateway.JWTApp("Verifies", gateway.Auth{                                                    // has the same key and issues nothing
		Position: "header", TokenName: "Authorization", Users: []gateway.User{{Name: "ann"}},
		Config: gateway.Rule{"algorithm": "HS256", "secret": one["secret"], "iss": "house", "path": "sub", "leeway": 2},
	}))
	listed := gateway.Endpoint{Kind: "introspect", Name: "listed", Location: "/listed/introspect", Cache: "sessions", Config: map[string]any{"introspect_for": []string{"TOLD@app"}}}
	must.Succeed(t, e.Node.Create(t.Context(), listed))
	told, other := mustLogin(t, e.Node, "told", "ann"), mustLogin(t, e.Node, "other", "ann")
	rig.Within(t, rig.Settle, func() error {
		if p := send(t, "POST", e.Node.URL+listed.Location, "token=x"); p.status != 401 {
			return fmt.Errorf("%d", p.status)
		}
		return nil
	})
	for _, tt := range []struct {
		path, as, token string
		active          bool
	}{
		{"/oauth/introspect", "TOLD|ann", told.access, true},
		{"/oauth/introspect", "Told|ann", told.refresh, true},
		{"/oauth/introspect", "told|bob", told.refresh, true},
		{"/oauth/introspect", "other|ann", told.access, false},
		{"/oauth/introspect", "other|ann", told.refresh, false},
		{"/listed/introspect", "other|ann", told.access, true},
		{"/listed/introspect", "other|ann", told.refresh, true},
		{"/listed/introspect", "told|ann", other.access, false},
		{"/listed/introspect", "told|ann", other.refresh, false},
		{"/oauth/introspect", "told|ann", "nonsense", false},
		{"/oauth/introspect", "told|ann", rig.AnchorToken(t), false},
	} {
		got := sendBasic(t, e.Node.URL+tt.path, tt.as, "token="+tt.token)
		if got.status != 200 || gjson.Get(got.body, "active").Bool() != tt.active || !tt.active && got.body != `{"active":false}` {
			t.Errorf("%s as %s: %d %s, want active %v", tt.path, tt.as, got.status, got.body, tt.active)
		}
	}
	by := send(t, "POST", e.Node.URL+"/oauth/introspect", "token="+told.access, "Authorization: Bearer "+other.access)
	if by.body != `{"active":false}` {
		t.Errorf("by another application's access token: %s", by.body)
	}
	// A token of Told counts as Told's at every route, though Verifies has its key too.
	for _, app := range []string{"verifies", "Other", "TOLD"} {
		location := "/told-" + strings.ToLower(app) + "/*"
		router := map[string]any{
			"name": "told-" + app, "driver": "http", "listen": 0, "location": location, "service": "up@service", "method": []string{"GET"}, "protocols": []string{"http"},
			"plugins": map[string]any{"jwt": rig.Plugin(map[string]any{"apps": []string{app}})},
		}
		if _, err := e.Node.Call(t.Context(), "POST", "/api/router", router); err != nil {
			t.Fatal(err)
		}
		want := map[string]int{"TOLD": 200}[app] + map[string]int{"Other": 403, "verifies": 403}[app]
		rig.Within(t, rig.Settle, func() error {
			if got := e.SendTo(t, e.Node, rig.NewPath(strings.TrimSuffix(location, "*")), rig.Bearer(told.access)); got.Status != want {
				return fmt.Errorf("a token of Told where %s may: %d %s, want %d", app, got.Status, got.Body, want)
			}
			return nil
		})
	}
	post(t, e.Node, "revoke", "token", told.access, "client_id", "Other")
	if err := e.Send(t, e.Node, rig.Bearer(told.access)).Accepted(); err != nil {
		t.Error("revoked by another application of the same key: ", err)
	}

	// One RSA key under two algorithms is one kid without alg; secrets are not there; a deleted application's key stays.
	key := jwttest.RSAKey(2048)
	signs := func(name, alg string) gateway.App {
		return issuingWith(name, map[string]any{
			"algorithm": alg, "secret": "", "rsa_public_key": jwttest.PublicPEM(key), "issue": map[string]any{"private_key": jwttest.PrivatePEM(key)},
		})
	}
	e.Add(t, signs("pss", "PS384"))
	e.Add(t, signs("pkcs", "RS256"))
	partner, _ := pairOf(t, "ignored")
	delete(partner, "issue")
	only := issuingWith("partner", partner)
	delete(only.Auth[0].Config, "issue")
	e.Add(t, only)
	check := func() error {
		p := send(t, "GET", e.Node.URL+"/oauth/jwks", "")
		keys := gjson.Get(p.body, `keys.#(kty=="RSA")#`).Array() // of other tests there may be EC keys, whose tokens have not expired
		if p.status != 200 || len(keys) != 1 || keys[0].Get("alg").Exists() || keys[0].Get("kid").Str == "" || keys[0].Get("kty").Str != "RSA" || keys[0].Get("d").Exists() {
			return fmt.Errorf("jwks: %d %s", p.status, p.body)
		}
		return nil
	}
	rig.Within(t, rig.Settle, check)
	g := mustLogin(t, e.Node, "pss", "ann")
	e.Accept(t, e.Node, rig.Bearer(g.access))
	for _, name := range []string{"pss", "pkcs"} {
		must.Succeed(t, e.Node.Delete(t.Context(), signs(name, "")))
	}
	time.Sleep(500 * time.Millisecond)
	rig.Within(t, rig.Settle, func() error {
		if n := len(gjson.Get(send(t, "GET", e.Node.URL+"/oauth/jwks", "").body, `keys.#(kty=="RSA")#`).Array()); n != 1 {
			return fmt.Errorf("%d keys after the applications are gone", n)
		}
		return nil
	})
	if err := e.Send(t, e.Node, rig.Bearer(g.access)).Refused(); err != nil {
		t.Error(err)
	}
}
