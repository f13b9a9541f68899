// Package apinto builds and runs Apinto gateways with applications.
package apinto

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"apinto-jwt/bench/gate"
	"apinto-jwt/test/e2e/gateway"
)

// Side is one gateway with its applications.
type Side struct {
	Options
	Node   *gateway.Node
	Secure string // the base of its URLs over TLS; empty: none
	apps   int
}

// Options say how a gateway runs.
type Options struct {
	Name     string // in messages
	Binary   string
	Upstream string           // host:port
	Plugins  []gateway.Plugin // run before "app"
	// APIKey gives the applications API keys in place of rules.
	APIKey bool
	// TLS has the gateway listen with TLS too.
	TLS *Certificate
}

// Start starts a gateway in front of the upstream.
func Start(ctx context.Context, o Options) (*Side, error) {
	s := &Side{Options: o}
	var err error
	for range 3 { // a port that was free may be taken before the gateway has it
		if err = s.start(ctx); err == nil {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("gateway %s: %w", o.Name, err)
	}
	if err := s.configure(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("gateway %s: %w", o.Name, err), s.Close())
	}
	return s, nil
}

// start starts the processes.
func (s *Side) start(ctx context.Context) error {
	o := gateway.Options{Binary: s.Binary}
	var err error
	if s.TLS != nil {
		if o.Ports, s.Secure, err = ports(); err != nil {
			return err
		}
	}
	s.Node, err = gateway.Start(ctx, o)
	return err
}

// Close stops the gateway and removes its files.
func (s *Side) Close() error { return s.Node.Close() }

// configure sets the plugins, the routes and the certificate.
func (s *Side) configure(ctx context.Context) error {
	if err := s.Node.SetPlugins(ctx, append(slices.Clone(s.Plugins), gateway.GlobalPlugin("app", gateway.PluginApp, nil))...); err != nil {
		return err
	}
	off := []string{"app"}
	for _, p := range s.Plugins {
		off = append(off, p.Name)
	}
	for _, worker := range []gateway.Worker{
		gateway.Service{Name: "up", Nodes: []string{s.Upstream}},
		route{Router: gateway.Router{Name: "all", Location: "/*", Service: "up"}},
		route{Router: gateway.Router{Name: "open", Location: "/open/*", Service: "up"}, off: off},
	} {
		if err := s.Node.Create(ctx, worker); err != nil {
			return err
		}
	}
	if s.TLS == nil {
		return nil
	}
	_, err := s.Node.Call(ctx, http.MethodPost, "/api/certificate", map[string]any{
		"name": "loopback", "driver": "server", "key": s.TLS.Key, "pem": s.TLS.PEM,
	})
	return err
}

// Grow adds applications until there are as many as rules.
func (s *Side) Grow(ctx context.Context, rules []gate.Rule) error {
	for ; s.apps < len(rules); s.apps++ {
		if _, err := s.Node.Call(ctx, http.MethodPost, "/api/app", s.App(rules[s.apps])); err != nil {
			return fmt.Errorf("gateway %s: %w", s.Name, err)
		}
	}
	return nil
}

// Become replaces the first application's rule.
func (s *Side) Become(ctx context.Context, rule gate.Rule) error {
	if _, err := s.Node.Call(ctx, http.MethodPut, "/api/app/"+rule.App, s.App(rule)); err != nil {
		return fmt.Errorf("gateway %s: %w", s.Name, err)
	}
	return nil
}

// App returns an application as the admin API takes it.
func (s *Side) App(rule gate.Rule) map[string]any {
	auth := map[string]any{
		"type": "jwt", "position": "header", "token_name": "Authorization", "config": rule.Config(), "users": rule.Users(),
	}
	if s.APIKey {
		auth = map[string]any{
			"type": "apikey", "position": "header", "token_name": KeyHeader, "config": map[string]any{}, "users": rule.Users(),
		}
	}
	return map[string]any{"name": rule.App, "driver": "app", "auth": []any{auth}}
}

// KeyHeader is the header of all API keys, so that the host has one authenticator for them.
const KeyHeader = "Apikey"

// Settle waits until the worker has the last application and the first one's present rule.
func (s *Side) Settle(ctx context.Context, rules []gate.Rule) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, i := range []int{0, len(rules) - 1} {
		name, value := "Authorization", "Bearer "+rules[i].New()
		if s.APIKey {
			name, value = KeyHeader, rules[i].Claims.User
		}
		for {
			status, _, err := Get(ctx, s.Node.URL+"/orders/42", name, value)
			if err == nil && status == http.StatusOK {
				break
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("gateway %s: application %s is not in force: status %d: %w", s.Name, rules[i].App, status, errors.Join(ctx.Err(), err))
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
	return nil
}

// Get sends one request.
func Get(ctx context.Context, url, name, value string) (int, http.Header, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, nil, err
	}
	if name != "" {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	return response.StatusCode, response.Header, response.Body.Close()
}
