package host

import (
	"net"
	"testing"

	http_context "github.com/eolinker/apinto/node/http-context"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"
)

// Serve runs handler behind an HTTP server with the gateway's options, and gives connections to it. They go through
// memory, so a request may be written in any pieces.
func Serve(t testing.TB, handler func(http_service.IHttpContext)) (dial func() net.Conn) {
	t.Helper()
	listener := fasthttputil.NewInmemoryListener()
	server := &fasthttp.Server{
		StreamRequestBody:            true,
		DisablePreParseMultipartForm: true,
		MaxRequestBodySize:           maxBody,
		ReadBufferSize:               16 << 10,
		Handler: func(ctx *fasthttp.RequestCtx) {
			c := http_context.NewContext(ctx, 8080)
			handler(c)
			c.FastFinish()
		},
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = listener.Close()
		if err := <-done; err != nil {
			t.Errorf("the server: %v", err)
		}
	})
	return func() net.Conn {
		conn, err := listener.Dial()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	}
}
