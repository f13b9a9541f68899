package mcp

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"apinto-jwt/test/e2e/gateway"
)

// startGateway starts the real gateway, as make test has built it or else built here.
func startGateway(t *testing.T) *gateway.Node {
	t.Helper()
	binary := os.Getenv(gateway.EnvBinary)
	if binary == "" {
		binary = filepath.Join(t.TempDir(), "apinto")
		t.Chdir(filepath.Join("..", "..")) // the gateway's module
		if err := gateway.Build(t.Context(), binary, os.Stderr); err != nil {
			t.Fatal(err)
		}
	}
	var node *gateway.Node
	var err error
	for range 3 { // a port that was found free may be taken meanwhile
		if node, err = gateway.Start(t.Context(), gateway.Options{Binary: binary}); err == nil {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := node.Close(); err != nil {
			t.Error(err)
		}
	})
	return node
}

// object is a JSON object.
type object = map[string]any

// put sends an object to the admin API.
func put(t *testing.T, node *gateway.Node, path string, body object) {
	t.Helper()
	if _, err := node.Call(t.Context(), http.MethodPost, path, body); err != nil {
		t.Fatal(err)
	}
}

// front puts the gateway in front of MCP servers, one route and resource for each, with tokens of the issuer.
func front(t *testing.T, node *gateway.Node, issuer string, servers map[string]http.Handler) {
	t.Helper()
	put(t, node, "/setting/plugin", object{"plugins": []object{
		{"name": "jwt", "id": "apinto-jwt:jwt:filter", "status": "enable", "config": object{}},
		{"name": "metadata", "id": "apinto-jwt:jwt:token", "status": "enable", "config": object{"endpoint": "resource"}},
	}})
	put(t, node, "/api/app", object{"name": "people", "driver": "app", "auth": []object{{
		"type": "jwt", "position": "header", "token_name": "Authorization",
		"config": object{"iss": issuer, "algorithm": "RS256", "jwks_uri": issuer + "/.well-known/openid-configuration", "path": "sub"},
		"users":  []object{{"pattern": object{"username": "*"}}},
	}}})
	for name, handler := range servers {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		put(t, node, "/api/service", service(name, server.Listener.Addr()))
		put(t, node, "/api/router", object{
			"name": name, "driver": "http", "method": []string{"GET", "POST", "DELETE"}, "location": "/" + name, "service": name + "@service",
			"plugins": object{"jwt": object{"disable": false, "config": object{
				"resource": node.URL + "/" + name, "authorization_servers": []string{issuer}, "resource_name": name,
				"scopes_supported": []string{name + ":read", name + ":write"},
				"scopes":           []string{name + ":read"},
				"mcp":              object{"tools": object{"get_*": []string{name + ":read"}, "delete_file": []string{name + ":write"}, "count": []string{}}},
			}}},
		})
		put(t, node, "/api/router", object{
			"name": "metadata", "driver": "http", "method": []string{"GET", "HEAD", "OPTIONS"},
			"location": "/.well-known/oauth-protected-resource*", "service": name + "@service",
			"plugins": object{"metadata": object{"disable": false, "config": object{"endpoint": "resource"}}},
		})
	}
}

// service is an upstream of the gateway.
func service(name string, at net.Addr) object {
	return object{"name": name, "driver": "http", "scheme": "HTTP", "nodes": []string{fmt.Sprint(at)}, "balance": "round-robin", "timeout": 60000}
}
