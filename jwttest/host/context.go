// Package host makes real request contexts of the gateway for tests, and the part of the gateway that knows
// applications, without a gateway.
package host

import (
	"bufio"
	"net"
	"strings"
	"testing"

	http_context "github.com/eolinker/apinto/node/http-context"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"
)

// maxBody is the longest body that the gateway takes.
const maxBody = 100 << 20

// Context returns the gateway's own context of the request that is given as HTTP/1.1 text, lines ended by "\n" or "\r\n".
// A body gets its Content-Length if the text has neither that nor a Transfer-Encoding. It is read as the gateway's server reads it: as a stream, a
// multipart one too.
func Context(t testing.TB, text string) http_service.IHttpContext {
	t.Helper()
	ctx := new(fasthttp.RequestCtx)
	ctx.Init(new(fasthttp.Request), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 40000}, nil)
	reader := bufio.NewReaderSize(strings.NewReader(wire(text)), len(text)+4096)
	err := ctx.Request.Header.Read(reader)
	if err == nil {
		err = ctx.Request.ContinueReadBodyStream(reader, maxBody, false)
	}
	if err != nil {
		t.Fatalf("the test's request cannot be read: %v\n%s", err, text)
	}
	return http_context.NewContext(ctx, 8080)
}

// Get returns the context of a GET request with the headers, each "Name: value".
func Get(t testing.TB, uri string, headers ...string) http_service.IHttpContext {
	t.Helper()
	return Context(t, "GET "+uri+" HTTP/1.1\nHost: gateway.test\n"+lines(headers)+"\n")
}

// Post returns the context of a POST request with a body.
func Post(t testing.TB, uri, contentType, body string, headers ...string) http_service.IHttpContext {
	t.Helper()
	return Context(t, "POST "+uri+" HTTP/1.1\nHost: gateway.test\nContent-Type: "+contentType+"\n"+lines(headers)+"\n"+body)
}

// lines puts each header on a line of its own.
func lines(headers []string) string {
	var b strings.Builder
	for _, header := range headers {
		b.WriteString(header + "\n")
	}
	return b.String()
}
