package endtoend

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/load"
	"apinto-jwt/test/e2e/gateway"
)

// side is one gateway with its applications.
type side struct {
	name   string
	node   *gateway.Node
	apiKey bool // its applications have API keys in place of rules
	// filtered reports whether the route filter stands before "app".
	filtered bool
	apps     int
}

// startSide starts a gateway in front of the upstream. plugins run before "app".
func startSide(ctx context.Context, name, binary, upstream string, plugins ...gateway.Plugin) (*side, error) {
	var node *gateway.Node
	var err error
	for range 3 { // a port that was free may be taken before the gateway has it
		if node, err = gateway.Start(ctx, gateway.Options{Binary: binary}); err == nil {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("gateway %s: %w", name, err)
	}
	s := &side{name: name, node: node}
	if err := s.configure(ctx, upstream, plugins); err != nil {
		return nil, errors.Join(fmt.Errorf("gateway %s: %w", name, err), node.Close())
	}
	return s, nil
}

func (s *side) configure(ctx context.Context, upstream string, plugins []gateway.Plugin) error {
	if err := s.node.SetPlugins(ctx, append(plugins, gateway.GlobalPlugin("app", gateway.PluginApp, nil))...); err != nil {
		return err
	}
	for _, worker := range []gateway.Worker{
		gateway.Service{Name: "up", Nodes: []string{upstream}},
		gateway.Router{Name: "all", Location: "/*", Service: "up"},
		gateway.Router{Name: "open", Location: "/open/*", Service: "up", Open: true},
	} {
		if err := s.node.Create(ctx, worker); err != nil {
			return err
		}
	}
	return nil
}

// grow adds applications until there are as many as rules.
func (s *side) grow(ctx context.Context, rules []gate.Rule) error {
	for ; s.apps < len(rules); s.apps++ {
		if _, err := s.node.Call(ctx, http.MethodPost, "/api/app", s.app(rules[s.apps])); err != nil {
			return fmt.Errorf("gateway %s: %w", s.name, err)
		}
	}
	return nil
}

// become replaces the first application's rule.
func (s *side) become(ctx context.Context, rule gate.Rule) error {
	if _, err := s.node.Call(ctx, http.MethodPut, "/api/app/"+rule.App, s.app(rule)); err != nil {
		return fmt.Errorf("gateway %s: %w", s.name, err)
	}
	return nil
}

// app returns an application as the admin API takes it.
func (s *side) app(rule gate.Rule) map[string]any {
	auth := map[string]any{
		"type": "jwt", "position": "header", "token_name": "Authorization", "config": rule.Config(), "users": rule.Users(),
	}
	if s.apiKey {
		auth = map[string]any{
			"type": "apikey", "position": "header", "token_name": keyHeader, "config": map[string]any{}, "users": rule.Users(),
		}
	}
	return map[string]any{"name": rule.App, "driver": "app", "auth": []any{auth}}
}

// keyHeader is where all API keys are, so that the host has one authenticator for them.
const keyHeader = "Apikey"

// settle waits until the worker has the last application and the first one's present rule.
func (s *side) settle(ctx context.Context, rules []gate.Rule) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, i := range []int{0, len(rules) - 1} {
		name, value := "Authorization", "Bearer "+rules[i].New()
		if s.apiKey {
			name, value = keyHeader, rules[i].Claims.User
		}
		for {
			status, _, err := get(ctx, s.node.URL+"/orders/42", name, value)
			if err == nil && status == http.StatusOK {
				break
			}
			select {
			case <-ctx.Done():
				return fmt.Errorf("gateway %s: application %s is not in force: status %d: %w", s.name, rules[i].App, status, errors.Join(ctx.Err(), err))
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
	return nil
}

// get sends one request.
func get(ctx context.Context, url, name, value string) (int, http.Header, error) {
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

// open returns the route that asks for nothing.
func (s *side) open(name string) target {
	return target{name: name, request: load.Request{URL: s.node.URL + "/open/orders/42"}, pid: s.node.Worker}
}

// same brings one token, or one key, again and again.
func (s *side) same(name string, rule gate.Rule) target {
	t := target{name: name, pid: s.node.Worker, request: load.Request{URL: s.node.URL + "/orders/42"}}
	t.request.Header, t.request.Values = "Authorization", []string{"Bearer " + rule.New()}
	if s.apiKey {
		t.request.Header, t.request.Values = keyHeader, []string{rule.Claims.User}
	}
	return t
}

// distinct brings a new token with every request.
func (s *side) distinct(name string, rule gate.Rule) target {
	t := s.same(name, rule)
	t.values = func(n int) []string {
		values := rule.Key.Many(n, rule.Claims)
		for i := range values {
			values[i] = "Bearer " + values[i]
		}
		return values
	}
	return t
}
