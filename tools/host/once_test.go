package main

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	fasthttpclient "github.com/eolinker/apinto/node/fasthttp-client"
	"github.com/valyala/fasthttp"
)

// TestCalledOnce holds that a request which is not idempotent reaches an upstream once, whatever becomes of the connection,
// and is not lost if the upstream has closed a connection that was idle.
func TestCalledOnce(t *testing.T) {
	var got atomic.Int64
	answers := func(n int) string { // the first so many requests of a connection are answered, the next is not
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				go func() {
					defer conn.Close()
					requests := bufio.NewReader(conn)
					for i := range n + 1 {
						if i == n && n == 1 {
							return // it closes an idle connection
						}
						request, err := http.ReadRequest(requests)
						if err != nil {
							return
						}
						_ = request.Body.Close()
						got.Add(1)
						if i < n {
							_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
						}
					}
				}()
			}
		}()
		return listener.Addr().String()
	}
	client := fasthttpclient.NewClient()
	send := func(method, addr string) error {
		request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		method, streamed := strings.CutSuffix(method, ", streamed")
		request.Header.SetMethod(method)
		request.SetRequestURI("/")
		request.SetHost(addr)
		switch {
		case streamed:
			request.SetBodyStream(strings.NewReader("{}"), -1)
		case method == "POST":
			request.SetBodyString("{}")
		}
		err := client.ProxyTimeout("http://"+addr, addr, request, response, 2*time.Second)
		_ = response.Body() // then the connection is idle
		return err
	}
	for _, test := range []struct {
		name, method  string
		answered      int   // requests of a connection that are answered
		stock, edited int64 // requests that reach the upstream
	}{
		{"closed without an answer", "POST", 0, 3, 1}, {"GET, closed without an answer", "GET", 0, 3, 3}, {"closed while it is used again", "POST", 2, 4, 3},
	} {
		addr := answers(test.answered)
		got.Store(0)
		for range test.answered {
			if err := send(test.method, addr); err != nil {
				t.Fatalf("%s: %v", test.name, err)
			}
		}
		err := send(test.method, addr)
		want := test.stock
		if onEditedHost() {
			want = test.edited
		}
		if n := got.Load(); n != want || err == nil && onEditedHost() {
			t.Errorf("%s: %d requests, want %d: %v", test.name, n, want, err)
		}
	}
	addr := answers(1)
	if err := send("POST", addr); err != nil {
		t.Fatal(err)
	}
	time.Sleep(20 * time.Millisecond)
	got.Store(0)
	if err := send("POST, streamed", addr); got.Load() != 0 || err == nil { // the stream cannot be read twice
		t.Errorf("a streamed request on a connection that was closed: %d requests, %v", got.Load(), err)
	}
	for range 5 { // each finds the last one's connection closed
		if err := send("POST", addr); err != nil {
			t.Errorf("an idle connection that was closed: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
