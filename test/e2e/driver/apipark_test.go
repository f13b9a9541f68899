package driver

import (
	"crypto/elliptic"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// apipark is an application as APIPark publishes it: seven fields, and a user whose name is what its form has, be it nothing.
const apipark = `{"name":"NAME","driver":"app","description":"","disable":false,"anonymous":false,"labels":{},"additional":[],"auth":[{
	"type":"jwt","position":"header","token_name":"Authorization",
	"config":{"iss":"https://park.test/NAME","algorithm":"ALGORITHM","secret":SECRET,"rsa_public_key":KEY,"path":PATH,"claims_to_verify":CLAIMS,"signature_is_base_64":BASE64},
	"users":[{"pattern":{"username":USER},"expire":0,"hide_credential":false,"labels":{}}]}]}`

// What APIPark publishes where its form's user name is left empty works as it is, also with the URL of a key set as public key.
func TestPublishedByAPIPark(t *testing.T) {
	e := rig.Shared(t)
	issuer := rig.StartKeyIssuer(t)
	key := jwttest.ECKey(elliptic.P256())
	secret := "the secret of what is published, of 32 bytes and more"
	for name, test := range map[string]struct {
		fields []string
		token  func(t *testing.T, more rig.Claims) string
		user   string
	}{
		"secret": {
			[]string{"ALGORITHM", "HS256", "SECRET", quoted(secret), "KEY", `""`, "PATH", `"$.name"`, "CLAIMS", `[]`, "BASE64", "false", "USER", `""`},
			func(t *testing.T, more rig.Claims) string { return jwttest.Sign(t, "HS256", secret, nil, more) }, "John Doe",
		},
		"nulls": {
			[]string{"ALGORITHM", "HS256", "SECRET", quoted(secret), "KEY", `null`, "PATH", `"$.name"`, "CLAIMS", `null`, "BASE64", "null", "USER", `null`},
			func(t *testing.T, more rig.Claims) string { return jwttest.Sign(t, "HS256", secret, nil, more) }, "John Doe",
		},
		"pem": {
			[]string{"ALGORITHM", "ES256", "SECRET", `""`, "KEY", quoted(jwttest.PublicPEM(key)), "PATH", `"$.name"`, "CLAIMS", `["exp"]`, "BASE64", "false", "USER", `""`},
			func(t *testing.T, more rig.Claims) string { return jwttest.Sign(t, "ES256", key, nil, more) }, "John Doe",
		},
		"url": {
			[]string{"ALGORITHM", "ES256", "SECRET", `""`, "KEY", quoted(issuer.URL(jwttest.KeysPath)), "PATH", `""`, "CLAIMS", `["exp"]`, "BASE64", "false", "USER", `""`},
			func(t *testing.T, more rig.Claims) string { return rig.TokenOf(t, "A", more) }, "1234567890",
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := "park-" + name
			body := strings.NewReplacer(append(test.fields, "NAME", app)...).Replace(apipark)
			if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/app", json.RawMessage(body)); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = e.Node.Delete(t.Context(), gateway.App{Name: app}) }()
			claims := rig.Claims{"iss": "https://park.test/" + app, "sub": "1234567890", "name": "John Doe", "exp": 4102444800}
			call := rig.Bearer(test.token(t, claims))
			e.Accept(t, e.Node, call)
			e.ExpectLogged(t, e.Send(t, e.Node, call), map[string]string{"application": app, "user": test.user})
			claims["iss"] = "https://other.test"
			e.Refuse(t, e.Node, rig.Bearer(test.token(t, claims)))
			warned := false
			for _, w := range rig.Status(t, e.Node).Warnings {
				warned = warned || w.Application == app+"@app" && strings.Contains(w.Warning, `users[0].pattern.username: is empty, which means "*"`)
			}
			if !warned {
				t.Error("the status page does not warn of the empty name")
			}
		})
	}
}

// quoted is a text as JSON.
func quoted(text string) string {
	encoded, _ := json.Marshal(text) // a text can always be written
	return string(encoded)
}
