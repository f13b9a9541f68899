package jwt

import (
	"fmt"
	"strings"
	"testing"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/jwttest/host"
)

// world is the host with the driver in it, and an application of another type, without which the host lets every
// request pass.
type world struct {
	*kit
	gateway *host.Gateway
	unbound *authenticator // of which the host knows nothing: it answers for what is in the registry
}

func newWorld(t *testing.T) *world {
	t.Helper()
	k := newKit(t)
	w := &world{kit: k, gateway: host.NewGateway(t, k), unbound: k.make(entry{})}
	w.gateway.MustPut("other", `{"auth":[{"type":"apikey","position":"header","token_name":"Api-Key","config":{},"users":[{"pattern":{"apikey":"k"}}]}]}`)
	return w
}

// put saves an application of these entries.
func (w *world) put(name string, entries ...entry) {
	w.t.Helper()
	w.gateway.MustPut(name, appJSON(entries...))
}

// visit returns the answer of the host's plugin to a request: "user of application", or "refused".
func (w *world) visit(ctx http_service.IHttpContext) string {
	if err := w.gateway.Ask(ctx); err != nil {
		return "refused"
	}
	return ctx.GetLabel("token") + " of " + ctx.GetLabel("application_id")
}

// expect tells who is let in with which secret: by the host's plugin, and by the registry whatever the host asks.
func (w *world) expect(want map[string]string) {
	w.t.Helper()
	for secret, want := range want {
		request := get("X-Token: " + tokenOf(w.t, secret, claims{"sub": "ann"}))
		if got := w.visit(host.Context(w.t, request)); got != want {
			w.t.Errorf("secret %s, through the host: got %s, want %s", secret, got, want)
		}
		got := answer(host.Context(w.t, request), w.unbound)
		if !strings.Contains(got, " of ") {
			got = "refused"
		}
		if got != want {
			w.t.Errorf("secret %s, by the registry: got %s, want %s", secret, got, want)
		}
	}
}

// at is an entry with this secret.
func at(secret string, users ...string) entry {
	e := entry{position: "header", name: "X-Token", config: secretRule(secret)}
	if len(users) > 0 {
		e.users = usersJSON(users...)
	}
	return e
}

const inA, inB, denied = "ann of a@app", "ann of b@app", "refused"

const apikeyOnly = `{"auth":[{"type":"apikey","position":"header","token_name":"Api-Key","config":{},"users":[{"pattern":{"apikey":"k2"}}]}]}`

// However many rules there are, the host has one authenticator to ask; it forgets that with the last rule, and not before:
// without any it lets every request pass.
func TestHostAsksOneAuthenticator(t *testing.T) {
	k := newKit(t)
	gateway := host.NewGateway(t, k) // nobody but us is in it
	check := func(when string, authenticators int, want string) {
		t.Helper()
		if got := len(gateway.Manager().ListByDriver(Name)); got != authenticators {
			t.Errorf("%s: %d authenticators are asked, want %d", when, got, authenticators)
		}
		ctx := host.Context(t, get("X-Token: "+tokenOf(t, "0", claims{"sub": "ann"})))
		err := gateway.Ask(ctx)
		if got := fmt.Sprint(err, ctx.GetLabel("application_id")); got != want {
			t.Errorf("%s: got %s, want %s", when, got, want)
		}
	}
	check("nobody is there", 0, "<nil>")
	for i := range 50 {
		gateway.MustPut(fmt.Sprint(i), appJSON(at(fmt.Sprint(i)), at(fmt.Sprint("a", i)), at("shared", fmt.Sprint(i))))
	}
	check("50 applications", 1, "<nil>0@app")
	gateway.MustPut("empty", appJSON(entry{"header", "X-Token", secretRule("0"), `[]`}))
	gateway.MustPut("0", appJSON(at("other")))
	check("a rule less", 1, "missing or invalid token")
	gateway.MustPut("0", appJSON(at("0")))
	for i := range 50 {
		check(fmt.Sprint(i, " applications less"), 1, map[bool]string{true: "<nil>0@app", false: "missing or invalid token"}[i == 0])
		gateway.Delete(fmt.Sprint(i))
	}
	check("one without users", 1, "missing or invalid token")
	gateway.Delete("empty")
	check("nobody is left", 0, "<nil>")
}

func TestHostRefusesInItsOwnWords(t *testing.T) {
	w := newWorld(t)
	w.put("disabled", at("1"))
	w.gateway.MustPut("disabled", strings.Replace(appJSON(at("1")), "{", `{"disable":true,`, 1))
	w.gateway.MustPut("expired", appJSON(at("2").with(`[{"pattern":{"username":"ann"},"expire":1}]`)))
	for secret, want := range map[string]string{"1": "disabled", "2": "expired", "3": "missing or invalid token"} {
		ctx := host.Context(t, get("X-Token: "+tokenOf(t, secret, claims{"sub": "ann"})))
		err := w.gateway.Ask(ctx)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want something with %q", err, want)
		}
		if ctx.GetLabel(LabelResult) == "" {
			t.Errorf("%s: no label", want)
		}
	}
	w.gateway.MustPut("disabled", appJSON(at("1")))
	w.expect(map[string]string{"1": "ann of disabled@app"})
}

// The host hides what it is told to; what is hidden stays hidden, and the rest as it was.
func TestHiddenThroughTheHost(t *testing.T) {
	fill := tokens(t)
	for _, test := range []struct{ position, name, request, hidden string }{
		{"", "", get("Authorization: Bearer {ann}", "A: b"), get("A: b")},
		{"header", "X-Token", get("x-token: {ann}", "A: b"), get("A: b")},
		{"query", "jwt", getQuery("a=1&jwt={ann}&b=2"), getQuery("a=1&b=2")},
		{"query", "jwt", getQuery("a=%2f:&jwt={ann}"), getQuery("a=%2f:")},
		{"body", "jwt", post("application/json", `{"a":1,"jwt":"{ann}"}`), post("application/json", `{"a":1}`)},
		{"body", "jwt", post("application/x-www-form-urlencoded", `a=%2f&jwt={ann}`), post("application/x-www-form-urlencoded", `a=%2f`)},
	} {
		t.Run(test.position+" "+test.hidden, func(t *testing.T) {
			w := newWorld(t)
			w.put("a", entry{position: test.position, name: test.name, users: hiddenAnn})
			ctx := host.Context(t, fill.Replace(test.request))
			if got := w.visit(ctx); got != inA {
				t.Errorf("got %s", got)
			}
			sameUpstream(t, ctx, host.Context(t, fill.Replace(test.hidden)))
		})
	}
}

// Parameters that the application adds come to what is left, not instead of it.
func TestHiddenBesideAdditionalParameters(t *testing.T) {
	fill := tokens(t)
	for position, test := range map[string]struct{ request, want string }{
		"query":  {getQuery("a=1&jwt={ann}"), "a=1&z=9"},
		"body":   {post("application/x-www-form-urlencoded", `a=1&jwt={ann}`), "a=1&z=9"},
		"header": {get("jwt: {ann}"), "Z: 9"},
	} {
		t.Run(position, func(t *testing.T) {
			w := newWorld(t)
			e := entry{position: position, name: "jwt", users: hiddenAnn}
			add := fmt.Sprintf(`{"additional":[{"key":"z","value":"9","position":%q,"conflict":"convert"}],`, position)
			w.gateway.MustPut("a", strings.Replace(appJSON(e), "{", add, 1))
			ctx := host.Context(t, fill.Replace(test.request))
			if got := w.visit(ctx); got != inA {
				t.Fatalf("got %s", got)
			}
			got := host.Upstream(t, ctx)
			if !strings.Contains(got, test.want) || strings.Contains(got, ann(t)) {
				t.Errorf("the upstream gets %q", got)
			}
		})
	}
}

func TestLabelsThroughTheHost(t *testing.T) {
	w := newWorld(t)
	e := at("1").with(`[{"pattern":{"username":"ann"},"labels":{"team":"x","both":"user"}}]`)
	w.gateway.MustPut("a", strings.Replace(appJSON(e), "{", `{"labels":{"plan":"gold"},`, 1))
	ctx := host.Context(t, get("X-Token: "+tokenOf(t, "1", claims{"sub": "ann"})))
	if err := w.gateway.Ask(ctx); err != nil {
		t.Fatal(err)
	}
	for label, want := range map[string]string{
		"application_id": "a@app", "application": "a", "token": "ann", "team": "x", "plan": "gold", LabelResult: "",
	} {
		if got := ctx.GetLabel(label); got != want {
			t.Errorf("label %s is %q, want %q", label, got, want)
		}
	}
}

// These configurations crash or lock the host with the builtin driver, or are stored in it: each is answered with an
// error, and what was there before goes on.
func TestBadConfigurationsThroughTheHost(t *testing.T) {
	w := newWorld(t)
	w.put("a", at("1"))
	for name, auth := range map[string]string{
		"no config":         `{"type":"jwt","users":[]}`,
		"null config":       `{"type":"jwt","config":null,"users":[]}`,
		"empty config":      `{"type":"jwt","config":{},"users":[]}`,
		"config of a list":  `{"type":"jwt","config":[],"users":[]}`,
		"config of a text":  `{"type":"jwt","config":"x","users":[]}`,
		"empty secret":      `{"type":"jwt","config":{"algorithm":"HS256","secret":"","path":"sub"},"users":[]}`,
		"secret of numbers": `{"type":"jwt","config":{"algorithm":"HS256","secret":1,"path":"sub"},"users":[]}`,
		"unknown position":  strings.Replace(at("2").json(), `"header"`, `"cookie"`, 1),
		"users of texts":    strings.Replace(at("2").json(), `[{"pattern":{"username":"ann"}}]`, `["ann"]`, 1),
		"a user twice":      at("2", "ann", "ann").json(),
	} {
		t.Run(name, func(t *testing.T) {
			if err := w.gateway.Put("a", `{"auth":[`+auth+`]}`); err == nil {
				t.Error("accepted")
			}
			if err := w.gateway.Put("new", `{"auth":[`+auth+`]}`); err == nil {
				t.Error("accepted as new")
			}
			w.expect(map[string]string{"1": inA, "2": denied})
		})
	}
	if n := w.driver.Panics.Total(); n != 0 {
		t.Errorf("%d internal faults", n)
	}
}
