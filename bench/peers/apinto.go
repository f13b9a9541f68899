package peers

import (
	"context"

	"apinto-jwt/bench/apinto"
	"apinto-jwt/bench/gate"
	"apinto-jwt/test/e2e/gateway"
)

// filterPlugin is the project's route filter.
const filterPlugin = "apinto-jwt:jwt:filter"

// apintoPeer is a gateway on Apinto, this project's or the stock one.
type apintoPeer struct {
	side  *apinto.Side
	rules []gate.Rule // in force; only their algorithms differ between cases
}

// startApinto starts a gateway, with the route filter before "app" or without.
func startApinto(ctx context.Context, w *world, name, binary string, filter bool) (*apintoPeer, error) {
	o := apinto.Options{Name: name, Binary: binary, Upstream: w.upstream, TLS: w.certificate}
	if filter {
		o.Plugins = []gateway.Plugin{gateway.GlobalPlugin("jwt_filter", filterPlugin, nil)}
	}
	side, err := apinto.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	return &apintoPeer{side: side}, nil
}

// prepare adds applications up to the case's number and puts the case's rule in force. There are never less: cases are in the order of
// their numbers.
func (p *apintoPeer) prepare(ctx context.Context, c loadCase) error {
	rules := c.rules()
	if err := p.side.Grow(ctx, rules); err != nil {
		return err
	}
	for i, old := range p.rules {
		if old.Key.Algorithm == rules[i].Key.Algorithm {
			continue
		}
		if err := p.side.Become(ctx, rules[i]); err != nil {
			return err
		}
	}
	p.rules = rules
	return p.side.Settle(ctx, rules)
}

func (p *apintoPeer) url(c loadCase, open bool) (string, error) {
	if c.tls {
		return p.side.Secure + path(open), nil
	}
	return p.side.Node.URL + path(open), nil
}

func (p *apintoPeer) root() int { return p.side.Node.Master() }

func (p *apintoPeer) close() error { return p.side.Close() }
