package filter

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

// startTempting is an upstream that tempts caches, by the kind in the path, and answers everybody otherwise.
func startTempting(t *testing.T) *personal {
	t.Helper()
	p := new(personal)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.headers.Store(&r.Header)
		h, status := w.Header(), http.StatusOK
		switch kind := strings.Split(r.URL.Path, "/")[2]; kind {
		case "loud":
			h["cache-control"] = []string{"PUBLIC, S-MaxAge=60", "Max-Age=60,\tpublic , no-cache=\"Set-Cookie, public\""}
			h["SURROGATE-CONTROL"], h["x-accel-expires"], h["Cdn-Cache-Control"] = []string{"max-age=600"}, []string{"600"}, []string{"public"}
			h.Set("Cloudflare-CDN-Cache-Control", "max-age=600")
		case "vary":
			h.Set("Vary", "*")
			h.Set("Expires", "Thu, 01 Jan 2099 00:00:00 GMT")
		case "varied":
			h["Vary"] = []string{"accept, cookie", "X-ACCESS"}
			h.Set("ETag", `"1"`)
		case "missing":
			status = http.StatusNotFound
			h.Set("Cache-Control", "public, max-age=60")
		case "moved":
			status = http.StatusMovedPermanently
			h.Set("Location", "/elsewhere")
		case "fresh":
			h.Set("ETag", `"1"`)
			if r.Header.Get("If-None-Match") != "" {
				status = http.StatusNotModified
			}
			h.Set("Cache-Control", "public, max-age=60")
		}
		n := p.answers.Add(1)
		h.Set("X-Number", fmt.Sprint(n))
		w.WriteHeader(status)
		if status != http.StatusNotModified {
			fmt.Fprintf(w, "answer %d for %q", n, r.Header.Get("X-User"))
		}
	}))
	t.Cleanup(p.Close)
	return p
}

// Whatever tempts a cache, by HEAD as by GET, with and without conditions, in both orders: no answer comes twice if one of
// the two was a user's, who has none gets 401 if a token is required, and forged ones do everywhere.
func TestSharedCacheTempted(t *testing.T) {
	e := &rig.Filter{Env: rig.NewEnv(rig.StartNode(t))}
	t.Cleanup(e.Upstream.Close)
	cachedRoutes(t, e, startTempting(t))
	places := map[string]func(t *testing.T, user string) rig.Call{
		"JSON": func(t *testing.T, user string) rig.Call {
			c := rig.InBody("application/json", `{"access_token":"`+cachedToken(t, "body", user)+`"}`)
			c.Method = http.MethodGet
			return c
		},
		"query in Bearer": func(t *testing.T, user string) rig.Call {
			return rig.InQuery("access_token", "Bearer "+cachedToken(t, "query", user))
		},
		"small header": func(t *testing.T, user string) rig.Call {
			return rig.InHeader("x-access", "bearer "+cachedToken(t, "header", user))
		},
		"second cookie": func(t *testing.T, user string) rig.Call {
			return rig.Call{Header: http.Header{"cookie": {"a=1", "b=2;session=" + cachedToken(t, "cookie", user)}}}
		},
	}
	checks := 0
	for order, names := range cacheOrders {
		orderPlugins(t, e, names)
		expectShared(t, e, "filter", rig.Call{}, rig.Call{}, true)
		for place, with := range places {
			for _, where := range []string{"app", "filter", "required"} {
				for _, kind := range []string{"none", "loud", "vary", "varied", "missing", "moved", "fresh"} {
					t.Run(order+", "+place+", "+where+", "+kind, func(t *testing.T) {
						checks += tempts(t, e, rig.NewPath("/"+where+"/"+kind+"/"), with, where == "required")
					})
				}
			}
		}
	}
	t.Logf("%d requests", checks)
}

// tempts sends requests of two users, of nobody and of a forger to one URL.
func tempts(t *testing.T, e *rig.Filter, path string, with func(*testing.T, string) rig.Call, required bool) int {
	t.Helper()
	forged := with(t, "mallory")
	owners := map[string]string{}
	steps := []struct{ who, method, condition string }{
		{"ann", "GET", ""},
		{"nobody", "GET", ""},
		{"bob", "GET", ""},
		{"forger", "GET", ""},
		{"ann", "HEAD", ""},
		{"bob", "HEAD", ""},
		{"nobody", "HEAD", ""},
		{"ann", "GET", `"1"`},
		{"bob", "GET", `"1"`},
		{"nobody", "GET", ""},
		{"forger", "HEAD", ""},
		{"ann", "GET", ""},
		{"bob", "GET", ""},
	}
	for n, step := range steps {
		var c rig.Call
		switch step.who {
		case "nobody":
		case "forger":
			c = forged
		default:
			c = with(t, step.who)
		}
		if step.method == "HEAD" || c.Method == "" {
			c.Method = step.method
		}
		if step.condition != "" {
			c = c.And(rig.Call{Header: http.Header{"If-None-Match": {step.condition}}})
		}
		path := path
		if c.Query == nil && strings.Contains(with(t, "ann").Query.Encode(), "access_token") {
			path += "?" // its URI is another one anyhow
		}
		request := c.Request(t, e.Node.URL+path)
		response, err := noRedirects.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if step.who == "forger" || step.who == "nobody" && required {
			if response.StatusCode != http.StatusUnauthorized && (step.who != "forger" || !strings.HasPrefix(path, "/app/")) {
				t.Errorf("step %d, %s %s: status %d", n, step.method, step.who, response.StatusCode)
			}
			continue
		}
		number := response.Header.Get("X-Number")
		if owner, known := owners[number]; number == "" || known && (owner != "nobody" || step.who != "nobody") {
			t.Errorf("step %d, %s %s (%d): answer %q, which %q had", n, step.method, step.who, response.StatusCode, number, owner)
		}
		owners[number] = step.who
		if step.who == "nobody" {
			continue
		}
		control := strings.ToLower(strings.Join(response.Header.Values("Cache-Control"), ", "))
		for _, name := range []string{"Surrogate-Control", "X-Accel-Expires", "CDN-Cache-Control"} {
			if response.Header.Get(name) != "" {
				t.Errorf("step %d: %s: %s", n, name, response.Header.Get(name))
			}
		}
		if !strings.Contains(control, "private") || strings.Contains(strings.ReplaceAll(control, `set-cookie, public`, ""), "public") || strings.Contains(control, "s-maxage") {
			t.Errorf("step %d, %s %s: Cache-Control: %s", n, step.method, step.who, control)
		}
		vary := strings.ToLower(strings.Join(response.Header.Values("Vary"), ", "))
		for name := range c.Header {
			if name = strings.ToLower(name); (name == "cookie" || name == "x-access") && !strings.Contains(vary, name) && !strings.Contains(vary, "*") {
				t.Errorf("step %d: Vary: %s has no %s", n, vary, name)
			}
		}
	}
	return len(steps)
}

var noRedirects = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
