package jwt

import (
	"strings"
	"testing"

	"apinto-jwt/jwttest/host"
)

// Another authentication type decides for itself, whatever token stands beside it.
func TestAnotherTypeBeside(t *testing.T) {
	w := newWorld(t)
	w.put("a", at("1"), entry{position: "body", name: "jwt"})
	for name, request := range map[string]string{
		"no token":      get("Api-Key: k"),
		"a bad token":   get("Api-Key: k", "X-Token: x.y.z"),
		"a body":        post("application/json", `{"a":1}`, "Api-Key: k"),
		"a bad body":    post("application/json", `{"jwt":"x"}`, "Api-Key: k"),
		"a large body":  "POST / HTTP/1.1\nHost: a\nApi-Key: k\nContent-Type: application/json\nContent-Length: 9999999\n\n" + strings.Repeat(" ", 9000),
		"a broken body": post("application/json", `{"jwt":`, "Api-Key: k"),
	} {
		if got := w.visit(host.Context(t, request)); got != "k of other@app" {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

// A large body that comes in chunks is the business of whoever else lets the request in, before us or after us: that
// some application looks for its tokens in bodies must not keep it out.
func TestLargeBodyOfOthers(t *testing.T) {
	t.Setenv(EnvBodyLimit, "20000")
	for name, want := range map[string]string{"Api-Key: k": "other@app", "A: b": "anyone@app"} {
		t.Run(want, func(t *testing.T) {
			w := newWorld(t)
			w.put("a", entry{position: "body", name: "jwt"})
			w.gateway.MustPut("anyone", `{"anonymous":true}`)
			text := post("application/json", chunked(`{"a":"`+strings.Repeat("x", 50_000)+`"}`, 3000), name, "Transfer-Encoding: chunked")
			ctx := host.Context(t, text)
			if err := w.gateway.Ask(ctx); err != nil || ctx.GetLabel("application_id") != want {
				t.Fatalf("got %v, %s", err, ctx.GetLabel("application_id"))
			}
			sameUpstream(t, ctx, host.Context(t, text))
		})
	}
}

// The header Authorization-Type asks for one type.
func TestAuthorizationType(t *testing.T) {
	w := newWorld(t)
	w.put("a", at("1"))
	token := "X-Token: " + tokenOf(t, "1", claims{"sub": "ann"})
	for name, want := range map[string]string{"jwt": inA, "JWT": inA, "apikey": denied, "": inA, "unknown": inA} {
		if got := w.visit(host.Context(t, get("Authorization-Type: "+name, token))); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}

// An anonymous application takes whom no other knows, and the request goes on as it came.
func TestAnonymousApplication(t *testing.T) {
	w := newWorld(t)
	w.put("a", at("1").with(hiddenAnn))
	w.gateway.MustPut("anyone", `{"anonymous":true}`)
	bad := get("X-Token: " + tokenOf(t, "2", claims{"sub": "ann"}))
	ctx := host.Context(t, bad)
	if err := w.gateway.Ask(ctx); err != nil || ctx.GetLabel("application_id") != "anyone@app" {
		t.Errorf("got %v, %q", err, ctx.GetLabel("application_id"))
	}
	sameUpstream(t, ctx, host.Context(t, bad))
	w.expect(map[string]string{"1": inA})
}
