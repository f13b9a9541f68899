package attack

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// rawUpstream answers HTTP and keeps the very bytes of each request.
type rawUpstream struct {
	listener net.Listener

	mu    sync.Mutex
	texts []string // since the last take
	count int
}

func startRawUpstream(t *testing.T) *rawUpstream {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u := &rawUpstream{listener: listener}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go u.serve(connection)
		}
	}()
	return u
}

func (u *rawUpstream) address() string { return u.listener.Addr().String() }

// serve answers one connection's requests.
func (u *rawUpstream) serve(connection net.Conn) {
	defer connection.Close()
	var read bytes.Buffer
	reader := bufio.NewReader(io.TeeReader(connection, &read))
	for {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, request.Body); err != nil {
			return
		}
		u.keep(read.String())
		read.Reset()
		if _, err := io.WriteString(connection, rawAnswer(request)); err != nil {
			return
		}
	}
}

// rawAnswer is what the request's query asks for.
func rawAnswer(request *http.Request) string {
	query := request.URL.RawQuery
	switch body := "upstream"; {
	case strings.Contains(query, "status=204"):
		return "HTTP/1.1 204 No Content\r\nX-Upstream: yes\r\n\r\n"
	case strings.Contains(query, "status=500"):
		return "HTTP/1.1 500 Oh\r\nContent-Length: 8\r\nX-Upstream: yes\r\n\r\n" + unlessHead(request, body)
	case strings.Contains(query, "chunked=1"):
		return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n" +
			unlessHead(request, "3\r\nups\r\n5\r\ntream\r\n0\r\n\r\n")
	case strings.Contains(query, "big=1"):
		body = strings.Repeat("upstream", 5000)
		fallthrough
	default:
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Type: text/plain\r\nServer: up\r\nX-Upstream: yes\r\n\r\n%s",
			len(body), unlessHead(request, body))
	}
}

func unlessHead(request *http.Request, body string) string {
	if request.Method == http.MethodHead {
		return ""
	}
	return body
}

func (u *rawUpstream) keep(text string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.texts = append(u.texts, text)
	u.count++
}

// take returns what has been read since the last call.
func (u *rawUpstream) take() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	texts := u.texts
	u.texts = nil
	return texts
}

// forget begins to count anew.
func (u *rawUpstream) forget() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.texts, u.count = nil, 0
}

func (u *rawUpstream) total() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.count
}
