package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	fasthttpclient "github.com/eolinker/apinto/node/fasthttp-client"
	"github.com/valyala/fasthttp"
)

// The parts of a stream that outlasts the timeout, and the time between two.
const (
	streamParts = 10
	streamLimit = 2 * time.Second
	streamPause = streamLimit / 5
)

// TestStreamTimeout holds that a stream whose parts come in time is read to its end, and that a silent one is not.
func TestStreamTimeout(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		for n := range streamParts {
			fmt.Fprintf(w, "data: %d\n\n", n)
			w.(http.Flusher).Flush()
			pause := time.After(streamPause)
			if r.URL.Path == "/silent" {
				pause = nil
			}
			select {
			case <-pause:
			case <-r.Context().Done():
				return
			}
		}
	}))
	defer server.Close()
	client := fasthttpclient.NewClient()
	for _, test := range []struct {
		uri   string
		whole bool
	}{
		{"/?type=text/event-stream%3Bcharset=utf-8", onEditedHost()}, {"/?type=text/plain", false}, {"/silent?type=text/event-stream", false},
	} {
		request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		request.SetRequestURI(test.uri)
		request.SetHost(server.Listener.Addr().String())
		if err := client.ProxyTimeout(server.URL, server.Listener.Addr().String(), request, response, streamLimit); err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.BodyStream())
		if parts := strings.Count(string(body), "data: "); (err == nil) != test.whole || (parts == streamParts) != test.whole {
			t.Errorf("%s: %d parts, %v; the whole is wanted: %t", test.uri, parts, err, test.whole)
		}
		response.SetConnectionClose() // as the host does behind a stream
		if err := response.CloseBodyStream(); err != nil {
			t.Error(err)
		}
	}
}
