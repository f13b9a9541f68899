package main

import (
	"context"
	"fmt"
	"time"

	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/upstream"
)

// demo is a running gateway with an upstream behind it.
type demo struct {
	node     *gateway.Node
	upstream *upstream.Server
	log      gateway.AccessLog
	worker   int // the process that all requests have to leave alive
	sent     int
}

func accessLog(node *gateway.Node) gateway.AccessLog {
	return gateway.AccessLog{
		Name: "demo", Dir: node.AccessLogDir(),
		Fields: []string{"$request_uri as uri", "$ctx_application as application", "$ctx_token as user", "$ctx_jwt_result as reason"},
	}
}

// documentedApp returns the documentation's example: issuer apinto, secret apinto,
// user John Doe by $.name.
func documentedApp(name, position, tokenName, secret string, claims ...string) gateway.App {
	return gateway.JWTApp(name, gateway.Auth{
		Position: position, TokenName: tokenName,
		Config: gateway.Rule{
			"algorithm": "HS256", "secret": secret, "iss": "apinto", "path": "$.name",
			"claims_to_verify": append([]string{}, claims...),
		},
		Users: []gateway.User{{Name: "John Doe", HideCredential: true}},
	})
}

// strictApp verifies the expiry, which the others leave alone: the documented
// token expired in 2024.
func strictApp(secret string) gateway.App {
	return documentedApp("strict", "header", "X-Strict", secret, "exp")
}

// configure creates the applications and waits until the last one is served.
func (d *demo) configure(ctx context.Context) error {
	if err := d.node.Front(ctx, d.upstream.Address(), d.log); err != nil {
		return err
	}
	for _, app := range []gateway.App{
		documentedApp("header", "header", "Authorization", documentedSecret),
		documentedApp("query", "query", "jwt", documentedSecret),
		documentedApp("form", "body", "token", documentedSecret),
		documentedApp("json", "body", "$.auth.token", documentedSecret),
		strictApp(documentedSecret),
	} {
		if err := d.node.Create(ctx, app); err != nil {
			return err
		}
	}
	err := d.await(ctx, request{header: "X-Strict", token: signed(documentedSecret, "apinto", "John Doe", time.Now().Add(time.Hour))}, 200)
	d.worker = d.node.Worker()
	return err
}

// await sends a request until it is answered with this status: a change takes
// a moment to reach the worker.
func (d *demo) await(ctx context.Context, r request, status int) error {
	deadline := time.Now().Add(5 * time.Second)
	for {
		got, err := d.send(ctx, r)
		if err != nil || got.status == status {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the gateway answers %d, want %d", got.status, status)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
