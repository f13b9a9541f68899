package driver

import (
	"context"
	"encoding/base64"
	"maps"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// Two applications cannot take everybody of the same tokens, however differently they say it; those whose tokens can be told
// apart can. So it is when one of them is changed.
func TestAnyUserConflicts(t *testing.T) {
	e := rig.Shared(t)
	secret := "a secret of the conflicts, 32 bytes and more"
	key := jwttest.RSAKey(2048)
	issuer := rig.StartKeyIssuer(t)
	app := func(name, position, token string, users []gateway.User, rule gateway.Rule) gateway.App {
		base := gateway.Rule{"algorithm": "HS256", "secret": secret, "path": "sub"}
		maps.Copy(base, rule)
		return gateway.JWTApp(name, gateway.Auth{Position: position, TokenName: token, Config: base, Users: users})
	}
	star, empty, listed := []gateway.User{{Name: "*"}}, []gateway.User{{Name: ""}}, []gateway.User{{Name: "ann"}}
	type side struct {
		position, token string
		users           []gateway.User
		rule            gateway.Rule
	}
	pem := gateway.Rule{"algorithm": "RS256", "secret": "", "rsa_public_key": jwttest.PublicPEM(key)}
	set := gateway.Rule{"algorithm": "RS256", "secret": "", "jwks": jwttest.JWKS(jwttest.NewJWK("k", key))}
	url := gateway.Rule{"algorithm": "ES256", "secret": "", "jwks_uri": issuer.URL(jwttest.KeysPath)}
	url2 := gateway.Rule{"algorithm": "ES256,RS256", "secret": "", "rsa_public_key": issuer.URL(jwttest.KeysPath), "path": ""}
	for name, c := range map[string]struct {
		a, b    side
		refused bool
	}{
		"empty":                    {side{"header", "X-C", star, nil}, side{"header", "X-C", empty, nil}, true},
		"iss any vs one":           {side{"header", "X-C", star, nil}, side{"header", "X-C", star, gateway.Rule{"iss": "https://a"}}, true},
		"iss differ":               {side{"header", "X-C", star, gateway.Rule{"iss": "https://b"}}, side{"header", "X-C", star, gateway.Rule{"iss": "https://a"}}, false},
		"aud overlap":              {side{"header", "X-C", star, gateway.Rule{"audience": []string{"a", "b"}}}, side{"header", "X-C", star, gateway.Rule{"audience": []string{"b"}}}, true},
		"claims apart":             {side{"header", "X-C", star, gateway.Rule{"required_claims": map[string]any{"t": []string{"x"}}}}, side{"header", "X-C", star, gateway.Rule{"required_claims": map[string]any{"t": []string{"y"}}}}, false},
		"claims overlap":           {side{"header", "X-C", star, gateway.Rule{"required_claims": map[string]any{"t": []string{"x"}}}}, side{"header", "X-C", star, gateway.Rule{"required_claims": map[string]any{"t": []string{"y", "x"}}}}, true},
		"claims other paths":       {side{"header", "X-C", star, gateway.Rule{"required_claims": map[string]any{"t": []string{"x"}}}}, side{"header", "X-C", star, gateway.Rule{"required_claims": map[string]any{"u": []string{"y"}}}}, true},
		"claims same path spelled": {side{"header", "X-C", star, gateway.Rule{"required_claims": map[string]any{"t": []string{"x"}}}}, side{"header", "X-C", star, gateway.Rule{"required_claims": map[string]any{"$.t": []string{"x"}}}}, true},
		"default position":         {side{"header", "Authorization", star, nil}, side{"", "", star, nil}, true},
		"header case":              {side{"header", "X-C", star, nil}, side{"header", "x-c", star, nil}, true},
		"other place":              {side{"header", "X-C", star, nil}, side{"header", "X-D", star, nil}, false},
		"cookie in common":         {side{"header", "X-C", star, gateway.Rule{"cookie_name": "jar"}}, side{"header", "X-D", star, gateway.Rule{"cookie_name": "jar"}}, true},
		"path differs":             {side{"header", "X-C", star, nil}, side{"header", "X-C", star, gateway.Rule{"path": "email"}}, true},
		"base64":                   {side{"header", "X-C", star, nil}, side{"header", "X-C", star, gateway.Rule{"secret": base64.StdEncoding.EncodeToString([]byte(secret)), "signature_is_base_64": true}}, true},
		"pem and set":              {side{"header", "X-C", star, pem}, side{"header", "X-C", star, set}, true},
		"one URL":                  {side{"header", "X-C", star, url}, side{"header", "X-C", star, url2}, true},
		"listed":                   {side{"header", "X-C", star, nil}, side{"header", "X-C", listed, nil}, false},
		"token_type":               {side{"header", "X-C", star, gateway.Rule{"token_type": "at+jwt"}}, side{"header", "X-C", star, gateway.Rule{"token_type": "JWT"}}, false},
		"token_type any":           {side{"header", "X-C", star, gateway.Rule{"token_type": "at+jwt"}}, side{"header", "X-C", star, nil}, true},
		"alg differs":              {side{"header", "X-C", star, nil}, side{"header", "X-C", star, gateway.Rule{"algorithm": "HS512", "secret": strings.Repeat("s", 64)}}, false},
	} {
		a, b := app("conf-a", c.a.position, c.a.token, c.a.users, c.a.rule), app("conf-b", c.b.position, c.b.token, c.b.users, c.b.rule)
		if err := e.Node.Create(t.Context(), a); err != nil {
			t.Errorf("%s: a: %v", name, err)
			continue
		}
		err := e.Node.Create(t.Context(), b)
		if (err != nil) != c.refused || err != nil && (!strings.Contains(err.Error(), "conf-a") || !strings.Contains(err.Error(), "conf-b")) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			_ = e.Node.Delete(context.Background(), b)
		}
		other := app("conf-b", "header", "X-Elsewhere", listed, nil)
		if err := e.Node.Create(t.Context(), other); err != nil {
			t.Errorf("%s: other: %v", name, err)
		}
		if err := e.Node.Replace(t.Context(), b); (err != nil) != c.refused {
			t.Errorf("%s: when it is changed: %v", name, err)
		}
		_ = e.Node.Delete(context.Background(), b)
		_ = e.Node.Delete(context.Background(), a)
	}
}
