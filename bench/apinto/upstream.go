package apinto

import (
	"fmt"
	"net"

	"github.com/valyala/fasthttp"
)

// Upstream answers every request at once with a few bytes, so that the gateway's cost is seen.
type Upstream struct {
	server   *fasthttp.Server
	listener net.Listener
}

// StartUpstream listens on a free port of loopback.
func StartUpstream() (*Upstream, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("upstream: %w", err)
	}
	u := &Upstream{listener: listener, server: &fasthttp.Server{
		Handler: func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString("upstream\n") },
		// The load is as much as the machine can take, from as many connections as there are.
		NoDefaultDate: true, NoDefaultServerHeader: true,
	}}
	go func() { _ = u.server.Serve(listener) }() // ends with close
	return u, nil
}

// Address returns host:port.
func (u *Upstream) Address() string { return u.listener.Addr().String() }

// Close ends it.
func (u *Upstream) Close() error { return u.server.Shutdown() }
