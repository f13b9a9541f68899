package rig

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/upstream"
)

// WithParameters gives the application an additional parameter that must not come with the request.
func WithParameters(app gateway.App) map[string]any {
	return map[string]any{
		"name": app.Name, "driver": "app", "auth": app.Auth,
		"additional": []map[string]any{{"key": "X-Tenant", "value": "t1", "position": "header", "conflict": "error"}},
	}
}

// PluginFilter is the route filter's ID.
const PluginFilter = "apinto-jwt:jwt:filter"

// Filter is a gateway with the plugins access_log, jwt (the filter) and app, in this order. Routes that say nothing
// have no filter.
type Filter struct {
	*Env
	Global map[string]any // the filter's configuration on every route; nil: on none that does not ask for it
}

// filtered is the gateway of SharedFilter.
var filtered struct {
	once sync.Once
	env  *Filter
	err  error
}

// SharedFilter returns the gateway that most tests of the filter share.
func SharedFilter(t *testing.T) *Filter {
	t.Helper()
	filtered.once.Do(func() {
		var node *gateway.Node
		if node, filtered.err = Launch(context.Background()); filtered.err != nil {
			return
		}
		filtered.env = NewFilter(node)
		if filtered.err = filtered.env.Configure(context.Background()); filtered.err == nil {
			filtered.err = filtered.env.CreateApps(context.Background())
		}
	})
	if filtered.err != nil {
		t.Fatal(filtered.err)
	}
	return filtered.env
}

// NewFilter puts an upstream beside the gateway.
func NewFilter(node *gateway.Node) *Filter {
	e := &Filter{Env: NewEnv(node)}
	e.Log.Fields = append(e.Log.Fields, "$ctx_jwt_would as jwt_would", "$ctx_auth_status as auth_status",
		"$ctx_application_id as application_id", "$ctx_jwt_dropped as jwt_dropped", "$ctx_tenant as tenant")
	return e
}

// Configure makes access log, plugins and service.
func (e *Filter) Configure(ctx context.Context) error {
	if err := e.Node.Create(ctx, e.Log); err != nil {
		return err
	}
	if err := e.SetPlugins(ctx); err != nil {
		return err
	}
	return e.Node.Create(ctx, gateway.Service{Name: "up", Nodes: []string{e.Upstream.Address()}})
}

// SetPlugins saves the list of plugins.
func (e *Filter) SetPlugins(ctx context.Context) error {
	filter := gateway.Plugin{Name: "jwt", ID: PluginFilter, Status: "enable", Config: map[string]any{}}
	if e.Global != nil {
		filter = gateway.GlobalPlugin("jwt", PluginFilter, e.Global)
	}
	return e.Node.SetPlugins(ctx,
		gateway.GlobalPlugin("access_log", gateway.PluginAccessLog, map[string]any{"output": []string{e.Log.Name + "@output"}}),
		filter, gateway.Plugin{Name: "jwt_token", ID: gateway.PluginToken, Status: "enable", Config: map[string]any{}},
		gateway.GlobalPlugin("app", gateway.PluginApp, nil))
}

// CreateApps makes the applications "shop", whose user ann has a hidden token, and "farm"; and "form", with the token in
// a body.
func (e *Filter) CreateApps(ctx context.Context) error {
	for _, name := range []string{"shop", "farm"} {
		if err := e.Node.Create(ctx, FilterApp(name)); err != nil {
			return err
		}
	}
	form := FilterApp("form")
	form.Auth[0].Position, form.Auth[0].TokenName = "body", "token"
	return e.Node.Create(ctx, form)
}

// FilterApp is an application that takes tokens of filterSecret in Authorization.
func FilterApp(name string) gateway.App {
	app := gateway.JWTApp(name, gateway.Auth{
		Position: "header", TokenName: "Authorization",
		Config: gateway.Rule{
			"algorithm": "HS256", "secret": FilterSecret(name), "path": "sub", "claims_to_labels": map[string]string{"tenant": "tenant"},
		},
		Users: []gateway.User{
			{Name: "ann", HideCredential: true, Labels: map[string]string{"role": "reader"}}, {Name: "old", Expire: 1},
		},
	})
	app.Labels = map[string]string{"team": "team of " + name}
	return app
}

// FilterSecret is the secret of an application's tokens.
func FilterSecret(app string) string { return "the secret of the filter's application " + app }

// FilterToken is a token of the application for ann, with more claims.
func FilterToken(t *testing.T, app string, more Claims) string {
	t.Helper()
	all := Claims{"sub": "ann"}
	maps.Copy(all, more)
	return jwttest.Sign(t, "HS256", FilterSecret(app), nil, all)
}

// Route is a route of the admin API; its path is /name/*.
type Route struct {
	Name      string
	Plugins   map[string]any // by name
	Websocket bool
	Template  string
}

// WithFilter is a route with the filter in front of app, or alone.
func WithFilter(name string, config map[string]any, alone bool) Route {
	r := Route{Name: name, Plugins: map[string]any{"jwt": Plugin(config)}}
	if alone {
		r.Plugins["app"] = SwitchedOff()
	}
	return r
}

// Plugin is a plugin of a route, with this configuration.
func Plugin(config map[string]any) map[string]any {
	return map[string]any{"disable": false, "config": config}
}

// SwitchedOff is a plugin that a route does without.
func SwitchedOff() map[string]any { return map[string]any{"disable": true, "config": map[string]any{}} }

// Body is the route as the admin API takes it.
func (r Route) Body() map[string]any {
	body := map[string]any{
		"name": r.Name, "driver": "http", "listen": 0, "location": "/" + r.Name + "/*", "service": "up@service",
		"method": []string{}, "protocols": []string{"http"}, "plugins": r.Plugins, "websocket": r.Websocket,
	}
	if r.Template != "" {
		body["template"] = r.Template + "@template"
	}
	return body
}

// Put saves the route.
func (e *Filter) Put(ctx context.Context, r Route) error {
	_, err := e.Node.Call(ctx, http.MethodPost, "/api/router", r.Body())
	return err
}

// MustPut is Put that must succeed.
func (e *Filter) MustPut(t *testing.T, r Route) {
	t.Helper()
	if err := e.Put(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

// refusal is the JSON body of the filter's answer.
type refusal struct {
	Error, Reason, Message string
	RequestID              string `json:"request_id"`
}

// On sends a request to a route.
func (e *Filter) On(t *testing.T, route string, c Call) Answer {
	t.Helper()
	return e.SendTo(t, e.Node, NewPath("/"+route+"/"), c)
}

// Said is what came of a request, in a line: "upstream", or status and reason.
func (a Answer) Said() string {
	if a.Accepted() == nil {
		return "upstream"
	}
	var r refusal
	if len(a.Seen) != 0 {
		return fmt.Sprintf("%d, and %d requests upstream", a.Status, len(a.Seen))
	}
	if json.Unmarshal([]byte(a.Body), &r) != nil || r.RequestID == "" || r.Message == "" || r.Error == "" {
		return fmt.Sprintf("%d %q", a.Status, a.Body)
	}
	return fmt.Sprint(a.Status, " ", r.Reason)
}

// Settles waits until a request to the route has this outcome, and returns the answer.
func (e *Filter) Settles(t *testing.T, route string, c Call, want string) Answer {
	t.Helper()
	var got Answer
	Within(t, Settle, func() error {
		if got = e.On(t, route, c); got.Said() != want {
			return fmt.Errorf("%s: got %q, want %q", got.Path, got.Said(), want)
		}
		return nil
	})
	return got
}

// SeenOnce is what the upstream saw of the only request with this path.
func (e *Filter) SeenOnce(t *testing.T, path string) upstream.Request {
	t.Helper()
	seen := e.Upstream.Seen(path)
	if len(seen) != 1 {
		t.Fatalf("%s: %d requests upstream, want 1", path, len(seen))
	}
	return seen[0]
}
