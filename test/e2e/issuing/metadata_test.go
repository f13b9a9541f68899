package issuing

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"apinto-jwt/test/e2e/gateway"
)

// The document of an issuer with a path stands where RFC 8414 §3.1 puts it, and nowhere else.
func testMetadataPaths(t *testing.T, d *depot) {
	t.Helper()
	const at = "/.well-known/oauth-authorization-server"
	for path, issuer := range map[string]string{
		at + "/tenant": d.issuer, at + "/tenant?a=b": d.issuer, at + "/slash": d.Node.URL + "/slash/",
		at: "", at + "/": "", at + "/tenant/": "", at + "/tenant/a": "", at + "/Tenant": "", at + "/tenants": "", at + "tenant": "", at + "/other": "", at + "/slash/a": "",
		at + "/tenant/../tenant/x": "", at + "/ten%61nt%00": "",
	} {
		g := send(t, http.MethodGet, d.Node.URL+path, "", "Origin: https://app.test")
		if issuer == "" {
			if g.status != http.StatusNotFound || strings.Contains(g.body, "token_endpoint") {
				t.Errorf("%s: %d %s", path, g.status, g.body)
			}
			continue
		}
		if g.status != http.StatusOK || g.member("issuer") != issuer || g.header.Get("Content-Type") != "application/json" || g.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v %s", path, g.status, g.header, g.body)
		}
		if g.member("token_endpoint") != d.Node.URL+"/oauth/token" || !gjson.Get(g.body, "response_types_supported").IsArray() || gjson.Get(g.body, "jwks_uri").Exists() {
			t.Errorf("%s: %s", path, g.body)
		}
		algorithms := gjson.Get(g.body, "token_endpoint_auth_signing_alg_values_supported").Raw // RFC 8414 §2: a must with private_key_jwt
		if !strings.Contains(algorithms, `"ES256"`) || strings.Contains(algorithms, "HS") || strings.Contains(algorithms, "none") {
			t.Errorf("%s: algorithms %s", path, algorithms)
		}
		for _, grant := range []string{"client_credentials", "refresh_token"} {
			if !strings.Contains(gjson.Get(g.body, "grant_types_supported").Raw, `"`+grant+`"`) {
				t.Errorf("%s: %s is not told: %s", path, grant, g.body)
			}
		}
	}
	if g := send(t, http.MethodPost, d.Node.URL+at+"/tenant", "a=b"); g.status != http.StatusMethodNotAllowed || !strings.Contains(g.header.Get("Allow"), "GET") {
		t.Errorf("POST: %d %v", g.status, g.header)
	}
	for field, config := range map[string]map[string]any{
		"issuer: ":                 {"issuer": "https://a.test/#f", "token_endpoint": "https://a.test/t"},
		"issuer:":                  {"issuer": "https://a.test/?a=b", "token_endpoint": "https://a.test/t"},
		"issuer: \"http:":          {"issuer": "http://a.test", "token_endpoint": "https://a.test/t"},
		"issuer: \"/":              {"issuer": "/a", "token_endpoint": "https://a.test/t"},
		"issuer: is":               {"token_endpoint": "https://a.test/t"},
		"token_endpoint: ":         {"issuer": "https://a.test", "token_endpoint": "http://a.test/t"},
		"token_endpoint:":          {"issuer": "https://a.test", "token_endpoint": "/t"},
		"token_endpoint: is":       {"issuer": "https://a.test"},
		"jwks_uri: ":               {"issuer": "https://a.test", "token_endpoint": "https://a.test/t", "jwks_uri": "ftp://a.test/"},
		"protected_resources[0]: ": {"issuer": "https://a.test", "token_endpoint": "https://a.test/t", "protected_resources": []string{"/x"}},
		"scopes_supported[0]: ":    {"issuer": "https://a.test", "token_endpoint": "https://a.test/t", "scopes_supported": []string{"a b"}},
		"endpoint: ":               {"endpoint": "discovery"},
	} {
		err := d.Node.Create(t.Context(), gateway.Endpoint{Kind: "metadata", Name: "faulty", Location: "/faulty", Config: config})
		if field, _, _ = strings.Cut(field, ":"); err == nil || !strings.Contains(err.Error(), field+": ") {
			t.Errorf("%v: want a fault of %s, got %v", config, field, err)
		}
	}
}
