package main

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http/httptest"
	"testing"
	"time"

	httpcontext "github.com/eolinker/apinto/node/http-context"
)

// atOnce is a connection that gathers what is written, and sends it when it is closed.
type atOnce struct {
	net.Conn
	gathers bool
	text    bytes.Buffer
}

// Write implements net.Conn.
func (c *atOnce) Write(b []byte) (int, error) {
	if c.gathers {
		return c.text.Write(b)
	}
	return c.Conn.Write(b)
}

// Close implements net.Conn.
func (c *atOnce) Close() error {
	_ = c.SetWriteDeadline(time.Time{}) // TLS has set one that has passed
	_, _ = c.Conn.Write(c.text.Bytes())
	return c.Conn.Close()
}

// TestLastPiece holds that an answer without a length is whole, though its last piece comes together with the end of the connection, as TLS
// tells it.
func TestLastPiece(t *testing.T) {
	certified := httptest.NewUnstartedServer(nil)
	certified.StartTLS()
	defer certified.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		config := certified.TLS.Clone()
		config.MaxVersion = tls.VersionTLS12 // later versions do not show that a record is the end
		raw := &atOnce{Conn: conn}
		secured := tls.Server(raw, config)
		_, _ = secured.Read(make([]byte, 4096))
		_, _ = io.WriteString(secured, "HTTP/1.0 200 OK\r\n\r\nfirst ")
		time.Sleep(50 * time.Millisecond)
		raw.gathers = true
		_, _ = io.WriteString(secured, "last")
		_ = secured.Close()
	}()
	client := received(t, "GET / HTTP/1.1\nHost: example.com")
	ctx := httpcontext.NewContext(client, 80)
	if err := ctx.SendTo("https", upstreamNode{address: listener.Addr().String()}, 2*time.Second); err != nil {
		t.Fatal(err)
	}
	want := "first "
	if onEditedHost() {
		want += "last"
	}
	if body, err := io.ReadAll(client.Response.BodyStream()); string(body) != want || err != nil {
		t.Errorf("got %q, want %q: %v", body, want, err)
	}
}
