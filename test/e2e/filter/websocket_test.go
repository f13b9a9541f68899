package filter

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// Websockets are judged as requests are: two tokens, odd names and credentials of other kinds.
func TestWebsocketRefusals(t *testing.T) {
	e := rig.SharedFilter(t)
	socket := rig.WithFilter("a-socket", map[string]any{}, true)
	socket.Websocket = true
	e.MustPut(t, socket)
	good, forged := rig.FilterToken(t, "shop", nil), rig.FilterToken(t, "nobody", nil)
	upgrade := "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	e.Settles(t, "a-socket", rig.Call{}, "401 token_missing")
	for name, test := range map[string]struct {
		headers string
		want    int
	}{
		"none": {"", 401}, "forged": {"Authorization: Bearer " + forged + "\r\n", 401},
		"two tokens":     {"Authorization: Bearer " + good + "\r\nAuthorization: Bearer " + forged + "\r\n", 400},
		"blank":          {"Authorization: Bearer " + good + "\r\nX-Role : a\r\n", 400},
		"tab":            {"Authorization: Bearer " + good + "\r\nX-Role\t: a\r\n", 400},
		"key":            {"Authorization: key-17\r\n", 401},
		"only a blank":   {"Authorization : Bearer " + good + "\r\n", 400},
		"blank, upgrade": {"Authorization: Bearer " + good + "\r\nUpgrade : websocket\r\n", 400},
	} {
		path := rig.NewPath("/a-socket/")
		answers, _ := e.Converse(t, "GET "+path+" HTTP/1.1\r\nHost: h\r\n"+upgrade+test.headers+"\r\n")
		if got := fmt.Sprintf("%.12s", answers); got != fmt.Sprint("HTTP/1.1 ", test.want) {
			t.Errorf("%s: %.300q, want %d", name, answers, test.want)
		}
		if len(e.Upstream.Seen(path)) > 0 {
			t.Errorf("%s: it reached the upstream", name)
		}
	}
}

// sockets is an upstream that answers each websocket's first frame with the user whom the handshake named (RFC 6455).
func sockets(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, stream, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		digest := sha1.Sum([]byte(r.Header.Get("Sec-Websocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
		fmt.Fprintf(stream, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
			base64.StdEncoding.EncodeToString(digest[:]))
		if err := stream.Flush(); err != nil {
			return
		}
		if _, err := io.ReadFull(stream, make([]byte, 2+4+4)); err != nil { // a masked frame of 4 bytes
			return
		}
		var users []string
		for name, values := range r.Header {
			if strings.EqualFold(strings.NewReplacer("_", "", "-", "").Replace(name), "xuser") {
				users = append(users, values...)
			}
		}
		text := strings.Join(users, "|")
		_, _ = stream.Write(append([]byte{0x81, byte(len(text))}, text...))
		_ = stream.Flush()
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func TestFilterWebsocket(t *testing.T) {
	e := rig.SharedFilter(t)
	service := gateway.Service{Name: "sockets", Nodes: []string{sockets(t)}}
	must.Succeed(t, e.Node.Create(t.Context(), service))
	config := map[string]any{"scopes": []string{"read"}, "claims_to_headers": map[string]any{"sub": "X-User"}}
	for name, alone := range map[string]bool{"f-socket": false, "f-socket-alone": true} {
		r := rig.WithFilter(name, config, alone)
		r.Websocket = true
		body := r.Body()
		body["service"] = "sockets@service"
		if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/router", body); err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			good := "Authorization: Bearer " + rig.FilterToken(t, "shop", rig.Claims{"scope": "read"}) + "\r\n"
			weak := "Authorization: Bearer " + rig.FilterToken(t, "shop", nil) + "\r\n"
			rig.Within(t, rig.Settle, func() error {
				if status, _ := handshake(t, e, name, ""); status != http.StatusUnauthorized {
					return fmt.Errorf("without a token: status %d, want 401", status)
				}
				return nil
			})
			if status, _ := handshake(t, e, name, weak); status != http.StatusForbidden {
				t.Errorf("without the scope: status %d, want 403", status)
			}
			for _, spoof := range []string{"", "X-User: eve\r\n", "x_user: eve\r\nX_User: eve\r\n"} {
				status, stream := handshake(t, e, name, good+spoof)
				if status != http.StatusSwitchingProtocols {
					t.Fatalf("status %d, want 101", status)
				}
				if got := frame(t, stream); got != "ann" {
					t.Errorf("with %q the upstream sees the user %q", spoof, got)
				}
			}
		})
	}
}

// stream is a websocket's connection.
type stream struct {
	net.Conn
	read *bufio.Reader
}

// handshake asks for a websocket and returns the answer's status.
func handshake(t *testing.T, e *rig.Filter, route, headers string) (int, stream) {
	t.Helper()
	conn := rig.Dial(t, e.Node, 15*time.Second)
	fmt.Fprintf(conn, "GET /%s/ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n", route, headers)
	read := bufio.NewReader(conn)
	response, err := http.ReadResponse(read, nil)
	must.Succeed(t, err)
	return response.StatusCode, stream{conn, read}
}

// frame sends a frame and returns the text of the one that comes back.
func frame(t *testing.T, s stream) string {
	t.Helper()
	if _, err := s.Write([]byte{0x81, 0x84, 0, 0, 0, 0, 'u', 's', 'e', 'r'}); err != nil {
		t.Fatal(err)
	}
	head := make([]byte, 2)
	if _, err := io.ReadFull(s.read, head); err != nil {
		t.Fatal(err)
	}
	text := make([]byte, head[1])
	if _, err := io.ReadFull(s.read, text); err != nil {
		t.Fatal(err)
	}
	return string(text)
}
