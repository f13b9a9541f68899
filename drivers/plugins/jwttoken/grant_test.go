package jwttoken

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"apinto-jwt/token"
)

// payload returns the claims of a token.
func payload(t testing.TB, raw string) string {
	t.Helper()
	u, err := token.Parse(raw)
	if err != nil {
		t.Fatalf("%q: %v", raw, err)
	}
	return u.UntrustedPayload()
}

// RFC 6749 §4.3, §5.1 and RFC 9068 §2.
func TestPasswordGrant(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		a := r.login("shop", "ann")
		for name, want := range map[string]string{"content-type": "application/json", "cache-control": "no-store", "pragma": "no-cache"} {
			if a.headers[name] != want {
				t.Errorf("%s: %q, want %q", name, a.headers[name], want)
			}
		}
		if a.text("token_type") != "Bearer" || a.fields["expires_in"] != 900.0 || a.text("refresh_token") == "" {
			t.Errorf("%s", a.body)
		}
		if got := r.accepts(a.text("access_token")); got != "ann of shop@app" {
			t.Errorf("the access token: %s", got)
		}
		if got := r.accepts(a.text("refresh_token")); got == "ann of shop@app" {
			t.Error("the refresh token is taken for an access token")
		}
		u, err := token.Parse(a.text("access_token"))
		if err != nil {
			t.Fatal(err)
		}
		if got := u.UntrustedHeader(); got != `{"alg":"HS256","typ":"at+jwt"}` {
			t.Errorf("header %s", got)
		}
		said := gjson.Parse(u.UntrustedPayload())
		for _, name := range []string{"iss", "sub", "aud", "iat", "nbf", "exp", "jti", "client_id"} {
			if !said.Get(name).Exists() {
				t.Errorf("%s is missing in %s", name, said.Raw)
			}
		}
		if said.Get("client_id").Str != "shop" || said.Get("exp").Int()-said.Get("iat").Int() != 900 {
			t.Errorf("payload %s", said.Raw)
		}
		if other := r.login("shop@app", "ann"); gjson.Get(payload(t, other.text("access_token")), "jti").Str == said.Get("jti").Str {
			t.Error("two tokens have one ID")
		}
	})
}

func TestTokenRefusals(t *testing.T) {
	r := newRig(t)
	r.app("lone", `{"refresh_ttl":0}`, "zoe")
	r.gateway.MustPut("off", fmt.Sprintf(`{"disable":true,"auth":[{"type":"jwt","position":"header","token_name":"X-Off","config":{"algorithm":"HS256","secret":%q,"path":"sub","iss":"us","issue":{}},"users":[{"pattern":{"username":"ann","password":%q}}]}]}`, signing, secretHash))
	r.appWith("silent", fmt.Sprintf(`{"algorithm":"HS256","secret":%q,"path":"sub","iss":"silent"}`, signing), "ann")
	r.gateway.MustPut("old", fmt.Sprintf(`{"auth":[{"type":"jwt","position":"header","token_name":"X-Old","config":{"algorithm":"HS256","secret":%q,"path":"sub","iss":"us","issue":{}},"users":[{"expire":1000,"pattern":{"username":"ann","password":%q}}]}]}`, signing, secretHash))
	r.put("plain", "", `{"pattern":{"username":"nina"}},`+annWith(secretHash))
	login := func(change ...string) []string {
		values := map[string]string{"grant_type": "password", "client_id": "shop", "username": "ann", "password": secret}
		names := []string{"grant_type", "client_id", "username", "password"}
		for i := 0; i < len(change); i += 2 {
			if _, known := values[change[i]]; !known {
				names = append(names, change[i])
			}
			values[change[i]] = change[i+1]
		}
		var pairs []string
		for _, name := range names {
			if values[name] != "-" {
				pairs = append(pairs, name, values[name])
			}
		}
		return pairs
	}
	tests := []struct {
		name  string
		pairs []string
		want  string
	}{
		{"fine", login(), "200"},
		{"client by ID", login("client_id", "shop@app"), "200"},
		{"client in the header without a password", login("client_id", "-", "Authorization", basic("shop", "")), "200"},
		{"wrong password", login("password", secret+"x"), "400 invalid_grant"},
		{"unknown user", login("username", "eve"), "400 invalid_grant"},
		{"unknown application", login("client_id", "nowhere"), "400 invalid_grant"},
		{"another application's user", login("client_id", "lone"), "400 invalid_grant"},
		{"disabled application", login("client_id", "off"), "400 invalid_grant"},
		{"expired user", login("client_id", "old"), "400 invalid_grant"},
		{"a rule that does not issue", login("client_id", "silent"), "400 invalid_grant"},
		{"password that bcrypt would repeat", login("password", secret+"\x00"+secret), "400 invalid_grant"},
		{"password that bcrypt would cut", login("password", strings.Repeat("x", 73)), "400 invalid_grant"},
		{"the hash as password", login("password", secretHash), "400 invalid_grant"},
		{"no username", login("username", "-"), "400 invalid_request"},
		{"empty password", login("password", ""), "400 invalid_request"},
		{"no client", login("client_id", "-"), "400 invalid_request"},
		{"no grant", login("grant_type", "-"), "400 invalid_request"},
		{"another grant", login("grant_type", "authorization_code"), "400 unsupported_grant_type"},
		{"twice", append(login(), "username", "bob"), "400 invalid_request"},
		{"scope", login("scope", "admin"), "400 invalid_scope"},
		{"client in the header with a password", login("client_id", "-", "Authorization", basic("shop", secret)), "401 invalid_client"},
		{"two clients", login("Authorization", basic("lone", "")), "400 invalid_request"},
		{"bearer", login("Authorization", "Bearer x"), "401 invalid_client"},
		{"another scheme", login("Authorization", "Digest x"), "401 invalid_client"},
		{"unreadable credentials", login("Authorization", "Basic ???"), "401 invalid_client"},
		{"refresh: none", []string{"grant_type", "refresh_token"}, "400 invalid_request"},
		{"refresh: rubbish", []string{"grant_type", "refresh_token", "refresh_token", "a.b"}, "400 invalid_grant"},
		{"refresh: an access token", []string{"grant_type", "refresh_token", "refresh_token", r.login("shop", "ann").text("access_token")}, "400 invalid_grant"},
		{"a user without a password", login("client_id", "plain", "username", "nina"), "400 invalid_grant"},
		{"twice the same", append(login(), "username", "ann"), "400 invalid_request"},
		{"grant twice", append(login(), "grant_type", "password"), "400 invalid_request"},
		{"client: disabled application", []string{"grant_type", "client_credentials", "Authorization", basic("off", secret)}, "401 invalid_client"},
		{"client: expired user", []string{"grant_type", "client_credentials", "Authorization", basic("old", secret)}, "401 invalid_client"},
		{"client: a user without a password", []string{"grant_type", "client_credentials", "Authorization", basic("plain|nina", secret)}, "401 invalid_client"},
		{"client: unknown application", []string{"grant_type", "client_credentials", "Authorization", basic("nowhere", secret)}, "401 invalid_client"},
		{"refresh: a password in the header", []string{"grant_type", "refresh_token", "refresh_token", "a.b", "Authorization", basic("shop|ann", secret)}, "401 invalid_client"},
		{"client: none", []string{"grant_type", "client_credentials"}, "401 invalid_client"},
		{"client: in the body", []string{"grant_type", "client_credentials", "client_id", "lone", "client_secret", secret}, "401 invalid_client"},
		{"client: wrong password", []string{"grant_type", "client_credentials", "Authorization", basic("lone", "x")}, "401 invalid_client"},
		{"client: several users", []string{"grant_type", "client_credentials", "Authorization", basic("shop", secret)}, "401 invalid_client"},
		{"client: one of several users", []string{"grant_type", "client_credentials", "Authorization", basic("shop|bob", secret)}, "200"},
		{"client: the one user", []string{"grant_type", "client_credentials", "Authorization", basic("lone", secret)}, "200"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := r.post("token", tt.pairs...)
			if a.code() != tt.want {
				t.Fatalf("got %s, want %s: %s", a.code(), tt.want, a.body)
			}
			if a.headers["cache-control"] != "no-store" {
				t.Error("the answer may be kept")
			}
			if (a.status == 401) != (a.headers["www-authenticate"] != "") {
				t.Errorf("status %d with WWW-Authenticate %q", a.status, a.headers["www-authenticate"])
			}
			if a.status != 200 && strings.Contains(a.body, secret) {
				t.Error("the answer has the password")
			}
			r.ahead.Add(int64(failurePeriod)) // failures are forgotten
		})
	}
	if a := r.post("token", "grant_type", "client_credentials", "Authorization", basic("lone", secret)); a.text("refresh_token") != "" {
		t.Error("client_credentials gives a refresh token (RFC 6749 §4.4.3)")
	}
	if a := r.login("lone", "zoe"); a.text("refresh_token") != "" {
		t.Error("a refresh token where refresh_ttl is 0")
	}
}

// An application or a user who may not come in cannot ask about tokens either, nor is told of theirs.
func TestIntrospectOfTheDead(t *testing.T) {
	const no = `{"active":false}`
	for name, end := range map[string]func(r *rig){
		"goes":     func(r *rig) { r.gateway.Delete("mall") },
		"disabled": func(r *rig) { r.put("mall", `"disable":true,`, annWith(secretHash)) },
		"expired":  func(r *rig) { r.put("mall", "", `{"expire":1000,`+annWith(secretHash)[1:]) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.introspectFor = []string{"shop", "mall"}
			r.put("mall", "", annWith(secretHash))
			mall := r.login("mall", "ann")
			raw := r.login("shop", "ann").text("access_token")
			bearer := "Bearer " + mall.text("access_token")
			if a := r.post("introspect", "token", raw, "Authorization", bearer); a.fields["active"] != true {
				t.Fatal(a.body)
			}
			end(r)
			for _, header := range []string{bearer, basic("mall", secret)} {
				if a := r.post("introspect", "token", raw, "Authorization", header); a.code() != "401 invalid_client" {
					t.Errorf("it may ask: %s", a.body)
				}
			}
			for _, field := range []string{"access_token", "refresh_token"} {
				if a := r.post("introspect", "token", mall.text(field), "Authorization", basic("shop|ann", secret)); a.body != no {
					t.Errorf("its %s: %s", field, a.body)
				}
			}
		})
	}
}

// An endpoint whose configuration is faulty, or whose driver is missing, answers; it never lets the request go on.
func TestFaultyConfig(t *testing.T) {
	r := newRig(t)
	for _, c := range []Config{{}, {Endpoint: "tokens"}, {Endpoint: "token", OnStoreFailure: "maybe"}} {
		e := &endpoint{shared: r.shared}
		if err := e.configure(&c); err == nil {
			t.Errorf("%+v is accepted", c)
		}
		if a := e.answer(nil); a.status != http.StatusServiceUnavailable {
			t.Errorf("%+v answers %d", c, a.status)
		}
	}
}

// annWith returns the user ann with this bcrypt hash.
func annWith(hash string) string {
	return fmt.Sprintf(`{"pattern":{"username":"ann","password":%q}}`, hash)
}

// put saves the rig's usual application with these users, and with more before them.
func (r *rig) put(name, more, users string) {
	r.t.Helper()
	r.gateway.MustPut(name, fmt.Sprintf(`{%s"auth":[{"type":"jwt","position":"header","token_name":"Authorization",
		"config":{"algorithm":"HS256","secret":%q,"path":"sub","iss":%q,"issue":{}},"users":[%s]}]}`, more, signing, name, users))
}
