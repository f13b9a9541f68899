package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"apinto-jwt/test/e2e/gateway"
)

// The third act: an MCP server is behind the gateway. Its client knows one URL, and finds out where to log in.

// tools plays the third act and returns how many rows are wrong.
func (d *demo) tools(ctx context.Context, w io.Writer) (wrong int, err error) {
	server := new(mcpServer)
	upstream := httptest.NewServer(server)
	defer upstream.Close()
	if err := d.protect(ctx, upstream.Listener.Addr().String()); err != nil {
		return 0, err
	}
	c := &mcpClient{url: d.node.URL + "/files"}
	if err := c.await(ctx); err != nil {
		return 0, err
	}
	return play(w, "an MCP client that knows one URL", []step{
		{"call get_file", "401, names its metadata", c.meet(ctx)},
		{"read the server's metadata", "200, names an issuer", c.findIssuer(ctx)},
		{"read the issuer's metadata", "200, names an endpoint", c.findEndpoint(ctx)},
		{"log in for what was asked", "200 files:read", c.login(ctx)},
		{"call get_file", "200 get_file is done", c.call(ctx, "get_file", "get_file")},
		{"call delete_file", "403 insufficient_scope", c.call(ctx, "delete_file", "delete_file")},
		{"call it under the other's name", "400 header_mismatch", c.call(ctx, "delete_file", "get_file")},
		{"step up", "200 files:read files:write", c.login(ctx)},
		{"call delete_file", "200 delete_file is done", c.call(ctx, "delete_file", "delete_file")},
		{"call format_disk, in no list", "403 operation_not_allowed", c.call(ctx, "format_disk", "format_disk")},
		{"tokens that the server saw", "0", server.tokens},
	})
}

// protect makes the route of the server, whose tools each have a scope, and what its clients need to find their way.
func (d *demo) protect(ctx context.Context, server string) error {
	people := gateway.JWTApp("people", gateway.Auth{
		Position: "header", TokenName: "Authorization",
		Config: gateway.Rule{
			"algorithm": "HS256", "secret": "another secret of at least thirty-two bytes", "iss": d.node.URL, "path": "sub",
			"issue": map[string]any{
				"resources": []string{d.node.URL + "/files"}, "claims": map[string]any{"scope": "files:read files:write"}, "refresh_ttl": 0,
			},
		},
		Users: []gateway.User{{Name: "ann", Password: issuedHash}},
	})
	documents := []string{http.MethodGet, http.MethodHead, http.MethodOptions}
	issuer := map[string]any{"issuer": d.node.URL, "token_endpoint": d.node.URL + "/oauth/token"}
	if err := d.node.SetPlugins(
		ctx,
		gateway.GlobalPlugin("access_log", gateway.PluginAccessLog, map[string]any{"output": []string{d.log.Name + "@output"}}),
		gateway.Plugin{Name: "jwt", ID: "apinto-jwt:jwt:filter", Status: "enable", Config: map[string]any{}},
		gateway.Plugin{Name: "jwt_token", ID: gateway.PluginToken, Status: "enable", Config: map[string]any{}},
		gateway.GlobalPlugin("app", gateway.PluginApp, nil),
	); err != nil {
		return err
	}
	if err := d.node.Create(ctx, gateway.Service{Name: "files", Nodes: []string{server}}); err != nil {
		return err
	}
	_, err := d.node.Call(ctx, http.MethodPost, "/api/router", map[string]any{
		"name": "files", "driver": "http", "listen": 0, "location": "/files", "method": []string{http.MethodPost}, "service": "files@service",
		"plugins": map[string]any{"jwt": map[string]any{"disable": false, "config": map[string]any{
			"resource": d.node.URL + "/files", "authorization_servers": []string{d.node.URL}, "scopes": []string{"files:read"},
			"mcp": map[string]any{"tools": map[string]any{"get_*": []string{}, "delete_file": []string{"files:write"}}},
		}}},
	})
	return errors.Join(
		err, d.node.Create(ctx, people),
		d.node.Create(ctx, gateway.Endpoint{Kind: "metadata", Location: "/.well-known/oauth-authorization-server*", Methods: documents, Config: issuer}),
		d.node.Create(ctx, gateway.Endpoint{Kind: "resource", Location: "/.well-known/oauth-protected-resource*", Methods: documents}),
	)
}

// mcpServer is as much of an MCP server as the act needs: it has every tool, and knows nothing of tokens.
type mcpServer struct{ seen atomic.Int64 }

// ServeHTTP answers a call of a tool.
func (s *mcpServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		s.seen.Add(1)
	}
	var call struct {
		ID     json.RawMessage       `json:"id"`
		Params struct{ Name string } `json:"params"`
	}
	if err := json.NewDecoder(r.Body).Decode(&call); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"text","text":%q}]}}`, call.ID, call.Params.Name+" is done")
}

// tokens returns how many requests had one.
func (s *mcpServer) tokens() (string, error) { return fmt.Sprint(s.seen.Load()), nil }

// await waits until the gateway has the route and both documents.
func (c *mcpClient) await(ctx context.Context) error {
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		probe := &mcpClient{url: c.url}
		var got string
		var err error
		for _, do := range []func() (string, error){probe.meet(ctx), probe.findIssuer(ctx), probe.findEndpoint(ctx)} {
			if got, err = do(); err != nil {
				break
			}
		}
		if err == nil && probe.endpoint != "" {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the MCP server is not there: %s, %w", got, err)
		}
	}
}
