package rig

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"apinto-jwt/test/e2e/gateway"
)

// Dial connects to the node, for bytes that no client of HTTP sends. The connection has this long, and ends with the test.
func Dial(t *testing.T, node *gateway.Node, limit time.Duration) *net.TCPConn {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(node.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	if err := connection.SetDeadline(time.Now().Add(limit)); err != nil {
		t.Fatal(err)
	}
	return connection.(*net.TCPConn)
}

// Converse writes the bytes to a connection of the gateway's and reads until the gateway closes or resets it.
func (e *Env) Converse(t *testing.T, text string) (answers []byte, reset bool) {
	t.Helper()
	connection := Dial(t, e.Node, 10*time.Second)
	defer connection.Close()
	_, _ = io.WriteString(connection, text)
	_ = connection.CloseWrite() // a body that is waited for ends here
	answers, err := io.ReadAll(connection)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("still open after 10 s: %.200q", text)
	}
	return answers, err != nil
}

// Exchange is Converse that must have an answer.
func (e *Env) Exchange(t *testing.T, text string) []byte {
	t.Helper()
	answers, reset := e.Converse(t, text)
	if reset && len(answers) == 0 {
		t.Fatalf("no answer: %.200q", text)
	}
	return answers
}

// Ask writes the bytes to a connection of the gateway's and reads one answer.
func (e *Env) Ask(t *testing.T, text string) (status int, body string) {
	t.Helper()
	connection := Dial(t, e.Node, 15*time.Second)
	NoteSent(text)
	go func() { _, _ = io.WriteString(connection, text) }() // the gateway may close before all is read
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(response.Body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	NoteRefusal(response, content)
	return response.StatusCode, string(content)
}
