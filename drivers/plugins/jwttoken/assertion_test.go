package jwttoken

import (
	"crypto/elliptic"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/drivers/plugins/jwttoken/internal/store"
	"apinto-jwt/jwttest"
)

const machineIssuer = "https://gateway.test"

// machines makes an application "fleet" whose users have these client keys, by name.
func (r *rig) machines(clientKeys map[string]string) {
	r.t.Helper()
	var users []string
	for name, key := range clientKeys {
		users = append(users, fmt.Sprintf(`{"pattern":{"username":%q,"client_key":%s}}`, name, key))
	}
	r.gateway.MustPut("fleet", fmt.Sprintf(`{"auth":[{"type":"jwt","position":"header","token_name":"Authorization","config":
		{"algorithm":"HS256","secret":%q,"path":"sub","iss":%q,"issue":%s},"users":[%s]}]}`, signing, machineIssuer, narrowable, strings.Join(users, ",")))
}

// pemKey is a client key with the public half of a private one.
func pemKey(algorithm string, private any) string {
	text, _ := json.Marshal(map[string]string{"algorithm": algorithm, "public_key": jwttest.PublicPEM(private)})
	return string(text)
}

// changes are claims that differ from those of a good assertion; nil leaves one out.
type changes map[string]any

// claimed are the claims of an assertion by this client.
func claimed(name string, differ changes) map[string]any {
	now := time.Now().Unix()
	claims := map[string]any{"iss": name, "sub": name, "aud": machineIssuer, "iat": now, "exp": now + 60, "jti": random(12)}
	maps.Copy(claims, differ)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return claims
}

// assert asks for a token with an assertion, and further parameters.
func (r *rig) assert(assertion string, pairs ...string) reply {
	r.t.Helper()
	return r.post("token", append([]string{"grant_type", "client_credentials", "client_assertion_type", assertionType, "client_assertion", assertion}, pairs...)...)
}

// A machine gets a token by its private key (RFC 7523 §2.2), once for each assertion.
func TestAssertion(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		key := jwttest.ECKey(elliptic.P256())
		r.machines(map[string]string{"robot": pemKey("ES256", key)})
		for _, name := range []string{"fleet", "Fleet@app", "fleet|robot"} {
			a := r.assert(jwttest.Sign(t, "ES256", key, nil, claimed(name, nil)), "resource", orders, "scope", "read")
			if a.status != 200 || a.text("refresh_token") != "" || r.accepts(a.text("access_token")) != "robot of fleet@app" {
				t.Fatalf("%s: %d %s", name, a.status, a.body)
			}
			claims := gjson.Parse(payload(t, a.text("access_token")))
			if claims.Get("sub").Str != "robot" || claims.Get("client_id").Str != "fleet" || claims.Get("aud").Str != orders || claims.Get("scope").Str != "read" {
				t.Errorf("%s: %s", name, claims)
			}
		}
		used := jwttest.Sign(t, "ES256", key, nil, claimed("fleet", changes{"jti": "1"}))
		if a := r.assert(used, "client_id", "fleet"); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		for kind, pairs := range map[string][]string{
			"token":      {"grant_type", "client_credentials"},
			"introspect": {"token", "x"},
			"revoke":     {"token", "x"},
		} {
			pairs = append(pairs, "client_assertion_type", assertionType, "client_assertion", used)
			if a := r.post(kind, pairs...); a.code() != "401 invalid_client" || !strings.Contains(a.body, "used before") {
				t.Errorf("used again at %s: %d %s", kind, a.status, a.body)
			}
		}
		again := jwttest.Sign(t, "ES256", key, nil, claimed("fleet|robot", changes{"jti": "1"}))
		if a := r.assert(again); a.code() != "401 invalid_client" {
			t.Errorf("another assertion with the same jti: %s", a.body)
		}
	})
}

// Who authenticates by an assertion may revoke and introspect, as with a password.
func TestAssertionAtOtherEndpoints(t *testing.T) {
	r := newRig(t)
	key := jwttest.ECKey(elliptic.P256())
	r.machines(map[string]string{"robot": pemKey("ES256", key)})
	by := func() []string {
		return []string{"client_assertion_type", assertionType, "client_assertion", jwttest.Sign(t, "ES256", key, nil, claimed("fleet", nil))}
	}
	raw := r.assert(jwttest.Sign(t, "ES256", key, nil, claimed("fleet", nil))).text("access_token")
	if a := r.post("introspect", append(by(), "token", raw)...); a.fields["active"] != true || a.text("username") != "robot" {
		t.Errorf("introspect: %d %s", a.status, a.body)
	}
	if a := r.post("introspect", "token", raw, "Authorization", "Bearer "+raw); a.fields["active"] != true {
		t.Errorf("introspect by the token itself: %d %s", a.status, a.body)
	}
	if a := r.post("revoke", append(by(), "token", raw)...); a.status != 200 {
		t.Errorf("revoke: %d %s", a.status, a.body)
	}
	if got := r.accepts(raw); got != "token_revoked" {
		t.Errorf("the revoked token: %s", got)
	}
}

// What an assertion must be, claim by claim (RFC 7523 §3).
func TestAssertionRefused(t *testing.T) {
	r := newRig(t)
	r.more.TokenEndpoint = "https://gateway.test/oauth/token"
	key, other := jwttest.ECKey(elliptic.P256()), jwttest.OtherECKey(elliptic.P256())
	r.machines(map[string]string{"robot": pemKey("ES256", key), "drone": pemKey("ES256", other)})
	now := time.Now().Unix()
	const refused = "401 invalid_client"
	sign := func(header, differ changes) string {
		return jwttest.Sign(t, "ES256", key, header, claimed("fleet|robot", differ))
	}
	for _, tt := range []struct {
		name, assertion, want string
	}{
		{"a good one", sign(nil, nil), "200"},
		{"for the token endpoint", sign(nil, changes{"aud": "https://gateway.test/oauth/token"}), "200"},
		{"one audience in a list", sign(nil, changes{"aud": []string{machineIssuer}}), "200"},
		{"with a type of its own", sign(changes{"typ": "client-authentication+jwt"}, nil), "200"},
		{"with a type", sign(changes{"typ": "application/JWT"}, nil), "200"},
		{"a clock that is slow", sign(nil, changes{"exp": now - 20}), "200"},
		{"a clock that is fast", sign(nil, changes{"iat": now + 20, "nbf": now + 20, "exp": now + 620}), "200"},
		{"for another", sign(nil, changes{"aud": "https://other.test"}), refused},
		{"for two", sign(nil, changes{"aud": []string{machineIssuer, "https://other.test"}}), refused},
		{"for another and us", sign(nil, changes{"aud": []string{"https://other.test", machineIssuer}}), refused},
		{"for nobody", sign(nil, changes{"aud": nil}), refused},
		{"for the empty name", sign(nil, changes{"aud": ""}), refused},
		{"for an empty list", sign(nil, changes{"aud": []string{}}), refused},
		{"for the issuer with a slash", sign(nil, changes{"aud": machineIssuer + "/"}), refused},
		{"of another subject", sign(nil, changes{"sub": "fleet|drone"}), refused},
		{"of no subject", sign(nil, changes{"sub": nil}), refused},
		{"of another issuer", sign(nil, changes{"iss": "fleet|drone"}), refused},
		{"of another client", sign(nil, changes{"iss": "fleet|drone", "sub": "fleet|drone"}), refused},
		{"of one of two", sign(nil, changes{"iss": "fleet", "sub": "fleet"}), refused},
		{"of nobody", sign(nil, changes{"iss": nil, "sub": nil}), refused},
		{"of an unknown user", sign(nil, changes{"iss": "fleet|x", "sub": "fleet|x"}), refused},
		{"of an unknown application", sign(nil, changes{"iss": "x", "sub": "x"}), refused},
		{"of a user with a password alone", sign(nil, changes{"iss": "shop|ann", "sub": "shop|ann"}), refused},
		{"without an end", sign(nil, changes{"exp": nil}), refused},
		{"that has ended", sign(nil, changes{"exp": now - 40}), refused},
		{"that ends too late", sign(nil, changes{"exp": now + 700}), refused},
		{"that ends never", sign(nil, changes{"exp": 1 << 53}), refused},
		{"not yet good", sign(nil, changes{"nbf": now + 60}), refused},
		{"of the future", sign(nil, changes{"iat": now + 60}), refused},
		{"without a jti", sign(nil, changes{"jti": nil}), refused},
		{"with an empty jti", sign(nil, changes{"jti": ""}), refused},
		{"an access token by its type", sign(changes{"typ": "at+jwt"}, nil), refused},
		{"with a critical header", sign(changes{"crit": []string{"x"}, "x": 1}, nil), refused},
		{"of another key", jwttest.Sign(t, "ES256", other, nil, claimed("fleet|robot", nil)), refused},
		{"with alg none", jwttest.Sign(t, "none", nil, nil, claimed("fleet|robot", nil)), refused},
		{"with HS256 and the public key", jwttest.Sign(t, "HS256", jwttest.PublicPEM(key), nil, claimed("fleet|robot", nil)), refused},
		{"with the rule's secret", jwttest.Sign(t, "HS256", signing, nil, claimed("fleet|robot", nil)), refused},
		{"with a key of its own", jwttest.Sign(t, "RS256", jwttest.RSAKey(2048), changes{"jwk": map[string]any{"kty": "RSA"}}, claimed("fleet|robot", nil)), refused},
		{"no JWT", "x", refused},
		{"a claim twice", jwttest.SignRaw(t, "ES256", key, []byte(`{"alg":"ES256"}`), []byte(fmt.Sprintf(
			`{"iss":"fleet|robot","sub":"fleet|robot","aud":"https://other.test","aud":%q,"exp":%d,"jti":"2"}`, machineIssuer, now+60))), refused},
	} {
		if a := r.assert(tt.assertion); a.code() != tt.want || (a.status == 200) != (a.text("access_token") != "") {
			t.Errorf("%s: %d %s", tt.name, a.status, a.body)
		}
	}
	r.more.TokenEndpoint = ""
	if a := r.assert(sign(nil, changes{"aud": "https://gateway.test/oauth/token"})); a.code() != refused {
		t.Errorf("for a token endpoint that nobody has named: %s", a.body)
	}
}

// How an assertion comes, and what may stand beside it (RFC 7521 §4.2, RFC 6749 §2.3).
func TestAssertionParameters(t *testing.T) {
	r := newRig(t)
	key := jwttest.ECKey(elliptic.P256())
	r.machines(map[string]string{"robot": pemKey("ES256", key)})
	by := func(name string) string { return jwttest.Sign(t, "ES256", key, nil, claimed(name, nil)) }
	for _, tt := range []struct {
		name, want string
		pairs      []string
	}{
		{"no type", "400 invalid_request", []string{"grant_type", "client_credentials", "client_assertion", by("fleet|robot")}},
		{"no assertion", "400 invalid_request", []string{"grant_type", "client_credentials", "client_assertion_type", assertionType}},
		{"another type", "401 invalid_client", []string{"grant_type", "client_credentials", "client_assertion", by("fleet|robot"), "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"}},
		{"two assertions", "400 invalid_request", []string{"grant_type", "client_credentials", "client_assertion_type", assertionType, "client_assertion", by("fleet|robot"), "client_assertion", by("fleet|robot")}},
		{"a password too", "400 invalid_request", []string{"grant_type", "client_credentials", "client_assertion_type", assertionType, "client_assertion", by("fleet|robot"), "Authorization", basic("shop|ann", secret)}},
		{"a secret too", "400 invalid_request", []string{"grant_type", "client_credentials", "client_assertion_type", assertionType, "client_assertion", by("fleet|robot"), "client_secret", secret}},
		{"another client_id", "400 invalid_request", []string{"grant_type", "client_credentials", "client_assertion_type", assertionType, "client_assertion", by("fleet|robot"), "client_id", "shop"}},
		{"the grant password", "401 invalid_client", []string{"grant_type", "password", "username", "ann", "password", secret, "client_assertion_type", assertionType, "client_assertion", by("fleet")}},
		{"a refresh", "401 invalid_client", []string{"grant_type", "refresh_token", "refresh_token", r.login("shop", "ann").text("refresh_token"), "client_assertion_type", assertionType, "client_assertion", by("fleet")}},
		{"a foreign resource", "400 invalid_target", []string{"grant_type", "client_credentials", "client_assertion_type", assertionType, "client_assertion", by("fleet|robot"), "resource", orders, "resource", "https://evil.test"}},
		{"its client_id", "200", []string{"grant_type", "client_credentials", "client_assertion_type", assertionType, "client_assertion", by("fleet|robot"), "client_id", "fleet|robot"}},
	} {
		if a := r.post("token", tt.pairs...); a.code() != tt.want {
			t.Errorf("%s: %d %s", tt.name, a.status, a.body)
		}
	}
}

// Keys in every form, and each algorithm alone; whoever is gone or disabled gets nothing.
func TestAssertionKeys(t *testing.T) {
	r := newRig(t)
	rsa, ec, ed := jwttest.RSAKey(2048), jwttest.ECKey(elliptic.P256()), jwttest.Ed25519Key()
	set := jwttest.JWKS(jwttest.NewJWK("1", ec), jwttest.NewJWK("2", rsa))
	for name, tt := range map[string]struct {
		clientKey, algorithm string
		key                  any
		header               changes
		want                 int
	}{
		"RS256":               {pemKey("RS256", rsa), "RS256", rsa, nil, 200},
		"PS256":               {pemKey("PS256", rsa), "PS256", rsa, nil, 200},
		"PS256 for RS256":     {pemKey("RS256", rsa), "PS256", rsa, nil, 401},
		"EdDSA":               {pemKey("EdDSA", ed), "EdDSA", ed, nil, 200},
		"of a set":            {`{"algorithm":"ES256,RS256","jwks":` + set + `}`, "ES256", ec, changes{"kid": "1"}, 200},
		"of a set, without":   {`{"algorithm":"ES256,RS256","jwks":` + set + `}`, "RS256", rsa, nil, 200},
		"of a set, not ours":  {`{"algorithm":"ES256","jwks":` + set + `}`, "RS256", rsa, changes{"kid": "2"}, 401},
		"of a set, other kid": {`{"algorithm":"ES256,RS256","jwks":` + set + `}`, "ES256", ec, changes{"kid": "3"}, 401},
	} {
		r.machines(map[string]string{"robot": tt.clientKey})
		if a := r.assert(jwttest.Sign(t, tt.algorithm, tt.key, tt.header, claimed("fleet", nil))); a.status != tt.want {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	r.machines(map[string]string{"robot": pemKey("ES256", ec)})
	r.machines(map[string]string{"drone": pemKey("ES256", ec)})
	if a := r.assert(jwttest.Sign(t, "ES256", ec, nil, claimed("fleet|robot", nil))); a.status != 401 {
		t.Errorf("a user that is gone: %s", a.body)
	}
	r.gateway.Delete("fleet")
	if a := r.assert(jwttest.Sign(t, "ES256", ec, nil, claimed("fleet|drone", nil))); a.status != 401 {
		t.Errorf("an application that is gone: %s", a.body)
	}
}

// A client's set that is fetched: a new key is found, and without a set the client can come again.
func TestAssertionFetchedKeys(t *testing.T) {
	r := newRig(t)
	first, second := jwttest.ECKey(elliptic.P256()), jwttest.OtherECKey(elliptic.P256())
	server := jwttest.StartKeyServer(jwttest.NewJWK("1", first))
	t.Cleanup(server.Close)
	fetched := fmt.Sprintf(`{"algorithm":"ES256","jwks_uri":%q}`, server.URL(jwttest.KeysPath))
	r.machines(map[string]string{"robot": fetched})
	by := func(key any, kid string) reply {
		return r.assert(jwttest.Sign(t, "ES256", key, changes{"kid": kid}, claimed("fleet", nil)))
	}
	if a := by(first, "1"); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	server.SetKeys(jwttest.NewJWK("2", second))
	if a := by(second, "2"); a.status != 200 {
		t.Errorf("a new key: %d %s", a.status, a.body)
	}
	if n := server.Requests(jwttest.KeysPath); n > 3 {
		t.Errorf("fetched %d times", n)
	}
	if a := by(first, "1"); a.status != 401 {
		t.Errorf("an old key: %d %s", a.status, a.body)
	}
	server.Down()
	r.machines(map[string]string{"robot": fmt.Sprintf(`{"algorithm":"ES256","jwks_uri":%q}`, server.URL("/other"))})
	if a := by(first, "1"); a.code() != "503 temporarily_unavailable" || a.headers["retry-after"] == "" {
		t.Errorf("no set: %d %s", a.status, a.body)
	}
}

// A machine's logins are counted, and without its store it gets nothing.
func TestAssertionLimits(t *testing.T) {
	r := newRig(t)
	r.more.MaxLogins = 2
	key := jwttest.ECKey(elliptic.P256())
	r.machines(map[string]string{"robot": pemKey("ES256", key)})
	fresh := func() string { return jwttest.Sign(t, "ES256", key, nil, claimed("fleet", nil)) }
	for i, want := range []int{200, 200, 429} {
		if a := r.assert(fresh()); a.status != want {
			t.Errorf("login %d: %d %s", i+1, a.status, a.body)
		}
	}
	r.more.MaxLogins = 0
	r.ahead.Store(int64(2 * time.Minute))
	r.shared.stores[""].Store = neverReserves{}
	if a := r.assert(jwttest.Sign(t, "ES256", key, nil, claimed("fleet", changes{"exp": time.Now().Unix() + 300}))); a.status != 503 {
		t.Errorf("without its store: %d %s", a.status, a.body)
	}
}

// neverReserves is a store that counts nothing.
type neverReserves struct{ brokenStore }

func (neverReserves) Reserve(string, string, store.Limit) (store.Standing, time.Duration, error) {
	return store.Refused, 0, fmt.Errorf("broken")
}
