package filter

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// pluginCache is the host's plugin that keeps answers for everybody.
const pluginCache = "eolinker.com:apinto:strategy-plugin-cache"

// personal is an upstream whose answers are one user's, and that lets shared caches keep them as its path says. It never
// answers the same twice.
type personal struct {
	*httptest.Server
	answers atomic.Int64
	headers atomic.Pointer[http.Header] // of the last request
}

func startPersonal(t *testing.T) *personal {
	t.Helper()
	p := new(personal)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.headers.Store(&r.Header)
		switch {
		case strings.Contains(r.URL.Path, "/public/"):
			w.Header().Add("Cache-Control", "max-age=60")
			w.Header().Add("Cache-Control", "public, s-maxage=60")
			w.Header().Set("CDN-Cache-Control", "max-age=600")
			w.Header().Set("Vary", "Accept")
		case strings.Contains(r.URL.Path, "/private/"):
			w.Header().Set("Cache-Control", "private, max-age=60")
		}
		fmt.Fprintf(w, "answer %d for %q", p.answers.Add(1), r.Header.Get("X-User"))
	}))
	t.Cleanup(p.Close)
	return p
}

// cacheOrders are the lists of plugins: the cache before and behind what authenticates.
var cacheOrders = map[string][]string{
	"cache behind": {"jwt", "app", "cache"},
	"cache before": {"cache", "jwt", "app"},
}

// One user's answer is never given to another: neither is it left in the host's cache, nor does it come from there,
// wherever the token stands, whoever authenticates, and in whichever order.
func TestSharedCache(t *testing.T) {
	e := &rig.Filter{Env: rig.NewEnv(rig.StartNode(t))}
	t.Cleanup(e.Upstream.Close)
	p := startPersonal(t)
	cachedRoutes(t, e, p)
	for order, names := range cacheOrders {
		t.Run(order, func(t *testing.T) {
			orderPlugins(t, e, names)
			// The token of the header Authorization is the host's own affair: it shows that the cache is on.
			expectShared(t, e, "filter", rig.Call{}, rig.Call{}, true)
			if vary := strings.Join(got(t, e, rig.NewPath("/filter/plain/"), rig.Call{}).header.Values("Vary"), ", "); !strings.Contains(vary, "Cookie") ||
				!strings.Contains(vary, "X-Access") {
				t.Errorf("an answer without a token has Vary: %s", vary)
			}
			for place, with := range cachedPlaces {
				for _, route := range []string{"app", "filter", "required"} {
					for _, kind := range []string{"plain", "public", "private"} {
						t.Run(place+", "+route+", "+kind, func(t *testing.T) {
							keepsPrivate(t, e, p, "/"+route+"/"+kind, with(t, "ann"), with(t, "bob"), route != "required")
						})
					}
				}
			}
		})
	}
}

// cachedPlaces are the places other than Authorization, each with a request of a user.
var cachedPlaces = map[string]func(t *testing.T, user string) rig.Call{
	"cookie": func(t *testing.T, user string) rig.Call {
		return rig.InHeader("Cookie", "a=1; session="+cachedToken(t, "cookie", user))
	},
	"header": func(t *testing.T, user string) rig.Call {
		return rig.InHeader("X-Access", cachedToken(t, "header", user))
	},
	"query": func(t *testing.T, user string) rig.Call {
		return rig.Call{Query: url.Values{"access_token": {cachedToken(t, "query", user)}}}
	},
	"body": func(t *testing.T, user string) rig.Call {
		c := rig.InForm("access_token", cachedToken(t, "body", user))
		c.Method = http.MethodGet
		return c
	},
}

func cachedToken(t *testing.T, app, user string) string {
	t.Helper()
	return rig.FilterToken(t, "cached"+app, rig.Claims{"sub": user})
}

// cachedRoutes makes the host's strategy, the applications, and a route for each way to authenticate: inside "app", by
// the filter without a token being required, and by the filter alone.
func cachedRoutes(t *testing.T, e *rig.Filter, p *personal) {
	t.Helper()
	ctx := t.Context()
	orderPlugins(t, e, cacheOrders["cache behind"])
	strategy := map[string]any{"name": "all", "driver": "cache", "priority": 1, "valid_time": 60, "filters": map[string]any{}}
	if _, err := e.Node.Call(ctx, http.MethodPost, "/api/strategy", strategy); err != nil {
		t.Fatal(err)
	}
	must.Succeed(t, e.Node.Create(ctx, gateway.Service{Name: "up", Nodes: []string{p.Listener.Addr().String()}}))
	for app, auth := range map[string]gateway.Auth{
		"cookie": {Position: "header", TokenName: "X-Unused", Config: gateway.Rule{"cookie_name": "session"}},
		"header": {Position: "header", TokenName: "X-Access", Config: gateway.Rule{}},
		"query":  {Position: "query", TokenName: "access_token", Config: gateway.Rule{}},
		"body":   {Position: "body", TokenName: "access_token", Config: gateway.Rule{}},
	} {
		maps.Copy(auth.Config, gateway.Rule{"algorithm": "HS256", "secret": rig.FilterSecret("cached" + app), "path": "sub"})
		auth.Users = []gateway.User{{Name: "ann", HideCredential: true}, {Name: "bob"}}
		must.Succeed(t, e.Node.Create(ctx, gateway.JWTApp("cached"+app, auth)))
	}
	guest := map[string]any{"name": "guest", "driver": "app", "anonymous": true, "auth": []any{}}
	if _, err := e.Node.Call(ctx, http.MethodPost, "/api/app", guest); err != nil {
		t.Fatal(err)
	}
	headers := map[string]any{"claims_to_headers": map[string]any{"sub": "X-User"}}
	optional := maps.Clone(headers)
	optional["required"] = false
	e.MustPut(t, rig.Route{Name: "app", Plugins: map[string]any{"jwt": rig.SwitchedOff()}})
	e.MustPut(t, rig.WithFilter("filter", optional, true))
	e.MustPut(t, rig.WithFilter("required", headers, true))
}

// orderPlugins saves the list of plugins in this order.
func orderPlugins(t *testing.T, e *rig.Filter, names []string) {
	t.Helper()
	all := map[string]gateway.Plugin{
		"jwt":   {Name: "jwt", ID: rig.PluginFilter, Status: "enable", Config: map[string]any{}},
		"app":   gateway.GlobalPlugin("app", gateway.PluginApp, nil),
		"cache": gateway.GlobalPlugin("cache", pluginCache, map[string]any{}),
	}
	list := make([]gateway.Plugin, 0, len(names))
	for _, name := range names {
		list = append(list, all[name])
	}
	must.Succeed(t, e.Node.SetPlugins(t.Context(), list...))
	time.Sleep(rig.Settle) // the order cannot be seen from outside
}

// expectShared compares whether a second request gets the answer of the first one.
func expectShared(t *testing.T, e *rig.Filter, route string, first, second rig.Call, want bool) {
	t.Helper()
	rig.Within(t, 5*rig.Settle, func() error {
		path := rig.NewPath("/" + route + "/plain/")
		a, b := got(t, e, path, first), got(t, e, path, second)
		if shared := a.body == b.body; a.status != http.StatusOK || shared != want {
			return fmt.Errorf("%d %s and %d %s", a.status, a.body, b.status, b.body)
		}
		return nil
	})
}

// received is an answer as a client has it.
type received struct {
	status int
	header http.Header
	body   string
}

// got sends a request to a path that other requests may have too.
func got(t *testing.T, e *rig.Filter, path string, c rig.Call) received {
	t.Helper()
	response, err := rig.Client.Do(c.Request(t, e.Node.URL+path))
	must.Succeed(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must.Succeed(t, err)
	return received{response.StatusCode, response.Header, string(body)}
}

// keepsPrivate sends requests of two users and of nobody to one path, in an order in which each could get an answer that
// is not its own.
func keepsPrivate(t *testing.T, e *rig.Filter, p *personal, prefix string, ann, bob rig.Call, anonymous bool) {
	t.Helper()
	path := rig.NewPath(prefix + "/")
	steps := []struct {
		who  string
		call rig.Call
	}{{"ann", ann}, {"bob", bob}, {"nobody", rig.Call{}}, {"ann again", ann}, {"bob again", bob}, {"nobody again", rig.Call{}}}
	owners := map[string]string{} // of each answer
	for _, step := range steps {
		if step.who[:2] == "no" && !anonymous {
			continue
		}
		got := got(t, e, path, step.call)
		if got.status != http.StatusOK {
			t.Fatalf("%s: %d %s", step.who, got.status, got.body)
		}
		who, _, _ := strings.Cut(step.who, " ")
		if owner, known := owners[got.body]; known && (owner != "nobody" || who != "nobody") {
			t.Errorf("%s got an answer that %s had: %s", step.who, owner, got.body)
		}
		owners[got.body] = who
		if who != "nobody" {
			expectMarked(t, got.header, step.call)
			if sent := p.headers.Load(); sent.Get("Authorization") != "" {
				t.Errorf("the upstream got Authorization: %s", sent.Get("Authorization"))
			}
		}
	}
}

// expectMarked compares what the answer says to other caches (RFC 9111 §5.2.2.7, RFC 9110 §12.5.5).
func expectMarked(t *testing.T, header http.Header, c rig.Call) {
	t.Helper()
	control := strings.Join(header.Values("Cache-Control"), ", ")
	if !strings.Contains(control, "private") || strings.Contains(control, "public") || strings.Contains(control, "s-maxage") ||
		header.Get("CDN-Cache-Control") != "" {
		t.Errorf("Cache-Control: %s, CDN-Cache-Control: %s", control, header.Get("CDN-Cache-Control"))
	}
	vary := strings.Join(header.Values("Vary"), ", ")
	for _, name := range []string{"Cookie", "X-Access"} {
		if c.Header.Get(name) != "" && !strings.Contains(vary, name) {
			t.Errorf("Vary: %s does not have %s", vary, name)
		}
	}
}
