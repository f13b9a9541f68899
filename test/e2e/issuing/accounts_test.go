package issuing

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"apinto-jwt/issuer"
	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/jwttest/redis"
	"apinto-jwt/keys"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// issuingWith is issuingApp with members of its rule in place of the usual ones.
func issuingWith(name string, members map[string]any) gateway.App {
	app := rig.IssuingApp(name)
	for member, value := range members {
		app.Auth[0].Config[member] = value
	}
	return app
}

// pairOf is the members of a rule that signs with a new key pair of this ID, beside a partner's public key.
func pairOf(t *testing.T, id string) (members map[string]any, partner string) {
	t.Helper()
	private, public, err := issuer.GenerateKeyPair(keys.ES256, 0)
	must.Succeed(t, err)
	_, partner, err = issuer.GenerateKeyPair(keys.ES256, 0)
	must.Succeed(t, err)
	return map[string]any{
		"algorithm": "ES256", "secret": "", "rsa_public_key": partner + public,
		"issue": map[string]any{"private_key": private.Reveal(), "kid": id},
	}, partner
}

// One gateway for what concerns single applications: names, whose a token is, who is told of it, and what is published.
func TestIssuingAccounts(t *testing.T) {
	e := rig.Own(t)
	must.Succeed(t, e.Node.Issuing(t.Context(), e.Log, ""))
	t.Run("names in mixed case", func(t *testing.T) { testMixedCase(t, e) })
	t.Run("a token's application", func(t *testing.T) { testWhoseToken(t, e) })
	t.Run("published keys", func(t *testing.T) { testPublished(t, e) })
	t.Run("login while jwt_not_before lies ahead", func(t *testing.T) { testHeldLogin(t, e) })
}

func testMixedCase(t *testing.T, e *rig.Env) {
	app := rig.IssuingApp("MixedCase")
	e.Add(t, app)
	secret, _ := app.Auth[0].Config["secret"].(string)
	first := mustLogin(t, e.Node, "MixedCase", "ann")
	e.Accept(t, e.Node, rig.Bearer(first.access))
	e.Accept(t, e.Node, rig.Bearer(mustLogin(t, e.Node, "mixedcase@app", "ann").access))
	must.Succeed(t, e.Node.SetHash(t.Context(), "jwt_not_before", "MIXEDCase", fmt.Sprint(time.Now().Unix()+1)))
	rig.Within(t, rig.Settle, func() error { return revoked(t, e, e.Node, first.access) })

	tool := rig.Jwtctl(t, e.Node).Run
	time.Sleep(1100 * time.Millisecond) // the next login is after what was ended
	second := mustLogin(t, e.Node, "MixedCase", "ann")
	e.Accept(t, e.Node, rig.Bearer(second.access))
	for _, args := range [][]string{{"--app", "MixedCas"}, {"--app", "MixedCase", "--user", "Ann"}} {
		if out, code := tool(append([]string{"revoke"}, args...)...); code != 1 || strings.Contains(out, "ended: ") {
			t.Errorf("jwtctl revoke %v: exit status %d, %s", args, code, out)
		}
	}
	e.Accept(t, e.Node, rig.Bearer(second.access))
	if out, code := tool("revoke", "--app", "MixedCase", "--user", "ann"); code != 0 {
		t.Fatalf("jwtctl: exit status %d, %s", code, out)
	}
	rig.Within(t, rig.Settle, func() error { return revoked(t, e, e.Node, second.access) })

	// A token's ID with a slash, as the tool writes it and as another may.
	sign := func(id string) string {
		now := time.Now().Unix()
		return jwttest.Sign(t, "HS256", secret, nil, rig.Claims{"iss": "MixedCase", "sub": "bob", "iat": now, "nbf": now, "exp": now + 600, "jti": id})
	}
	for id, list := range map[string]func() error{
		"a/b c": func() error {
			if out, code := tool("revoke", "--jti", "a/b c", "--until", "+10m", "--force"); code != 0 {
				return fmt.Errorf("exit status %d, %s", code, out)
			}
			return nil
		},
		"c/d": func() error { return e.Node.SetHash(t.Context(), "jwt_revoked", "%63%2fd", "1") },
	} {
		raw := sign(id)
		e.Accept(t, e.Node, rig.Bearer(raw))
		must.Succeed(t, list())
		rig.Within(t, rig.Settle, func() error { return revoked(t, e, e.Node, raw) })
	}
}

func testWhoseToken(t *testing.T, e *rig.Env) {
	shared := map[string]any{"iss": "us", "secret": "one secret for two applications, long enough"}
	first := issuingWith("first", shared)
	shared["leeway"] = 1
	e.Add(t, first)
	e.Add(t, issuingWith("second", shared))
	g := mustLogin(t, e.Node, "second", "ann")
	path := e.Accept(t, e.Node, rig.Bearer(g.access)).Path
	if entry, err := e.Node.AccessEntry(t.Context(), e.Log, "uri", path); err != nil || !strings.HasPrefix(entry["application"], "second") {
		t.Errorf("access log: %v, %v", entry, err)
	}
	ask := func(as string) string {
		return sendBasic(t, e.Node.URL+"/oauth/introspect", as+"|ann", "token="+g.access).body
	}
	if answer := ask("first"); answer != `{"active":false}` {
		t.Errorf("another application is told: %s", answer)
	}
	if answer := ask("Second"); !strings.Contains(answer, `"active":true`) {
		t.Errorf("its own application is told: %s", answer)
	}
	must.Succeed(t, e.Node.Delete(t.Context(), rig.IssuingApp("second")))
	rig.Within(t, rig.Settle, func() error { return e.Send(t, e.Node, rig.Bearer(g.access)).Refused() })
}

func testPublished(t *testing.T, e *rig.Env) {
	members, _ := pairOf(t, "k1")
	e.Add(t, issuingWith("pairs", members))
	published := func() string { return send(t, http.MethodGet, e.Node.URL+"/oauth/jwks", "").body }
	count := func(want int, ids ...string) func() error {
		return func() error {
			text := published()
			for _, id := range ids {
				if !strings.Contains(text, `"kid":"`+id+`"`) {
					return fmt.Errorf("%s is not in %s", id, text)
				}
			}
			if got := strings.Count(text, `"kid"`); got != want || strings.Count(text, `"kty"`) != want {
				return fmt.Errorf("%d keys, want %d: %s", got, want, text)
			}
			return nil
		}
	}
	rig.Within(t, rig.Settle, count(1, "k1"))
	other, _ := pairOf(t, "k1")
	if err := e.Node.Create(t.Context(), issuingWith("rivals", other)); err == nil || !strings.Contains(err.Error(), "config.issue.kid") {
		t.Errorf("a second key of the same ID: %v", err)
	}
	next, _ := pairOf(t, "k2")
	e.Replace(t, issuingWith("pairs", next))
	rig.Within(t, rig.Settle, count(2, "k2", "k1"))
}

func testHeldLogin(t *testing.T, e *rig.Env) {
	e.Add(t, rig.IssuingApp("held"))
	mustLogin(t, e.Node, "held", "ann")
	must.Succeed(t, e.Node.SetHash(t.Context(), "jwt_not_before", "held|ann", fmt.Sprint(time.Now().Unix()+4)))
	rig.Within(t, rig.Settle, func() error {
		g := login(t, e.Node, "held", "ann")
		if after, err := strconv.Atoi(g.retryAfter); g.status != http.StatusServiceUnavailable || err != nil || after < 1 || after > 4 {
			return fmt.Errorf("%d, Retry-After %q: %s", g.status, g.retryAfter, g.body)
		}
		return nil
	})
	e.Accept(t, e.Node, rig.Bearer(mustLogin(t, e.Node, "held", "bob").access))
	e.Accept(t, e.Node, rig.Bearer(mustLogin(t, e.Node, "held", "ann").access)) // waits until it has passed
}

// A gateway that starts while its Redis is down gets it by itself when it comes. What Redis knows to be ended counts in
// every worker whose rules name the store, also without any endpoint.
func TestIssuingStartsWithoutRedis(t *testing.T) {
	server := redis.Start(t, "--appendonly", "yes", "--appendfsync", "always")
	e := rig.Own(t)
	must.Succeed(t, e.Node.Create(t.Context(), gateway.Redis{Name: "Sessions", Addr: server.Addr}))
	must.Succeed(t, e.Node.Issuing(t.Context(), e.Log, ""))
	e.Add(t, issuingWith("shop", map[string]any{"issue": map[string]any{"store": "Sessions@output"}}))
	kept, ended := mustLogin(t, e.Node, "shop", "ann"), mustLogin(t, e.Node, "shop", "ann")
	if g := post(t, e.Node, "revoke", "token", ended.refresh, "client_id", "shop"); g.status != http.StatusOK {
		t.Fatal(g.body)
	}
	must.Succeed(t, revoked(t, e, e.Node, ended.access))
	for _, kind := range []string{"token", "revoke", "introspect", "jwks"} {
		must.Succeed(t, e.Node.Delete(t.Context(), gateway.Endpoint{Kind: kind}))
	}
	server.Stop()
	must.Succeed(t, e.Node.Restart(t.Context()))
	e.Accept(t, e.Node, rig.Bearer(kept.access))
	must.Succeed(t, server.Resume())
	rig.Within(t, 20*time.Second, func() error { return revoked(t, e, e.Node, ended.access) })
	e.Accept(t, e.Node, rig.Bearer(kept.access))

	must.Succeed(t, e.Node.Issuing(t.Context(), e.Log, ""))
	after := mustLogin(t, e.Node, "shop", "ann")
	e.Accept(t, e.Node, rig.Bearer(after.access))
	if g := post(t, e.Node, "revoke", "token", after.access, "client_id", "shop"); g.status != http.StatusOK {
		t.Fatal(g.body)
	}
	if err := revoked(t, e, e.Node, after.access); err != nil {
		t.Error(err)
	}
	if g := refresh(t, e.Node, kept.refresh); g.status != http.StatusOK {
		t.Errorf("a session from before: %d %s", g.status, g.body)
	}
}
