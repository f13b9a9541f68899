package jwttoken

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// described is an endpoint "metadata" with all fields.
var described = Config{
	Issuer: "https://gateway.test/tenant", TokenEndpoint: "https://gateway.test/oauth/token", RevocationEndpoint: "https://gateway.test/oauth/revoke",
	IntrospectionEndpoint: "https://gateway.test/oauth/introspect", JWKSURI: "https://gateway.test/oauth/jwks",
	AuthorizationEndpoint: "https://gateway.test/none", ScopesSupported: []string{"read", "write"},
	ProtectedResources: []string{orders}, ServiceDocumentation: "https://gateway.test/docs",
}

// describe sends a request to an endpoint "metadata".
func (r *rig) describe(c Config, method, target string) reply {
	r.t.Helper()
	r.more = c
	return r.callAt("metadata", target, method, "")
}

// RFC 8414 §2, §3.
func TestMetadata(t *testing.T) {
	r := newRig(t)
	a := r.describe(described, "GET", metadataPath+"/tenant")
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var algorithms []any
	for _, name := range strings.Split("RS256 RS384 RS512 ES256 ES384 ES512 PS256 PS384 PS512 EdDSA", " ") {
		algorithms = append(algorithms, name)
	}
	if a.fields["token_endpoint_auth_signing_alg_values_supported"] == nil || slices.ContainsFunc(assertionAlgorithms(), func(name string) bool {
		return strings.HasPrefix(name, "HS") || name == "none"
	}) {
		t.Errorf("algorithms %v", a.fields)
	}
	for _, endpoint := range []string{"token", "revocation", "introspection"} { // what newer versions add comes last
		name := endpoint + "_endpoint_auth_signing_alg_values_supported"
		if got, _ := a.fields[name].([]any); len(got) < len(algorithms) || !reflect.DeepEqual(got[:len(algorithms)], algorithms) {
			t.Errorf("%s: %v", name, got)
		}
		delete(a.fields, name)
	}
	var want map[string]any
	if err := json.Unmarshal([]byte(`{
		"issuer":"https://gateway.test/tenant","authorization_endpoint":"https://gateway.test/none",
		"token_endpoint":"https://gateway.test/oauth/token","token_endpoint_auth_methods_supported":["private_key_jwt","client_secret_basic","none"],
		"revocation_endpoint":"https://gateway.test/oauth/revoke","revocation_endpoint_auth_methods_supported":["private_key_jwt","client_secret_basic","none"],
		"introspection_endpoint":"https://gateway.test/oauth/introspect","introspection_endpoint_auth_methods_supported":["private_key_jwt","client_secret_basic","Bearer"],
		"jwks_uri":"https://gateway.test/oauth/jwks","scopes_supported":["read","write"],"response_types_supported":[],
		"grant_types_supported":["client_credentials","refresh_token","password"],"service_documentation":"https://gateway.test/docs",
		"protected_resources":["https://api.test/orders"],"code_challenge_methods_supported":["S256"]}`), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a.fields, want) {
		t.Errorf("got %v\nwant %v", a.fields, want)
	}
	least := r.describe(Config{Issuer: "https://gateway.test", TokenEndpoint: "https://gateway.test/oauth/token"}, "GET", metadataPath)
	for name := range least.fields {
		if strings.HasPrefix(name, "revocation") || strings.HasPrefix(name, "introspection") || strings.HasSuffix(name, "_uri") || strings.Contains(least.body, "null") {
			t.Errorf("what is not there is named: %s", least.body)
		}
	}
}

// A document stands at one place, for scripts of every site, and may be kept for a while.
func TestMetadataPublished(t *testing.T) {
	r := newRig(t)
	root := described
	root.Issuer = "https://gateway.test"
	slash := described
	slash.Issuer += "/"
	for _, tt := range []struct {
		name, method, target string
		config               Config
		status               int
	}{
		{"its path", "GET", metadataPath + "/tenant", described, 200},
		{"with a query", "GET", metadataPath + "/tenant?a=b", described, 200},
		{"HEAD", "HEAD", metadataPath + "/tenant", described, 200},
		{"OPTIONS", "OPTIONS", metadataPath + "/tenant", described, 204},
		{"an issuer that ends in a slash", "GET", metadataPath + "/tenant", slash, 200},
		{"an issuer without a path", "GET", metadataPath, root, 200},
		{"no path", "GET", metadataPath, described, 404},
		{"another path", "GET", metadataPath + "/other", described, 404},
		{"a longer path", "GET", metadataPath + "/tenant/x", described, 404},
		{"a slash", "GET", metadataPath + "/tenant/", described, 404},
		{"a path for an issuer without one", "GET", metadataPath + "/tenant", root, 404},
		{"OPTIONS of another", "OPTIONS", metadataPath + "/other", described, 404},
		{"POST", "POST", metadataPath + "/tenant", described, 405},
	} {
		a := r.describe(tt.config, tt.method, tt.target)
		if a.status != tt.status {
			t.Errorf("%s: %d %s", tt.name, a.status, a.body)
		}
		if tt.status != 405 && a.headers["access-control-allow-origin"] != "*" {
			t.Errorf("%s: no script may read it: %v", tt.name, a.headers)
		}
		switch keep := a.headers["cache-control"]; {
		case tt.status == 200 && (keep != "public, max-age=60" || a.headers["content-type"] != "application/json"):
			t.Errorf("%s: %v", tt.name, a.headers)
		case tt.status == 204 && (a.headers["access-control-allow-methods"] != "GET, HEAD" || a.headers["access-control-allow-headers"] != "*" || a.body != ""):
			t.Errorf("%s: %v", tt.name, a.headers)
		case tt.status > 400 && keep != "no-store":
			t.Errorf("%s: may be kept: %q", tt.name, keep)
		}
	}
}
