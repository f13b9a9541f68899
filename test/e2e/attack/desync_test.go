package attack

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// hiding is a way to put a request into the body of another one.
type hiding struct {
	name string
	wrap func(smuggled string) (head, body string)
}

// hidings are bodies whose rest is a request, at which the server stops to read if nobody else does.
var hidings = []hiding{
	{"a whole body", func(smuggled string) (string, string) {
		body := strings.Repeat("x", 8<<10) + smuggled
		return fmt.Sprintf("Content-Length: %d\r\n", len(body)), body
	}},
	{"a large body", func(smuggled string) (string, string) {
		body := strings.Repeat("x", 8<<10) + smuggled + strings.Repeat("x", 260<<10) + smuggled
		return fmt.Sprintf("Content-Length: %d\r\n", len(body)), body
	}},
	{"a body that breaks off", func(smuggled string) (string, string) {
		return "Content-Length: 60000\r\n", strings.Repeat("x", 8<<10) + smuggled
	}},
	{"chunks", func(smuggled string) (string, string) {
		body := strings.Repeat("x", 8<<10) + smuggled
		return "Transfer-Encoding: chunked\r\n", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body)
	}},
	{"damaged chunks", func(smuggled string) (string, string) {
		return "Transfer-Encoding: chunked\r\n", "3\r\na=1zz\r\n0\r\n\r\n" + smuggled
	}},
}

// nothingHides sends a request with each of the bodies: it gets one answer of this status, and what hides in the body is
// no request.
func nothingHides(t *testing.T, e *rig.Env, name, method, path, header string, status int) {
	t.Helper()
	for _, h := range hidings {
		t.Run(name+" "+method+", "+h.name, func(t *testing.T) {
			hidden := rig.NewPath("/open/hidden/")
			head, body := h.wrap("GET " + hidden + " HTTP/1.1\r\nHost: gateway.test\r\nAuthorization: Bearer " + rig.AnchorToken(t) + "\r\n\r\n")
			answers := e.Exchange(t, method+" "+path+" HTTP/1.1\r\nHost: gateway.test\r\n"+header+head+"\r\n"+body)
			// What a damaged body is answered with is the endpoint's to say.
			if n := bytes.Count(answers, []byte("HTTP/1.1 ")); n != 1 || !bytes.HasPrefix(answers, fmt.Appendf(nil, "HTTP/1.1 %d", status)) &&
				!bytes.HasPrefix(answers, []byte("HTTP/1.1 400")) && !bytes.HasPrefix(answers, []byte("HTTP/1.1 413")) {
				t.Errorf("%d answers, want one of status %d:\n%.600s", n, status, answers)
			}
			if len(e.Upstream.Seen(hidden)) > 0 {
				t.Error("the request in the body has arrived")
			}
		})
	}
}

const formHeader = "Content-Type: application/x-www-form-urlencoded\r\n"

// Whatever the endpoint, the branch that answers and the method: what hides in the body is no request.
func TestNothingHidesAtAnEndpoint(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.Route{Name: "open", Plugins: map[string]any{"app": rig.SwitchedOff()}})
	e.Add(t, rig.IssuingApp("desync"))
	for _, kind := range []string{"token", "revoke", "introspect", "jwks", ""} {
		endpointAt(t, e, "/desync/"+kind+"endpoint", kind)
	}
	anyMethod := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodHead, http.MethodOptions, "PATCH"}
	for kind, wrong := range map[string]int{"token": 400, "revoke": 400, "introspect": 400, "jwks": 200, "": 503} {
		path := "/desync/" + kind + "endpoint"
		for _, method := range anyMethod {
			status := http.StatusMethodNotAllowed
			switch {
			case kind == "":
				status = http.StatusServiceUnavailable
			case kind == "jwks" && (method == http.MethodGet || method == http.MethodHead), kind != "jwks" && method == http.MethodPost:
				status = wrong
			}
			nothingHides(t, e.Env, path, method, path, "", status)
		}
	}
	for _, branch := range []struct {
		name, kind, header string
		status             int
	}{
		{"a form", "token", formHeader, 400},
		{"another scheme", "token", formHeader + "Authorization: Digest x\r\n", 401},
		{"credentials that cannot be read", "introspect", formHeader + "Authorization: Basic ???\r\n", 401},
		{"a wrong password", "introspect", formHeader + "Authorization: Basic ZGVzeW5jfGFubjp4\r\n", 401},
		{"no client", "revoke", formHeader, 401},
		{"another type", "revoke", "Content-Type: application/json\r\n", 400},
	} {
		nothingHides(t, e.Env, branch.name, http.MethodPost, "/desync/"+branch.kind+"endpoint", branch.header, branch.status)
	}
	nothingHides(t, e.Env, "a websocket", http.MethodGet, "/desync/jwksendpoint",
		"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", 200)
}

// endpointAt makes a route with an endpoint; with no kind it has no configuration. It waits until the route is there.
func endpointAt(t *testing.T, e *rig.Filter, path, kind string) {
	t.Helper()
	config := map[string]any{}
	if kind != "" {
		config["endpoint"] = kind
	}
	body := rig.Route{Name: "desync" + kind, Plugins: map[string]any{"app": rig.SwitchedOff(), "jwt_token": rig.Plugin(config)}}.Body()
	body["location"] = path
	if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/router", body); err != nil {
		t.Fatal(err)
	}
	rig.Within(t, rig.Settle, func() error {
		got := e.SendTo(t, e.Node, path, rig.Call{Method: http.MethodPut})
		if got.Status != http.StatusMethodNotAllowed && got.Status != http.StatusServiceUnavailable {
			return fmt.Errorf("status %d", got.Status)
		}
		return nil
	})
}

// Every refusal of the filter, on HTTP and on websocket routes.
func TestNothingHidesAtTheFilter(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("f-desync", map[string]any{"scopes": []string{"read"}}, true))
	socket := rig.WithFilter("f-desync-socket", map[string]any{"scopes": []string{"read"}}, true)
	socket.Websocket = true
	e.MustPut(t, socket)
	e.MustPut(t, rig.Route{Name: "open", Plugins: map[string]any{"app": rig.SwitchedOff()}})
	good := rig.FilterToken(t, "shop", nil)
	e.Settles(t, "f-desync", rig.Bearer(good), "403 claim_missing")
	e.Settles(t, "f-desync-socket", rig.Bearer(good), "403 claim_missing")
	for _, name := range []string{"f-desync", "f-desync-socket"} {
		for _, branch := range []struct {
			name, header string
			status       int
		}{
			{"no token", "", 401},
			{"a forged token", "Authorization: Bearer " + good + "x\r\n", 401},
			{"a weak token", "Authorization: Bearer " + good + "\r\n", 403},
			{"chunks that only others see", "Transfer-Encoding : chunked\r\nAuthorization: Bearer " + good + "\r\n", 400},
			{"a blank before the colon", "X-Role : a\r\nAuthorization: Bearer " + good + "\r\n", 400},
		} {
			method := http.MethodPost
			if name == "f-desync-socket" {
				method = http.MethodGet // the host takes no other on such a route
			}
			nothingHides(t, e.Env, name+", "+branch.name, method, "/"+name+"/", branch.header, branch.status)
		}
	}
}

// What "app" refuses though the driver has found the user: a disabled application, a user who has expired, and
// additional parameters that contradict the request.
func TestNothingHidesWhereAppRefusesAUser(t *testing.T) {
	e := rig.Shared(t)
	app := func(name string, user gateway.User) gateway.App {
		return gateway.JWTApp(name, gateway.Auth{
			Position: "header", TokenName: "X-" + name, Config: gateway.Rule{"algorithm": "HS256", "secret": rig.FilterSecret(name), "path": "sub"},
			Users: []gateway.User{user},
		})
	}
	disabled := app("unreaddisabled", gateway.User{Name: "ann"})
	disabled.Disable = true
	e.Add(t, disabled)
	e.Add(t, app("unreadexpired", gateway.User{Name: "ann", Expire: 1}))
	contradicting := rig.WithParameters(app("unreadparameters", gateway.User{Name: "ann"}))
	if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/app", contradicting); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = e.Node.Call(t.Context(), http.MethodDelete, "/api/app/unreadparameters", nil) })
	for _, name := range []string{"unreaddisabled", "unreadexpired", "unreadparameters"} {
		token := rig.FilterToken(t, name, nil)
		rig.Within(t, rig.Settle, func() error {
			return e.Send(t, e.Node, rig.Call{Header: http.Header{"X-" + name: {token}, "X-Tenant": {"t2"}}}).Refused()
		})
		nothingHides(t, e, name, http.MethodPost, rig.NewPath("/unread/"), "X-Tenant: t2\r\nX-"+name+": "+token+"\r\n", 401)
	}
}
