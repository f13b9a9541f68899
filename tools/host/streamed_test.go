package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	httpcontext "github.com/eolinker/apinto/node/http-context"
	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
)

// upstreamNode is the node of an upstream.
type upstreamNode struct {
	eocontext.INode
	address string
}

func (n upstreamNode) Addr() string { return n.address }

func (upstreamNode) Down() {}

// TestStreamedBody holds that who writes a streamed answer has no part in whether the response is one: on the host as it comes a
// piece that is written before the response has its stream, or while it gets it, ends the stream. Here the response has none
// for as long as the piece is written, which otherwise is a matter of nanoseconds.
func TestStreamedBody(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "upstream")
		w.(http.Flusher).Flush() // in chunks, without a length
	}))
	defer upstream.Close()
	client := received(t, "GET / HTTP/1.1\nHost: example.com")
	ctx := httpcontext.NewContext(client, 80)
	read, write := make(chan struct{}), make(chan struct{})
	ctx.Proxy().AppendStreamBodyHandle(func(_ http_service.IHttpContext, piece []byte) ([]byte, error) {
		close(read)
		<-write
		return piece, nil
	})
	if err := ctx.SendTo("http", upstreamNode{address: strings.TrimPrefix(upstream.URL, "http://")}, time.Second); err != nil {
		t.Fatal(err)
	}
	<-read
	client.Response.Header.SetContentLength(0)
	close(write)
	body, _ := io.ReadAll(client.Response.BodyStream())
	if got := string(body); (got == "upstream") != onEditedHost() {
		t.Errorf("the body of the answer (on the edited host: %t): %q", onEditedHost(), got)
	}
}
