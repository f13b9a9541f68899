package driver

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
	"apinto-jwt/test/e2e/upstream"
)

const hideSecret = "the secret of the tokens to hide"

// hideApp takes the token from everywhere. User "hidden" has it hidden, user
// "shown" not.
func hideApp() gateway.App {
	app := gateway.App{Name: "hide", Driver: "app"}
	for _, place := range []struct{ position, name string }{
		{"header", "X-Hide"}, {"query", "hide"}, {"body", "hide"}, {"body", "$.deep.hide"},
	} {
		app.Auth = append(app.Auth, gateway.Auth{
			Type: "jwt", Position: place.position, TokenName: place.name,
			Config: gateway.Rule{"algorithm": "HS256", "secret": hideSecret, "path": "sub"},
			Users:  []gateway.User{{Name: "hidden", HideCredential: true}, {Name: "shown"}},
		})
	}
	return app
}

// hideCase sends a token among other things. If it is hidden the others
// must reach the upstream as they are; where not, all of it.
type hideCase struct {
	name   string
	send   func(token string) rig.Call
	check  func(t *testing.T, got upstream.Request, token string)
	hidden func(t *testing.T, got upstream.Request)
}

func hideCases(t *testing.T) []hideCase {
	return []hideCase{
		{
			name: "header",
			send: func(token string) rig.Call {
				return rig.Call{Header: http.Header{"X-Hide": {"Bearer " + token}, "X-Kept": {"yes"}}}
			},
			check: func(t *testing.T, got upstream.Request, token string) {
				rig.Equal(t, got.Header.Get("X-Hide"), "Bearer "+token)
			},
			hidden: func(t *testing.T, got upstream.Request) { rig.Equal(t, got.Header.Get("X-Kept"), "yes") },
		},
		{
			name: "query",
			send: func(token string) rig.Call {
				return rig.Call{Query: url.Values{"hide": {token}, "a": {"1 &="}, "b": {"", "2"}}}
			},
			check: func(t *testing.T, got upstream.Request, token string) { rig.Equal(t, got.Query.Get("hide"), token) },
			hidden: func(t *testing.T, got upstream.Request) {
				rig.Equal(t, got.Query.Encode(), url.Values{"a": {"1 &="}, "b": {"", "2"}}.Encode())
			},
		},
		{
			name: "form",
			send: func(token string) rig.Call {
				return rig.InBody("application/x-www-form-urlencoded", "z=%C3%A9+1&hide="+token+"&a=1&a=2&empty=")
			},
			check: func(t *testing.T, got upstream.Request, token string) {
				rig.Equal(t, string(got.Body), "z=%C3%A9+1&hide="+token+"&a=1&a=2&empty=")
			},
			hidden: func(t *testing.T, got upstream.Request) { rig.Equal(t, string(got.Body), "z=%C3%A9+1&a=1&a=2&empty=") },
		},
		{
			name: "multipart",
			send: func(token string) rig.Call { return inMultipart(t, map[string]string{"hide": token, "kept": "1"}) },
			check: func(t *testing.T, got upstream.Request, token string) {
				if want := map[string]string{"hide": token, "kept": "1", "upload": string(file)}; !maps.Equal(parts(t, got), want) {
					t.Errorf("got parts %q, want %q", parts(t, got), want)
				}
			},
			hidden: func(t *testing.T, got upstream.Request) {
				if want := map[string]string{"kept": "1", "upload": string(file)}; !maps.Equal(parts(t, got), want) {
					t.Errorf("got parts %q, want %q", parts(t, got), want)
				}
			},
		},
		{
			name: "JSON member",
			send: func(token string) rig.Call {
				return rig.InBody("application/json", `{"n": 1.0, "hide":"`+token+`", "big":12345678901234567890, "s":"<é>"}`)
			},
			check: func(t *testing.T, got upstream.Request, token string) {
				rig.Equal(t, string(got.Body), `{"n": 1.0, "hide":"`+token+`", "big":12345678901234567890, "s":"<é>"}`)
			},
			hidden: func(t *testing.T, got upstream.Request) {
				rig.Equal(t, withoutSpace(got.Body), `{"n":1.0,"big":12345678901234567890,"s":"<é>"}`)
			},
		},
		{
			name: "JSON path",
			send: func(token string) rig.Call {
				return rig.InBody("application/json", `{"deep":{"hide":"`+token+`","kept":[1,2]},"hide":[3]}`)
			},
			check: func(t *testing.T, got upstream.Request, token string) {
				rig.Equal(t, string(got.Body), `{"deep":{"hide":"`+token+`","kept":[1,2]},"hide":[3]}`)
			},
			hidden: func(t *testing.T, got upstream.Request) {
				rig.Equal(t, withoutSpace(got.Body), `{"deep":{"kept":[1,2]},"hide":[3]}`)
			},
		},
	}
}

func TestHideCredential(t *testing.T) {
	e := rig.Shared(t)
	e.Add(t, hideApp())
	hidden := jwttest.Sign(t, "HS256", hideSecret, nil, rig.Claims{"sub": "hidden"})
	shown := jwttest.Sign(t, "HS256", hideSecret, nil, rig.Claims{"sub": "shown"})
	_, _, secretPart := rig.Split(hidden)
	for _, test := range hideCases(t) {
		t.Run(test.name+", shown", func(t *testing.T) {
			test.check(t, e.Accept(t, e.Node, test.send(shown)), shown)
		})
		t.Run(test.name+", hidden", func(t *testing.T) {
			got := e.Accept(t, e.Node, test.send(hidden))
			if strings.Contains(got.Text(), secretPart) {
				t.Errorf("the upstream got the credential: %s", got.Text())
			}
			test.hidden(t, got)
		})
	}
}

func withoutSpace(body []byte) string { return strings.ReplaceAll(string(body), " ", "") }
