package rig

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// Converse is Exchange for connections that the gateway may reset.
func Converse(t *testing.T, e *Env, text string) (answers []byte, reset bool) {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(e.Node.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = fmt.Fprint(connection, text)
	_ = connection.(*net.TCPConn).CloseWrite()
	answers, err = io.ReadAll(connection)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("still open after 5 s: %.200q", text)
	}
	return answers, err != nil
}

// Rawly writes bytes to the gateway and reads one answer.
func (e *Filter) Rawly(t *testing.T, text string) (status int, body string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(e.Node.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(15 * time.Second)); err != nil {
		t.Fatal(err)
	}
	NoteSent(text)
	go func() { _, _ = io.WriteString(conn, text) }() // the gateway may close before all is read
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
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

// Exchange writes the bytes to a connection of the gateway's and reads until the gateway closes it.
func Exchange(t *testing.T, e *Env, text string) []byte {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(e.Node.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprint(connection, text); err != nil {
		t.Fatal(err)
	}
	if tcp, ok := connection.(*net.TCPConn); ok { // a body that is waited for ends here
		_ = tcp.CloseWrite()
	}
	answers, err := io.ReadAll(connection)
	if err != nil && len(answers) == 0 {
		t.Fatal(err)
	}
	return answers
}
