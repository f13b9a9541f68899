package driver

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// ruleFor has the algorithm's key if a rule of the documentation has it.
func ruleFor(alg string) gateway.Rule {
	rule := gateway.Rule{"algorithm": alg, "path": "$.user.name"}
	if secret, ok := jwttest.Key(alg).(string); ok {
		rule["secret"] = secret
	} else {
		rule["rsa_public_key"] = jwttest.PublicPEM(jwttest.Key(alg))
	}
	return rule
}

// otherAlgorithm is one that takes the same key, if there is any.
func otherAlgorithm(alg string) string {
	switch alg[:2] {
	case "HS":
		return map[string]string{"HS256": "HS384", "HS384": "HS512", "HS512": "HS256"}[alg]
	case "RS":
		return "PS" + alg[2:]
	case "PS":
		return map[string]string{"PS256": "RS256", "PS384": "PS512", "PS512": "PS256"}[alg]
	}
	return "none"
}

// algorithmApp takes tokens of one algorithm in each place, and in two headers by a key set. The name of the token differs
// from place to place: a token in any other is none.
func algorithmApp(alg string) gateway.App {
	app := gateway.App{Name: "alg-" + alg, Driver: "app"}
	add := func(position, name string, rule gateway.Rule) {
		app.Auth = append(app.Auth, gateway.Auth{
			Type: "jwt", Position: position, TokenName: name, Config: rule, Users: []gateway.User{{Name: "ann"}},
		})
	}
	add("header", "X-"+alg, ruleFor(alg))
	add("query", "q"+alg, ruleFor(alg))
	add("body", "b"+alg, ruleFor(alg))
	add("body", "$.auth."+alg, ruleFor(alg))
	key := jwttest.Key(alg)
	if secret, ok := key.(string); ok {
		key = []byte(secret)
	}
	set := jwttest.JWKS(jwttest.NewJWK("k", key))
	add("header", "X-"+alg+"-Text", gateway.Rule{"algorithm": alg, "jwks": set, "path": "$.user.name"})
	add("header", "X-"+alg+"-Object", gateway.Rule{"algorithm": alg, "jwks": json.RawMessage(set), "path": "$.user.name"})
	return app
}

// One application per algorithm, with the token in each place, and the key in each form.
func TestAlgorithmsInEveryPosition(t *testing.T) {
	e := rig.Shared(t)
	for _, alg := range jwttest.Algorithms {
		e.Add(t, algorithmApp(alg))
		sign := func(name string) string {
			return jwttest.Sign(t, name, jwttest.Key(alg), rig.Object{"typ": "JWT", "kid": "k"}, rig.Claims{"user": rig.Claims{"name": "ann"}})
		}
		token := sign(alg)
		head, payload, signature := rig.Split(token)
		for name, request := range map[string]rig.Call{
			"header":         rig.InHeader("X-"+alg, token),
			"query":          rig.InQuery("q"+alg, token),
			"form":           rig.InForm("b"+alg, token),
			"multipart":      inMultipart(t, map[string]string{"b" + alg: token}),
			"JSON member":    rig.InBody("application/json", `{"b`+alg+`":"`+token+`"}`),
			"JSON path":      rig.InBody("application/json", `{"auth":{"`+alg+`":"`+token+`"}}`),
			"JSON, charset":  rig.InBody("application/json; charset=utf-8", `{"b`+alg+`":"`+token+`"}`),
			"header, Bearer": rig.InHeader("X-"+alg, "Bearer "+token),
			"a set as text":  rig.InHeader("X-"+alg+"-Text", token),
			"a set":          rig.InHeader("X-"+alg+"-Object", token),
		} {
			t.Run(alg+" in "+name, func(t *testing.T) { e.Accept(t, e.Node, request) })
		}
		for name, request := range map[string]rig.Call{
			"another header": rig.InHeader("X-Other", token),
			"another query":  rig.InQuery("b"+alg, token),
			"another member": rig.InForm("q"+alg, token),
		} {
			t.Run(alg+" not in "+name, func(t *testing.T) { e.Refuse(t, e.Node, request) })
		}
		for _, form := range []string{"", "-Text", "-Object"} {
			t.Run(alg+form+" not forged", func(t *testing.T) {
				e.Refuse(t, e.Node, rig.InHeader("X-"+alg+form, head+"."+payload+"."+rig.Flip(signature)))
				e.Refuse(t, e.Node, rig.InHeader("X-"+alg+form, sign(otherAlgorithm(alg))))
			})
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
