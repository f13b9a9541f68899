package mcp

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/auth/extauth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"

	"apinto-jwt/test/e2e/gateway"
)

// The machine's password and its bcrypt hash, at the least cost that is accepted.
const (
	password = "correct horse"
	hash     = "$2a$10$tsJQbwjhjirnbv/qVUVg5.FubkidfuqvhsR7jzJYSEfGBkDCt2tBy"
)

// A machine needs no other server than the gateway: it finds the token service by the resource, gets a token for it alone,
// and calls a tool. A tool beyond its scope stays shut.
func TestMachine(t *testing.T) {
	node := startGateway(t)
	server := httptest.NewServer(serve("files", "get_file", "delete_file"))
	t.Cleanup(server.Close)
	put(t, node, "/setting/plugin", object{"plugins": []object{
		{"name": "jwt", "id": "apinto-jwt:jwt:filter", "status": "enable", "config": object{}},
		{"name": "service", "id": "apinto-jwt:jwt:token", "status": "enable", "config": object{"endpoint": "token"}},
	}})
	put(t, node, "/api/service", service("files", server.Listener.Addr()))
	put(t, node, "/api/app", object{"name": "fleet", "driver": "app", "auth": []object{{
		"type": "jwt", "position": "header", "token_name": "Authorization",
		"config": object{
			"iss": node.URL, "algorithm": "HS256", "secret": "the secret of the machines of an MCP server", "path": "sub",
			"issue": object{"audience": []string{node.URL + "/files"}, "claims": object{"scope": "files:read"}},
		},
		"users": []object{{"pattern": object{"username": "robot", "password": hash}}},
	}}})
	for name, config := range map[string]object{
		"/oauth/token": {"endpoint": "token"},
		"/.well-known/oauth-authorization-server*": {"endpoint": "metadata", "issuer": node.URL, "token_endpoint": node.URL + "/oauth/token"},
		"/.well-known/oauth-protected-resource*":   {"endpoint": "resource"},
	} {
		endpoint(t, node, name, config)
	}
	put(t, node, "/api/router", object{
		"name": "files", "driver": "http", "method": []string{"GET", "POST", "DELETE"}, "location": "/files", "service": "files@service",
		"plugins": object{"jwt": object{"disable": false, "config": object{
			"resource": node.URL + "/files", "authorization_servers": []string{node.URL}, "scopes_supported": []string{"files:read"},
			"mcp": object{"tools": object{"get_*": []string{"files:read"}, "delete_file": []string{"files:write"}}},
		}}},
	})
	awaitRoute(t, node.URL+"/files")
	handler, err := extauth.NewClientCredentialsHandler(&extauth.ClientCredentialsHandlerConfig{Credentials: &oauthex.ClientCredentials{
		ClientID: "fleet", ClientSecretAuth: &oauthex.ClientSecretAuth{ClientSecret: password},
	}})
	if err != nil {
		t.Fatal(err)
	}
	transport := &mcp.StreamableClientTransport{Endpoint: node.URL + "/files", OAuthHandler: handler}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "robot", Version: "1"}, nil).Connect(t.Context(), transport, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() }) // the test has seen what it wanted
	if got := call(t, session, "get_file"); got != "get_file of files" {
		t.Error(got)
	}
	if got := call(t, session, "delete_file"); got == "delete_file of files" {
		t.Error("a tool beyond the machine's scope is called")
	}
}

// endpoint is a route that the gateway answers itself.
func endpoint(t *testing.T, node *gateway.Node, location string, config object) {
	t.Helper()
	put(t, node, "/api/router", object{
		"name": "endpoint" + config["endpoint"].(string), "driver": "http", "method": []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions},
		"location": location, "status": http.StatusNotImplemented, "body": "", "plugins": object{"service": object{"disable": false, "config": config}},
	})
}
