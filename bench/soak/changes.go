package soak

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"apinto-jwt/bench/apinto"
	"apinto-jwt/bench/gate"
)

// changes counts the changes of rules while requests are under way.
type changes struct {
	made   int
	failed int
	first  error // the first failure
}

// every is the time between two changes.
const every = time.Second

// run changes the rule of one application after the other, and adds and removes one that nobody asks for, until the context ends. Tokens
// stay valid: it is the leeway that changes.
func (c *changes) run(ctx context.Context, side *apinto.Side, rules []gate.Rule) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := change(context.WithoutCancel(ctx), side, rules, n)
		if err == nil {
			c.made++
			continue
		}
		c.failed++
		if c.first == nil {
			c.first = err
		}
	}
}

// extra is an application that comes and goes.
const extra = "comes-and-goes"

// change makes the n-th change.
func change(ctx context.Context, side *apinto.Side, rules []gate.Rule, n int) error {
	var err error
	switch n % 10 {
	case 8:
		rule := gate.Rules(1, false)[0]
		rule.App, rule.Claims.Issuer, rule.Claims.User = extra, "https://comes-and-goes.example", extra
		_, err = side.Node.Call(ctx, http.MethodPost, "/api/app", side.App(rule))
	case 9:
		_, err = side.Node.Call(ctx, http.MethodDelete, "/api/app/"+extra, nil)
	default:
		rule := rules[n%len(rules)]
		rule.Leeway = 1 + n%60
		err = side.Become(ctx, rule)
	}
	if err != nil {
		return fmt.Errorf("change %d: %w", n, err)
	}
	return nil
}
