package jwttoken

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/issuer"
	"apinto-jwt/jwttest/hostredis"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// RFC 7009.
func TestRevoke(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		r.app("mall", `{}`, "ann")
		a, b, c := r.login("shop", "ann"), r.login("shop", "ann"), r.login("shop", "ann")
		for range 3 { // remembered
			if got := r.accepts(a.text("access_token")); got != "ann of shop@app" {
				t.Fatal(got)
			}
		}
		// an access token alone
		if got := r.post("revoke", "token", a.text("access_token"), "client_id", "shop"); got.status != 200 || got.headers["cache-control"] != "no-store" {
			t.Fatalf("%d %s", got.status, got.body)
		}
		if got := r.accepts(a.text("access_token")); got != "token_revoked" {
			t.Errorf("revoked: %s", got)
		}
		next := r.refresh(a.text("refresh_token"))
		if got := r.accepts(next.text("access_token")); got != "ann of shop@app" {
			t.Errorf("the next access token of the family: %s, %s", got, next.body)
		}
		// a refresh token with all that came of it
		if got := r.post("revoke", "token", b.text("refresh_token"), "token_type_hint", "access_token", "client_id", "shop@app"); got.status != 200 {
			t.Fatal(got.body)
		}
		if got := r.accepts(b.text("access_token")); got != "token_revoked" {
			t.Errorf("the family's access token: %s", got)
		}
		if got := r.refresh(b.text("refresh_token")); got.code() != "400 invalid_grant" {
			t.Errorf("a revoked refresh token: %s", got.code())
		}
		if got := r.accepts(c.text("access_token")); got != "ann of shop@app" {
			t.Errorf("another login: %s", got)
		}
		for name, tt := range map[string]struct {
			pairs []string
			want  string
		}{
			"again":                     {[]string{"token", b.text("refresh_token"), "client_id", "shop"}, "200"},
			"rubbish":                   {[]string{"token", "x", "client_id", "shop"}, "200"},
			"no token":                  {[]string{"client_id", "shop"}, "400 invalid_request"},
			"no client":                 {[]string{"token", c.text("access_token")}, "401 invalid_client"},
			"another client":            {[]string{"token", c.text("access_token"), "client_id", "mall"}, "400 unauthorized_client"},
			"another client, refresh":   {[]string{"token", c.text("refresh_token"), "client_id", "mall"}, "400 unauthorized_client"},
			"with a wrong password":     {[]string{"token", c.text("access_token"), "Authorization", basic("shop|ann", "x")}, "401 invalid_client"},
			"with a password, no token": {[]string{"token", "x", "Authorization", basic("shop|ann", secret)}, "200"},
		} {
			if got := r.post("revoke", tt.pairs...); got.code() != tt.want {
				t.Errorf("%s: got %s, want %s", name, got.code(), tt.want)
			}
		}
		if got := r.accepts(c.text("access_token")); got != "ann of shop@app" {
			t.Errorf("what was refused ended the token: %s", got)
		}
	})
}

// A second gateway process knows at once what the first has ended, if both have the same Redis.
func TestRevokeIsShared(t *testing.T) {
	r := newRig(t)
	server := r.overRedis()
	a := r.login("shop", "ann")
	second := newShared(r.shared.driver, r.shared.now)
	second.workers = outputs{r.cache: hostredis.Output(t, server.Addr)}
	first := r.shared
	r.shared = second
	if got := r.post("introspect", "token", a.text("access_token"), "Authorization", basic("shop|ann", secret)); got.fields["active"] != true {
		t.Fatal(got.body)
	}
	r.shared = first
	b := r.login("shop", "ann")
	r.post("revoke", "token", b.text("access_token"), "client_id", "shop")
	r.post("revoke", "token", a.text("refresh_token"), "client_id", "shop")
	r.shared = second
	w := second.stores[r.cache]
	for what, raw := range map[string]string{"a session's": a.text("access_token"), "the one": b.text("access_token")} {
		if id := gjson.Get(payload(t, raw), "jti").Str; !w.Revoked(id, time.Now().Add(time.Hour)) {
			t.Errorf("the second process accepts %s token", what)
		}
	}
	if got := r.refresh(b.text("refresh_token")); got.status != 200 {
		t.Errorf("the session whose one token was ended: %s", got.body)
	}
	if got := r.refresh(a.text("refresh_token")); got.code() != "400 invalid_grant" {
		t.Errorf("the second process refreshes: %s", got.code())
	}
}

// RFC 7662.
func TestIntrospect(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		r.app("guard", `{"claims":{"scope":"read write"}}`, "sam")
		a := r.login("shop", "ann")
		ask := func(raw string) reply {
			return r.post("introspect", "token", raw, "Authorization", basic("guard", secret))
		}
		for what, raw := range map[string]string{"an access token": a.text("access_token"), "a refresh token": a.text("refresh_token")} {
			if got := ask(raw); got.body != `{"active":false}` {
				t.Errorf("another application is told of %s: %s", what, got.body)
			}
			if got := r.post("introspect", "token", raw, "Authorization", basic("SHOP|ann", secret)); got.fields["active"] != true {
				t.Errorf("its own application is not told of %s: %s", what, got.body)
			}
		}
		other := "Bearer " + r.login("guard", "sam").text("access_token")
		if got := r.post("introspect", "token", a.text("access_token"), "Authorization", other); got.body != `{"active":false}` {
			t.Errorf("another application is told by its access token: %s", got.body)
		}
		r.introspectFor = []string{"Shop", "none"}
		got := ask(a.text("access_token"))
		for name, want := range map[string]any{"active": true, "client_id": "shop", "username": "ann", "sub": "ann", "token_type": "Bearer", "iss": "shop", "aud": "shop"} {
			if got.fields[name] != want {
				t.Errorf("%s is %v, want %v", name, got.fields[name], want)
			}
		}
		if got.headers["cache-control"] != "no-store" {
			t.Error("the answer may be kept")
		}
		if got := ask(r.login("guard", "sam").text("access_token")); got.text("scope") != "read write" {
			t.Errorf("scope: %s", got.body)
		}
		if got := ask(a.text("refresh_token")); got.fields["active"] != true || got.text("client_id") != "shop" {
			t.Errorf("a refresh token: %s", got.body)
		}
		next := r.refresh(a.text("refresh_token"))
		bearer := "Bearer " + r.login("guard", "sam").text("access_token")
		if got := r.post("introspect", "token", next.text("access_token"), "Authorization", bearer); got.fields["active"] != true {
			t.Errorf("asked with an access token: %s", got.body)
		}
		const no = `{"active":false}`
		if got := ask(a.text("refresh_token")); got.body != no {
			t.Errorf("a used refresh token: %s", got.body)
		}
		if got := ask(next.text("access_token") + "x"); got.body != no {
			t.Errorf("a changed token: %s", got.body)
		}
		r.post("revoke", "token", next.text("access_token"), "client_id", "shop")
		if got := ask(next.text("access_token")); got.body != no {
			t.Errorf("a revoked token: %s", got.body)
		}
		r.post("revoke", "token", next.text("refresh_token"), "client_id", "shop")
		if got := ask(next.text("refresh_token")); got.body != no {
			t.Errorf("a revoked refresh token: %s", got.body)
		}
		for name, pairs := range map[string][]string{
			"nobody":            {},
			"client_id alone":   {"client_id", "shop"},
			"a wrong password":  {"Authorization", basic("guard", "x")},
			"a revoked bearer":  {"Authorization", "Bearer " + a.text("access_token")},
			"a bad bearer":      {"Authorization", "Bearer x"},
			"a refresh bearer":  {"Authorization", "Bearer " + a.text("refresh_token")},
			"an unknown client": {"Authorization", basic("none", secret)},
		} {
			if got := r.post("introspect", append([]string{"token", r.login("shop", "bob").text("access_token")}, pairs...)...); got.code() != "401 invalid_client" {
				t.Errorf("%s may ask: %s", name, got.body)
			}
		}
	})
}

// The keys that are published verify the tokens that are given out.
func TestJWKS(t *testing.T) {
	r := newRig(t)
	if got := r.call("jwks", "GET", ""); got.status != 200 || got.body != `{"keys":[]}` {
		t.Errorf("without key pairs: %d %s", got.status, got.body)
	}
	private, public, err := issuer.GenerateKeyPair(keys.ES256, 0)
	must.Succeed(t, err)
	r.appWith("pair", fmt.Sprintf(`{"algorithm":"ES256","rsa_public_key":%q,"path":"sub","iss":"pair","issue":{"private_key":%q}}`, public, private.Reveal()), "ann")
	got := r.call("jwks", "GET", "")
	if got.headers["content-type"] != "application/jwk-set+json" || !strings.Contains(got.headers["cache-control"], "max-age=") {
		t.Errorf("headers %v", got.headers)
	}
	set, _, err := keys.ParseJWKS([]byte(got.body), keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(keys.ES256), Strict: true})
	must.Succeed(t, err)
	u, err := token.Parse(r.login("pair", "ann").text("access_token"))
	must.Succeed(t, err)
	if _, err := u.Verify(set); err != nil {
		t.Errorf("the token is not verified by the published keys: %v", err)
	}
	if got := r.call("jwks", "POST", "x=y", formType); got.status != 405 || got.headers["allow"] != "GET, HEAD" {
		t.Errorf("POST: %d %v", got.status, got.headers)
	}
}
