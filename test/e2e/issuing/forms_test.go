package issuing

import (
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

// Requests that a client should not send, and the answers that the RFCs want.
func TestIssuingForms(t *testing.T) {
	e, _ := acceptance(t)
	e.Add(t, houseApp("Forms", "a|b", "two words"))
	session := mustLogin(t, e.Node, "forms", "ann")
	url := e.Node.URL + "/oauth/"
	good := passwordForm("forms", "ann", rightPassword)
	for _, tt := range []struct {
		name, method, path, body string
		status                   int
		code                     string
		lines                    []string
	}{
		{"no grant type", "POST", "token", "client_id=forms", 400, "invalid_request", nil},
		{"another grant type", "POST", "token", "grant_type=authorization_code&client_id=forms&code=x", 400, "unsupported_grant_type", nil},
		{"a parameter twice", "POST", "token", good + "&username=bob", 400, "invalid_request", nil},
		{"a parameter twice, the same", "POST", "token", good + "&grant_type=password", 400, "invalid_request", nil},
		{"an empty password", "POST", "token", passwordForm("forms", "ann", ""), 400, "", nil},
		{"no username", "POST", "token", "grant_type=password&client_id=forms&password=x", 400, "invalid_request", nil},
		{"in the query", "POST", "token?" + passwordForm("forms", "ann", "in-clear"), "", 400, "invalid_request", nil},
		{"JSON", "POST", "token", `{"grant_type":"password"}`, 400, "invalid_request", []string{"Content-Type: application/json"}},
		{"broken escapes", "POST", "token", "grant_type=password&client_id=forms&username=%zz&password=x", 400, "invalid_request", nil},
		{"refresh without a token", "POST", "token", "grant_type=refresh_token", 400, "invalid_request", nil},
		{"refresh with an access token", "POST", "token", "grant_type=refresh_token&refresh_token=" + session.access, 400, "invalid_grant", nil},
		{"refresh with nonsense", "POST", "token", "grant_type=refresh_token&refresh_token=a.b.c", 400, "invalid_grant", nil},
		{"a long password", "POST", "token", passwordForm("forms", "bob", strings.Repeat("x", 4000)), 400, "invalid_grant", nil},
		{"the right password and more", "POST", "token", passwordForm("forms", "bob", rightPassword+"%00x"), 400, "invalid_grant", nil},
		{"Basic, wrong", "POST", "token", "grant_type=client_credentials", 401, "invalid_client", []string{"Authorization: Basic " + basic("forms%7Cann:wrong")}},
		{"Basic, no application", "POST", "token", "grant_type=client_credentials", 401, "invalid_client", []string{"Authorization: Basic " + basic("nobody%7Cann:x")}},
		{"Basic, not base64", "POST", "token", "grant_type=client_credentials", 401, "invalid_client", []string{"Authorization: Basic ###"}},
		{"revoke, no token", "POST", "revoke", "client_id=forms", 400, "invalid_request", nil},
		{"revoke, no client", "POST", "revoke", "token=" + session.refresh, 0, "", nil},
		{"revoke, twice the token", "POST", "revoke", "client_id=forms&token=x&token=" + session.refresh, 400, "invalid_request", nil},
		{"revoke, an unknown token", "POST", "revoke", "client_id=forms&token=unknown", 200, "", nil},
		{"revoke, a wrong hint", "POST", "revoke", "client_id=forms&token=unknown&token_type_hint=nonsense", 200, "", nil},
		{"introspect, nobody", "POST", "introspect", "token=" + session.access, 401, "", nil},
		{"introspect, with a refresh token", "POST", "introspect", "token=" + session.access, 401, "", []string{"Authorization: Bearer " + session.refresh}},
		{"introspect, no token", "POST", "introspect", "", 400, "invalid_request", []string{"Authorization: Bearer " + session.access, "Content-Type: application/x-www-form-urlencoded"}},
	} {
		got := send(t, tt.method, url+tt.path, tt.body, tt.lines...)
		if tt.status != 0 && got.status != tt.status || got.status >= 500 || tt.code != "" && got.member("error") != tt.code {
			t.Errorf("%s: %d %s, want %d %s", tt.name, got.status, got.body, tt.status, tt.code)
		}
		if got.status == http.StatusUnauthorized && got.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no WWW-Authenticate", tt.name)
		}
		if cache := got.header.Get("Cache-Control"); !strings.Contains(cache, "no-store") {
			t.Errorf("%s: Cache-Control %q", tt.name, cache)
		}
	}
	for _, path := range []string{"token", "revoke", "introspect"} {
		if got := send(t, "GET", url+path+"?"+passwordForm("forms", "ann", "in-clear")+"&token="+session.refresh, ""); got.status < 400 || got.status >= 500 {
			t.Errorf("GET %s: %d %s", path, got.status, got.body)
		}
	}
	e.Accept(t, e.Node, rig.Bearer(session.access)) // none of these has ended it
	if g := refresh(t, e.Node, session.refresh); g.status != http.StatusOK {
		t.Errorf("the session after all that: %d %s", g.status, g.body)
	}
	for _, user := range []string{"a%7Cb", "two+words"} {
		got := send(t, "POST", url+"token", passwordForm("forms", user, rightPassword))
		if got.status != 200 || got.header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(got.header.Get("Content-Type"), "application/json") {
			t.Errorf("login of %s: %d %v %s", user, got.status, got.header, got.body)
		}
		e.Accept(t, e.Node, rig.Bearer(got.member("access_token")))
	}
}
