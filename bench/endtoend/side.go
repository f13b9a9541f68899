package endtoend

import (
	"context"

	"apinto-jwt/bench/apinto"
	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/load"
	"apinto-jwt/test/e2e/gateway"
)

// side is one gateway with its applications.
type side struct {
	*apinto.Side
	// filtered reports whether the route filter stands before "app".
	filtered bool
}

// startSide starts a gateway in front of the upstream. plugins run before "app".
func startSide(ctx context.Context, name, binary, upstream string, plugins ...gateway.Plugin) (*side, error) {
	s, err := apinto.Start(ctx, apinto.Options{Name: name, Binary: binary, Upstream: upstream, Plugins: plugins})
	if err != nil {
		return nil, err
	}
	return &side{Side: s}, nil
}

// open returns the route that asks for nothing.
func (s *side) open(name string) target {
	return target{name: name, request: load.Request{URL: s.Node.URL + "/open/orders/42"}, pid: s.Node.Worker}
}

// same brings one token, or one key, again and again.
func (s *side) same(name string, rule gate.Rule) target {
	t := target{name: name, pid: s.Node.Worker, request: load.Request{URL: s.Node.URL + "/orders/42"}}
	t.request.Header, t.request.Values = "Authorization", []string{"Bearer " + rule.New()}
	if s.APIKey {
		t.request.Header, t.request.Values = apinto.KeyHeader, []string{rule.Claims.User}
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
