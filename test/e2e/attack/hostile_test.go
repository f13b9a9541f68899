package attack

import (
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// Requests that anybody can send, without a key. Some of the first ones kill
// the worker process of the stock gateway.
var hostile = []struct{ name, header, payload string }{
	{"typ 1", `{"alg":"HS256","typ":1}`, `{"iss":"us","sub":"ann"}`},
	{"typ null", `{"alg":"HS256","typ":null}`, `{"iss":"us","sub":"ann"}`},
	{"typ array", `{"alg":"HS256","typ":["JWT"]}`, `{"iss":"us","sub":"ann"}`},
	{"typ object", `{"alg":"HS256","typ":{}}`, `{"iss":"us","sub":"ann"}`},
	{"alg 1", `{"alg":1,"typ":"JWT"}`, `{"iss":"us","sub":"ann"}`},
	{"alg null", `{"alg":null,"typ":"JWT"}`, `{"iss":"us","sub":"ann"}`},
	{"alg array", `{"alg":["HS256"],"typ":"JWT"}`, `{"iss":"us","sub":"ann"}`},
	{"alg object", `{"alg":{"HS256":1},"typ":"JWT"}`, `{"iss":"us","sub":"ann"}`},
	{"alg true", `{"alg":true,"typ":"JWT"}`, `{"iss":"us","sub":"ann"}`},
	{"no alg", `{"typ":"JWT"}`, `{"iss":"us","sub":"ann"}`},
	{"kid 1", `{"alg":"HS256","typ":"JWT","kid":1}`, `{"iss":"us","sub":"ann"}`},
	{"crit null", `{"alg":"HS256","typ":"JWT","crit":null}`, `{"iss":"us","sub":"ann"}`},
	{"iss 1", `{"alg":"HS256","typ":"JWT"}`, `{"iss":1,"sub":"ann"}`},
	{"iss null", `{"alg":"HS256","typ":"JWT"}`, `{"iss":null,"sub":"ann"}`},
	{"iss array", `{"alg":"HS256","typ":"JWT"}`, `{"iss":["us"],"sub":"ann"}`},
	{"iss object", `{"alg":"HS256","typ":"JWT"}`, `{"iss":{"us":1},"sub":"ann"}`},
	{"sub array", `{"alg":"HS256","typ":"JWT"}`, `{"iss":"us","sub":["ann"]}`},
	{"exp string", `{"alg":"HS256","typ":"JWT"}`, `{"iss":"us","sub":"ann","exp":"never"}`},
	{"exp array", `{"alg":"HS256","typ":"JWT"}`, `{"iss":"us","sub":"ann","exp":[]}`},
	{"exp huge", `{"alg":"HS256","typ":"JWT"}`, `{"iss":"us","sub":"ann","exp":1e999}`},
	{"nbf object", `{"alg":"HS256","typ":"JWT"}`, `{"iss":"us","sub":"ann","nbf":{}}`},
	{"header array", `[]`, `{"iss":"us","sub":"ann"}`},
	{"header null", `null`, `{"iss":"us","sub":"ann"}`},
	{"header empty", ``, `{"iss":"us","sub":"ann"}`},
	{"payload array", `{"alg":"HS256","typ":"JWT"}`, `[{"iss":"us"}]`},
	{"payload null", `{"alg":"HS256","typ":"JWT"}`, `null`},
	{"payload string", `{"alg":"HS256","typ":"JWT"}`, `"us"`},
	{"payload empty", `{"alg":"HS256","typ":"JWT"}`, ``},
	{"payload not JSON", `{"alg":"HS256","typ":"JWT"}`, "\x00\xff{"},
	{"member twice", `{"alg":"none","alg":"HS256"}`, `{"iss":"us","sub":"ann"}`},
}

const hostileSecret = "the secret that attackers do not have"

// The rule asks for as much as it can, so that as much as can be is looked at.
func hostileApp() gateway.App {
	app := gateway.App{Name: "hostile", Driver: "app"}
	for _, place := range []struct{ position, name string }{
		{"header", "X-Hostile"}, {"query", "hostile"}, {"body", "hostile"}, {"body", "$.deep.hostile"},
	} {
		app.Auth = append(app.Auth, gateway.Auth{
			Type: "jwt", Position: place.position, TokenName: place.name,
			Config: gateway.Rule{"algorithm": "HS256", "secret": hostileSecret, "iss": "us", "path": "$.sub"},
			Users:  []gateway.User{{Name: "ann", HideCredential: true}},
		})
	}
	return app
}

func TestHostileRequestsKillNothing(t *testing.T) {
	e := rig.Shared(t)
	e.Add(t, hostileApp())
	good := rig.InHeader("X-Hostile", jwttest.Sign(t, "HS256", hostileSecret, rig.Object{"typ": "JWT"}, rig.Claims{"iss": "us", "sub": "ann"}))
	e.Accept(t, e.Node, good)
	worker := e.Node.Worker()
	check := func(t *testing.T, c rig.Call) {
		t.Helper()
		e.Refuse(t, e.Node, c)
		if now := e.Node.Worker(); now != worker {
			t.Fatalf("the worker's process id was %d and is %d", worker, now)
		}
	}
	for _, test := range hostile {
		header, payload := jwttest.Encode([]byte(test.header)), jwttest.Encode([]byte(test.payload))
		for kind, token := range map[string]string{
			"unsigned":  header + "." + payload + ".",
			"forged":    header + "." + payload + "." + jwttest.Encode(make([]byte, 32)),
			"by a user": jwttest.SignRaw(t, "HS256", hostileSecret, []byte(test.header), []byte(test.payload)),
		} {
			t.Run(test.name+", "+kind, func(t *testing.T) {
				check(t, rig.InHeader("X-Hostile", token))
				check(t, rig.Bearer(token))
				check(t, rig.InQuery("hostile", token))
				check(t, rig.InForm("hostile", token))
			})
		}
	}
	for name, body := range map[string]string{
		"nothing": ``, "not JSON": `{`, "array": `[]`, "null": `null`, "member not a string": `{"hostile":1}`,
		"member null": `{"hostile":null,"deep":null}`, "member an array": `{"hostile":["x"],"deep":["x"]}`,
		"path through a string": `{"deep":"hostile"}`, "path to an object": `{"deep":{"hostile":{}}}`,
	} {
		t.Run("body: "+name, func(t *testing.T) {
			check(t, rig.InBody("application/json", body))
			check(t, rig.InBody("application/x-www-form-urlencoded", body))
			check(t, rig.InBody("multipart/form-data; boundary=x", body))
			check(t, rig.InBody("multipart/form-data", body))
		})
	}
	if err := e.Send(t, e.Node, good).Accepted(); err != nil {
		t.Error(err)
	}
}
