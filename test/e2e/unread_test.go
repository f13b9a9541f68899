package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
)

// The host's server drops the first 8 KiB of a body that nobody has read, and would take what follows for the next
// request of the connection. One that is refused must therefore be the last: what hides in its body never arrives.
func TestNothingHidesInARefusedBody(t *testing.T) {
	e := shared.get(t)
	e.add(t, hostileApp())
	forged := jwttest.Sign(t, "HS256", "a secret of somebody else's", object{"typ": "JWT"}, claims{"iss": "us", "sub": "ann"})
	for _, body := range []struct{ name, head, before string }{
		{"text", "Content-Type: text/plain\r\nContent-Length: 60000\r\n", strings.Repeat("x", 8<<10)},
		{"form", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n", strings.Repeat("x", 8<<10)},
		{"form beyond the limit", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000000\r\n", strings.Repeat("x", 8<<10)},
		{"chunks", "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n", ""},
	} {
		for kind, header := range map[string]string{"no token": "", "a forged one": "X-Hostile: " + forged + "\r\n"} {
			t.Run(body.name+", "+kind, func(t *testing.T) {
				hidden := newPath("/hidden/")
				answers := exchange(t, e, "POST "+newPath("/unread/")+" HTTP/1.1\r\nHost: gateway.test\r\n"+header+body.head+"\r\n"+body.before+
					"GET "+hidden+" HTTP/1.1\r\nHost: gateway.test\r\nAuthorization: Bearer "+anchorToken(t)+"\r\n\r\n")
				if n := bytes.Count(answers, []byte("HTTP/1.1 ")); n != 1 || !bytes.HasPrefix(answers, []byte("HTTP/1.1 401")) {
					t.Errorf("%d answers:\n%s", n, answers)
				}
				if len(e.upstream.Seen(hidden)) > 0 {
					t.Error("the request in the body has arrived")
				}
			})
		}
	}
}

// exchange writes the bytes to a connection of the gateway's and reads until the gateway closes it.
func exchange(t *testing.T, e *env, text string) []byte {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(e.node.URL, "http://"))
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
