package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/load"
	"apinto-jwt/test/e2e/upstream"
)

// pluginFilter is the route filter's ID.
const pluginFilter = "apinto-jwt:jwt:filter"

// filterEnv is a gateway with the plugins access_log, jwt (the filter) and app, in this order. Routes that say nothing
// have no filter.
type filterEnv struct {
	*env
	global map[string]any // the filter's configuration on every route; nil: on none that does not ask for it
}

// filtered is the one that most tests of the filter share.
var filtered struct {
	once sync.Once
	env  *filterEnv
	err  error
}

func sharedFilterEnv(t *testing.T) *filterEnv {
	t.Helper()
	filtered.once.Do(func() {
		var node *gateway.Node
		if node, filtered.err = launch(context.Background()); filtered.err != nil {
			return
		}
		filtered.env = newFilterEnv(node)
		if filtered.err = filtered.env.configure(context.Background()); filtered.err == nil {
			filtered.err = filtered.env.createApps(context.Background())
		}
	})
	if filtered.err != nil {
		t.Fatal(filtered.err)
	}
	return filtered.env
}

func newFilterEnv(node *gateway.Node) *filterEnv {
	e := &filterEnv{env: newEnv(node)}
	e.log.Fields = append(e.log.Fields, "$ctx_jwt_would as jwt_would", "$ctx_auth_status as auth_status",
		"$ctx_application_id as application_id", "$ctx_jwt_dropped as jwt_dropped", "$ctx_tenant as tenant")
	return e
}

// configure makes access log, plugins and service.
func (e *filterEnv) configure(ctx context.Context) error {
	if err := e.node.Create(ctx, e.log); err != nil {
		return err
	}
	if err := e.setPlugins(ctx); err != nil {
		return err
	}
	return e.node.Create(ctx, gateway.Service{Name: "up", Nodes: []string{e.upstream.Address()}})
}

func (e *filterEnv) setPlugins(ctx context.Context) error {
	filter := gateway.Plugin{Name: "jwt", ID: pluginFilter, Status: "enable", Config: map[string]any{}}
	if e.global != nil {
		filter = gateway.GlobalPlugin("jwt", pluginFilter, e.global)
	}
	return e.node.SetPlugins(ctx,
		gateway.GlobalPlugin("access_log", gateway.PluginAccessLog, map[string]any{"output": []string{e.log.Name + "@output"}}),
		filter, gateway.Plugin{Name: "jwt_token", ID: gateway.PluginToken, Status: "enable", Config: map[string]any{}},
		gateway.GlobalPlugin("app", gateway.PluginApp, nil))
}

// createApps makes the applications "shop", whose user ann has a hidden token, and "farm"; and "form", with the token in
// a body.
func (e *filterEnv) createApps(ctx context.Context) error {
	for _, name := range []string{"shop", "farm"} {
		if err := e.node.Create(ctx, filterApp(name)); err != nil {
			return err
		}
	}
	form := filterApp("form")
	form.Auth[0].Position, form.Auth[0].TokenName = "body", "token"
	return e.node.Create(ctx, form)
}

func filterApp(name string) gateway.App {
	app := gateway.JWTApp(name, gateway.Auth{
		Position: "header", TokenName: "Authorization",
		Config: gateway.Rule{
			"algorithm": "HS256", "secret": filterSecret(name), "path": "sub", "claims_to_labels": map[string]string{"tenant": "tenant"},
		},
		Users: []gateway.User{
			{Name: "ann", HideCredential: true, Labels: map[string]string{"role": "reader"}}, {Name: "old", Expire: 1},
		},
	})
	app.Labels = map[string]string{"team": "team of " + name}
	return app
}

func filterSecret(app string) string { return "the secret of the filter's application " + app }

// filterToken is a token of the application for ann, with more claims.
func filterToken(t *testing.T, app string, more claims) string {
	t.Helper()
	all := claims{"sub": "ann"}
	maps.Copy(all, more)
	return jwttest.Sign(t, "HS256", filterSecret(app), nil, all)
}

// route is a route of the admin API; its path is /name/*.
type route struct {
	name      string
	plugins   map[string]any // by name
	websocket bool
	template  string
}

// withFilter is a route with the filter in front of app, or alone.
func withFilter(name string, config map[string]any, alone bool) route {
	r := route{name: name, plugins: map[string]any{"jwt": plugin(config)}}
	if alone {
		r.plugins["app"] = switchedOff()
	}
	return r
}

func plugin(config map[string]any) map[string]any {
	return map[string]any{"disable": false, "config": config}
}

func switchedOff() map[string]any { return map[string]any{"disable": true, "config": map[string]any{}} }

func (r route) body() map[string]any {
	body := map[string]any{
		"name": r.name, "driver": "http", "listen": 0, "location": "/" + r.name + "/*", "service": "up@service",
		"method": []string{}, "protocols": []string{"http"}, "plugins": r.plugins, "websocket": r.websocket,
	}
	if r.template != "" {
		body["template"] = r.template + "@template"
	}
	return body
}

// put saves the route.
func (e *filterEnv) put(ctx context.Context, r route) error {
	_, err := e.node.Call(ctx, http.MethodPost, "/api/router", r.body())
	return err
}

func (e *filterEnv) mustPut(t *testing.T, r route) {
	t.Helper()
	if err := e.put(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

// refusal is the JSON body of the filter's answer.
type refusal struct {
	Error, Reason, Message string
	RequestID              string `json:"request_id"`
}

// on sends a request to a route.
func (e *filterEnv) on(t *testing.T, route string, c call) answer {
	t.Helper()
	return e.sendTo(t, e.node, newPath("/"+route+"/"), c)
}

// said is what came of a request, in a line: "upstream", or status and reason.
func (a answer) said() string {
	if a.accepted() == nil {
		return "upstream"
	}
	var r refusal
	if len(a.seen) != 0 {
		return fmt.Sprintf("%d, and %d requests upstream", a.status, len(a.seen))
	}
	if json.Unmarshal([]byte(a.body), &r) != nil || r.RequestID == "" || r.Message == "" || r.Error == "" {
		return fmt.Sprintf("%d %q", a.status, a.body)
	}
	return fmt.Sprint(a.status, " ", r.Reason)
}

// settles waits until a request to the route has this outcome, and returns the answer.
func (e *filterEnv) settles(t *testing.T, route string, c call, want string) answer {
	t.Helper()
	var got answer
	within(t, settle, func() error {
		if got = e.on(t, route, c); got.said() != want {
			return fmt.Errorf("%s: got %q, want %q", got.path, got.said(), want)
		}
		return nil
	})
	return got
}

// rawly writes bytes to the gateway and reads one answer.
func (e *filterEnv) rawly(t *testing.T, text string) (status int, body string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(e.node.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(15 * time.Second)); err != nil {
		t.Fatal(err)
	}
	secrets.Tokens(text)
	go func() { _, _ = io.WriteString(conn, text) }() // the gateway may close before all is read
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(response.Body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	noteRefusal(response, content)
	return response.StatusCode, string(content)
}

// seenOnce is what the upstream saw of the only request with this path.
func (e *filterEnv) seenOnce(t *testing.T, path string) upstream.Request {
	t.Helper()
	seen := e.upstream.Seen(path)
	if len(seen) != 1 {
		t.Fatalf("%s: %d requests upstream, want 1", path, len(seen))
	}
	return seen[0]
}

// sent is nil when a load has sent this many requests.
func sent(r *load.Run, least int) error {
	if got := r.Sent(); got < least {
		return fmt.Errorf("%d requests were sent, want %d", got, least)
	}
	return nil
}
