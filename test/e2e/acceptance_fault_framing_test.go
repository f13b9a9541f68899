package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// bothLengths have Content-Length and Transfer-Encoding. Whoever stands before the gateway may have counted by the other
// one: RFC 9112 §6.1 wants the connection closed behind the answer, and what follows is not taken for a request.
func bothLengths(hidden string) map[string]string {
	zero := "0\r\n\r\n" + hidden
	return map[string]string{
		"both lengths":        fmt.Sprintf("Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n", len(zero)) + zero,
		"both, chunked first": fmt.Sprintf("Transfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n", len(zero)) + zero,
		"a coding with tab":   fmt.Sprintf("Transfer-Encoding:\tchunked\r\nContent-Length: %d\r\n\r\n", len(zero)) + zero,
	}
}

// Both lengths in one request: nothing behind it is a request.
func TestAcceptanceFaultBothLengths(t *testing.T) {
	e := sharedFilterEnv(t)
	for _, path := range append(hidingPlaces(t, e), "/open/x") {
		for _, method := range []string{"POST", "GET"} {
			for name := range bothLengths("") {
				e.hidesNothing(t, method, path, name, bothLengths)
			}
		}
	}
}

// A trailer that the host forbids is answered with what stands behind it in the connection, another one's token included.
func TestAcceptanceFaultTrailerShowsNextRequest(t *testing.T) {
	e := sharedFilterEnv(t)
	e.mustPut(t, withFilter("a-leak", map[string]any{}, true))
	good := filterToken(t, "shop", nil)
	e.settles(t, "a-leak", bearer(good), "upstream")
	for _, trailer := range []string{"Authorization: x", "Content-Length: 3", "Host: x"} {
		text := "POST " + newPath("/a-leak/") + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + good +
			"\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n" + trailer + "\r\n\r\n" +
			"GET " + newPath("/a-leak/") + " HTTP/1.1\r\nHost: h\r\nCookie: secret-of-another-user\r\n\r\n"
		answers, _ := converse(t, e.env, text)
		if strings.Contains(string(answers), "secret-of-another-user") {
			t.Errorf("%s: the answer shows the next request: %.600q", trailer, answers)
		}
	}
}
