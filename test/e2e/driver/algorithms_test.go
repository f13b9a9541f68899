package driver

import (
	"crypto/elliptic"
	"encoding/base64"
	"fmt"
	"net/http"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// algorithm is one of the documented nine with a key pair for it.
type algorithm struct {
	name string
	sign any          // what jwttest.Sign takes
	rule gateway.Rule // what the admin API takes
}

func algorithms() []algorithm {
	var all []algorithm
	for _, bits := range []int{256, 384, 512} {
		name := fmt.Sprintf("HS%d", bits)
		secret := fmt.Sprintf("%0*d a secret as long as its hash", bits/8, bits)
		all = append(all, algorithm{name, secret, gateway.Rule{"algorithm": name, "secret": secret}})
	}
	for _, name := range []string{"RS256", "RS384", "RS512"} {
		key := jwttest.RSAKey(2048)
		all = append(all, algorithm{name, key, gateway.Rule{"algorithm": name, "rsa_public_key": jwttest.PublicPEM(key)}})
	}
	for name, curve := range map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()} {
		key := jwttest.ECKey(curve)
		all = append(all, algorithm{name, key, gateway.Rule{"algorithm": name, "rsa_public_key": jwttest.PublicPEM(key)}})
	}
	return all
}

// One application per algorithm, with the token in each place. Its name differs
// from place to place: a token in any other is none.
func TestAlgorithmsInEveryPosition(t *testing.T) {
	e := rig.Shared(t)
	for _, alg := range algorithms() {
		alg.rule["path"] = "$.user.name"
		app := gateway.App{Name: "alg-" + alg.name, Driver: "app"}
		for _, place := range []struct{ position, name string }{
			{"header", "X-" + alg.name}, {"query", "q" + alg.name}, {"body", "b" + alg.name}, {"body", "$.auth." + alg.name},
		} {
			app.Auth = append(app.Auth, gateway.Auth{
				Type: "jwt", Position: place.position, TokenName: place.name,
				Config: alg.rule, Users: []gateway.User{{Name: "ann"}},
			})
		}
		e.Add(t, app)
		token := jwttest.Sign(t, alg.name, alg.sign, map[string]any{"typ": "JWT"}, map[string]any{"user": map[string]any{"name": "ann"}})

		for name, request := range map[string]rig.Call{
			"header":         rig.InHeader("X-"+alg.name, token),
			"query":          rig.InQuery("q"+alg.name, token),
			"form":           rig.InForm("b"+alg.name, token),
			"multipart":      inMultipart(t, map[string]string{"b" + alg.name: token}),
			"JSON member":    rig.InBody("application/json", `{"b`+alg.name+`":"`+token+`"}`),
			"JSON path":      rig.InBody("application/json", `{"auth":{"`+alg.name+`":"`+token+`"}}`),
			"JSON, charset":  rig.InBody("application/json; charset=utf-8", `{"b`+alg.name+`":"`+token+`"}`),
			"header, Bearer": rig.InHeader("X-"+alg.name, "Bearer "+token),
		} {
			t.Run(alg.name+" in "+name, func(t *testing.T) { e.Accept(t, e.Node, request) })
		}
		for name, request := range map[string]rig.Call{
			"another header": rig.InHeader("X-Other", token),
			"another query":  rig.InQuery("b"+alg.name, token),
			"another member": rig.InForm("q"+alg.name, token),
		} {
			t.Run(alg.name+" not in "+name, func(t *testing.T) { e.Refuse(t, e.Node, request) })
		}
	}
}

func TestPlacesOfTheToken(t *testing.T) {
	e := rig.Shared(t)
	const secret = "the secret of the places of the token"
	rule := gateway.Rule{"algorithm": "HS256", "secret": secret, "path": "sub"}
	token := jwttest.Sign(t, "HS256", secret, nil, map[string]any{"sub": "ann"})
	tests := []struct {
		name, position, tokenName string
		accept, refuse            []rig.Call
	}{
		{
			"empty position", "", "",
			[]rig.Call{rig.InHeader("Authorization", token), rig.Bearer(token), rig.InHeader("authorization", token)},
			[]rig.Call{rig.InHeader("X-Token", token), rig.InQuery("Authorization", token)},
		},
		{
			"custom header in any case", "header", "x-API-token",
			[]rig.Call{rig.InHeader("X-Api-Token", token), rig.InHeader("x-api-token", token), rig.InHeader("X-API-TOKEN", "bearer "+token)},
			[]rig.Call{rig.Bearer(token), rig.InHeader("X-Api-Tokens", token)},
		},
		{
			"scheme Bearer in any case", "header", "Authorization",
			[]rig.Call{
				rig.InHeader("Authorization", "bearer "+token), rig.InHeader("Authorization", "BEARER "+token),
				rig.InHeader("Authorization", "bEaReR   "+token),
			},
			[]rig.Call{rig.InHeader("Authorization", "Basic "+token), rig.InHeader("Authorization", "Bearer"+token), rig.InHeader("Authorization", "Bearer")},
		},
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e.Add(t, gateway.JWTApp(fmt.Sprintf("place-%d", i), gateway.Auth{
				Position: test.position, TokenName: test.tokenName, Config: rule, Users: []gateway.User{{Name: "ann"}},
			}))
			for _, request := range test.accept {
				e.Accept(t, e.Node, request)
			}
			for _, request := range test.refuse {
				e.Refuse(t, e.Node, request)
			}
		})
	}
}

func TestBase64Secret(t *testing.T) {
	e := rig.Shared(t)
	secret := make([]byte, 32) // bytes whose base64 differs between the two alphabets
	for i := range secret {
		secret[i] = byte(255 - i%3)
	}
	for i, encoding := range []struct {
		name string
		*base64.Encoding
	}{
		{"standard", base64.StdEncoding},
		{"standard, no padding", base64.RawStdEncoding},
		{"URL", base64.URLEncoding},
		{"URL, no padding", base64.RawURLEncoding},
	} {
		t.Run(encoding.name, func(t *testing.T) {
			header := fmt.Sprintf("X-Base64-%d", i)
			encoded := encoding.EncodeToString(secret)
			e.Add(t, gateway.JWTApp(fmt.Sprintf("base64-%d", i), gateway.Auth{
				Position: "header", TokenName: header,
				Config: gateway.Rule{"algorithm": "HS256", "secret": encoded, "signature_is_base_64": true, "path": "sub"},
				Users:  []gateway.User{{Name: "ann"}},
			}))
			claims := map[string]any{"sub": "ann"}
			e.Accept(t, e.Node, rig.Call{Header: http.Header{header: {jwttest.Sign(t, "HS256", secret, nil, claims)}}})
			e.Refuse(t, e.Node, rig.Call{Header: http.Header{header: {jwttest.Sign(t, "HS256", encoded, nil, claims)}}})
		})
	}
}
