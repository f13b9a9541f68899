package attack

import (
	"bytes"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/rig"
)

// The host's server drops the first 8 KiB of a body that nobody has read, and would take what follows for the next
// request of the connection. One that is refused must therefore be the last: what hides in its body never arrives.
func TestNothingHidesInARefusedBody(t *testing.T) {
	e := rig.Shared(t)
	e.Add(t, hostileApp())
	forged := jwttest.Sign(t, "HS256", "a secret of somebody else's", rig.Object{"typ": "JWT"}, rig.Claims{"iss": "us", "sub": "ann"})
	for _, body := range []struct{ name, head, before string }{
		{"text", "Content-Type: text/plain\r\nContent-Length: 60000\r\n", strings.Repeat("x", 8<<10)},
		{"form", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n", strings.Repeat("x", 8<<10)},
		{"form beyond the limit", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000000\r\n", strings.Repeat("x", 8<<10)},
		{"chunks", "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n", ""},
	} {
		for kind, header := range map[string]string{"no token": "", "a forged one": "X-Hostile: " + forged + "\r\n"} {
			t.Run(body.name+", "+kind, func(t *testing.T) {
				hidden := rig.NewPath("/hidden/")
				answers := e.Exchange(t, "POST "+rig.NewPath("/unread/")+" HTTP/1.1\r\nHost: gateway.test\r\n"+header+body.head+"\r\n"+body.before+
					"GET "+hidden+" HTTP/1.1\r\nHost: gateway.test\r\nAuthorization: Bearer "+rig.AnchorToken(t)+"\r\n\r\n")
				if n := bytes.Count(answers, []byte("HTTP/1.1 ")); n != 1 || !bytes.HasPrefix(answers, []byte("HTTP/1.1 401")) {
					t.Errorf("%d answers:\n%s", n, answers)
				}
				if len(e.Upstream.Seen(hidden)) > 0 {
					t.Error("the request in the body has arrived")
				}
			})
		}
	}
}
