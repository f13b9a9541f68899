package hosthttp

import (
	"bufio"
	"net/http"
	"testing"

	http_context "github.com/eolinker/apinto/node/http-context"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/jwttest/host"
)

// The client has the head of a stream before there is a body.
func TestFlushHead(t *testing.T) {
	next := make(chan struct{})
	conn := host.Serve(t, func(ctx http_service.IHttpContext) {
		FlushHead(ctx)
		ctx.Response().(*http_context.Response).SetBodyStreamWriter(func(w *bufio.Writer) {
			<-next
			_, _ = w.WriteString("data: 1\n\n")
		})
	})()
	if _, err := conn.Write([]byte("GET / HTTP/1.1\r\nHost: h\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	close(next)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(response, err)
	}
	if err := response.Body.Close(); err != nil {
		t.Error(err)
	}
}
