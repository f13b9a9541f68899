package main

import (
	"crypto/tls"
	"net"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	fasthttpclient "github.com/eolinker/apinto/node/fasthttp-client"
	"github.com/valyala/fasthttp"
)

// oneWrite is a connection that is closed behind the first write.
type oneWrite struct{ net.Conn }

// Write implements net.Conn.
func (c oneWrite) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	_ = c.Close()
	return n, err
}

// TestBrokenHandshake holds that an upstream which ends each connection in the middle of the handshake is given up.
func TestBrokenHandshake(t *testing.T) {
	certified := httptest.NewUnstartedServer(nil)
	certified.StartTLS()
	defer certified.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	var came atomic.Int64
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if came.Add(1) > 100 { // the fault: it is asked again and again
				_ = conn.Close()
				return
			}
			go func() { _ = tls.Server(oneWrite{conn}, certified.TLS).Handshake() }()
		}
	}()
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	request.Header.SetMethod("POST")
	request.SetRequestURI("/")
	request.SetHost("example.com")
	request.SetBodyString("{}")
	addr := listener.Addr().String()
	if err := fasthttpclient.NewClient().ProxyTimeout("https://"+addr, addr, request, response, 2*time.Second); err == nil {
		t.Error("there is an answer")
	}
	if n := came.Load(); n > 3 {
		t.Errorf("%d connections", n)
	}
}
