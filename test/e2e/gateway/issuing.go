package gateway

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// PluginToken is the token endpoint's ID.
const PluginToken = "apinto-jwt:jwt:token"

// Redis is an output that plugins keep shared state in.
type Redis struct {
	Name string
	Addr string // host:port
}

func (r Redis) profession() string { return "output" }
func (r Redis) id() string         { return r.Name }

// MarshalJSON is the host's form of a Redis output.
func (r Redis) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"name": r.Name, "driver": "redis", "addrs": []string{r.Addr}, "mode": "single"})
}

// Endpoint is a route with a token endpoint, and nothing behind it.
type Endpoint struct {
	Kind           string // token, revoke, jwks, introspect or metadata
	Location       string
	Cache          string // a Redis output's name; empty: the process's own store
	OnStoreFailure string
	Name           string         // default: by the kind
	Config         map[string]any // further fields
	Methods        []string       // of the route; default: GET, POST
}

func (e Endpoint) profession() string { return "router" }
func (e Endpoint) id() string {
	if e.Name != "" {
		return e.Name
	}
	return "endpoint-" + e.Kind
}

// MarshalJSON is the host's form of a router that answers by itself.
func (e Endpoint) MarshalJSON() ([]byte, error) {
	config := map[string]any{"endpoint": e.Kind}
	if e.Cache != "" {
		config["cache"] = e.Cache + "@output"
	}
	if e.OnStoreFailure != "" {
		config["on_store_failure"] = e.OnStoreFailure
	}
	maps.Copy(config, e.Config)
	methods := e.Methods
	if methods == nil {
		methods = []string{"GET", "POST"}
	}
	return json.Marshal(map[string]any{
		"name": e.id(), "driver": "http", "listen": 0, "location": e.Location,
		"method": methods, "protocols": []string{"http"},
		"status": http.StatusNotImplemented, "body": base64.StdEncoding.EncodeToString([]byte("no endpoint")),
		"plugins": map[string]any{
			"app":       map[string]any{"disable": true, "config": map[string]any{}},
			"jwt_token": map[string]any{"disable": false, "config": config},
		},
	})
}

// Issuing makes the endpoints /oauth/token, /oauth/revoke, /oauth/introspect and /oauth/jwks on a gateway that Front was
// called for. Their state is in the Redis output of this name, or with "" in the process.
func (n *Node) Issuing(ctx context.Context, log AccessLog, cache string) error {
	output := map[string]any{"output": []string{log.Name + "@output"}}
	if err := n.SetPlugins(
		ctx,
		GlobalPlugin("access_log", PluginAccessLog, output),
		Plugin{Name: "jwt_token", ID: PluginToken, Status: "enable", Config: map[string]any{}},
		GlobalPlugin("app", PluginApp, nil),
	); err != nil {
		return err
	}
	for _, kind := range []string{"token", "revoke", "introspect", "jwks"} {
		if err := n.Create(ctx, Endpoint{Kind: kind, Location: "/oauth/" + kind, Cache: cache}); err != nil {
			return err
		}
	}
	return nil
}

// SetHash sets a field of a hash, which the gateway replicates to all nodes; an empty value removes it.
func (n *Node) SetHash(ctx context.Context, hash, field, value string) error {
	method := http.MethodPut
	if value == "" {
		method = http.MethodDelete
	}
	path := "/hash/" + hash + "/" + url.PathEscape(field)
	request, err := http.NewRequestWithContext(ctx, method, n.AdminURL+path, strings.NewReader(value))
	if err != nil {
		return fmt.Errorf("admin API: %w", err)
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("admin API: %w", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = &AdminError{method, path, response.StatusCode, string(answer)}
	}
	return err
}
