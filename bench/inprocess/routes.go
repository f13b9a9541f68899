package inprocess

import (
	"apinto-jwt/bench/gate"
	"apinto-jwt/bench/timing"
)

// The contenders that are routes with a filter. They ask the same of a token.
const (
	Plain    = "audience and scope"
	Resource = "resource and scope"
	MCP      = "resource, scope and mcp"
)

// Routes measures the filter with a POST of 1 KiB, whose body lies in memory and whose token has been seen: on a route that
// asks for an audience and a scope, on one that is a protected resource, and on that of an MCP server, where the message is
// judged too.
func Routes(o timing.Options) timing.Results {
	rules := gate.Rules(1, false)
	texts := make([]string, gate.Size)
	for i := range texts {
		texts[i] = rules[0].New()
	}
	routes := gate.NewRoutes(
		rules, `{"audience":["https://api.example"],"scopes":["orders:read"]}`, `{"resource":"https://api.example","scopes":["orders:read"]}`,
		`{"resource":"https://api.example","scopes":["orders:read"],"mcp":{"tools":{"get_*":["orders:write"]}}}`,
	)
	return timing.Compare(o, []timing.Contender{
		route(Plain, routes[0], texts), route(Resource, routes[1], texts), route(MCP, routes[2], texts),
	})
}

// route returns a contender that gets messages.
func route(name string, p *gate.Plugin, texts []string) timing.Contender {
	ring := &gate.Ring{Text: gate.Message}
	return timing.Contender{
		Name: name, Batch: gate.Size,
		Prepare: func() {
			p.Use()
			ring.Fill(each(texts))
			p.Serve(ring.At(gate.Size))
		},
		Run: func() {
			for i := range gate.Size {
				if !p.Serve(ring.At(i)) {
					panic("inprocess: a message is refused: " + name)
				}
			}
		},
	}
}
