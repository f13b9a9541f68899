package attack

import (
	"fmt"
	"testing"

	"apinto-jwt/test/e2e/rig"
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

// Both lengths in one request: nothing behind it is a request. If no plugin of ours looks, that is so on the edited host.
func TestBothLengths(t *testing.T) {
	e := rig.SharedFilter(t)
	paths := hidingPlaces(t, e)
	if rig.Edited(t, e.Node) {
		paths = append(paths, "/open/both")
	}
	for _, path := range paths {
		for _, method := range []string{"POST", "GET"} {
			for name := range bothLengths("") {
				hidesNothing(t, e.Env, method, path, name, bothLengths)
			}
		}
	}
}
