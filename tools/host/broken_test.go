package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	httpcontext "github.com/eolinker/apinto/node/http-context"
)

// TestBrokenStream holds that a streamed answer which breaks off is not whole to the client, and has all that had come.
func TestBrokenStream(t *testing.T) {
	for name, breaks := range map[string]bool{"breaks off": true, "ends": false} {
		upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "a part")
			w.(http.Flusher).Flush() // in chunks, without a length
			if breaks {
				panic(http.ErrAbortHandler)
			}
		}))
		client := received(t, "GET / HTTP/1.1\nHost: example.com")
		ctx := httpcontext.NewContext(client, 80)
		if err := ctx.SendTo("http", upstreamNode{address: strings.TrimPrefix(upstream.URL, "http://")}, time.Second); err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(client.Response.BodyStream())
		if whole := err == nil; string(body) != "a part" && onEditedHost() || whole == (breaks && onEditedHost()) {
			t.Errorf("%s (on the edited host: %t): %q, %v", name, onEditedHost(), body, err)
		}
		upstream.Close()
	}
}
