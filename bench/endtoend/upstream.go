package endtoend

import (
	"fmt"
	"net"

	"github.com/valyala/fasthttp"
)

// upstream answers every request at once with a few bytes: what the gateway costs is to be seen, not what is behind
// it.
type upstream struct {
	server   *fasthttp.Server
	listener net.Listener
}

func startUpstream() (*upstream, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("upstream: %w", err)
	}
	u := &upstream{listener: listener, server: &fasthttp.Server{
		Handler: func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString("upstream\n") },
		// The load is as much as the machine can take, from as many connections as there are.
		NoDefaultDate: true, NoDefaultServerHeader: true,
	}}
	go func() { _ = u.server.Serve(listener) }() // ends with close
	return u, nil
}

// address is host:port.
func (u *upstream) address() string { return u.listener.Addr().String() }

func (u *upstream) close() { _ = u.server.Shutdown() }
