package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The upstream believes a header that carries a claim; a client cannot send it one.
func TestFilterSpoofedHeaders(t *testing.T) {
	e := sharedFilterEnv(t)
	owned := map[string]any{
		"required": false, "claims_to_headers": map[string]any{"sub": "X-User", "nothing": "X-Nothing"}, "forward_payload": "X-Payload",
	}
	e.mustPut(t, withFilter("f-spoof", owned, true))
	e.settles(t, "f-spoof", call{}, "upstream")
	token := filterToken(t, "shop", nil)
	spoofs := map[string]string{
		"as it is":        "X-User: eve\r\n",
		"small letters":   "x-user: eve\r\n",
		"capital letters": "X-USER: eve\r\n",
		"underscore":      "X_User: eve\r\nx_USER: eve\r\n",
		"dot":             "X.User: eve\r\n",
		"repeated":        "X-User: eve\r\nX-User: eve\r\nx-user: eve\r\n",
		"in Connection":   "X-User: eve\r\nConnection: keep-alive, X-User\r\n",
		"in Trailer":      "X-User: eve\r\nTrailer: X-User\r\n",
		"claim not there": "X-Nothing: eve\r\nx_nothing: eve\r\n",
		"payload":         "X-Payload: eve\r\nX_Payload: eve\r\n",
	}
	for name, headers := range spoofs {
		for _, c := range []struct{ kind, credential, user string }{
			{"with a token", "Authorization: Bearer " + token + "\r\n", "ann"}, {"without a token", "", ""},
		} {
			t.Run(name+" "+c.kind, func(t *testing.T) {
				path := newPath("/f-spoof/")
				status, body := e.rawly(t, "GET "+path+" HTTP/1.1\r\nHost: h\r\nX-Kept: yes\r\n"+headers+c.credential+"\r\n")
				if status != http.StatusOK {
					t.Fatalf("status %d: %s", status, body)
				}
				got := e.seenOnce(t, path)
				if text := got.Text(); strings.Contains(text, "eve") {
					t.Errorf("the upstream gets\n%s", text)
				}
				equal(t, strings.Join(got.Header.Values("X-User"), "|"), c.user)
				equal(t, got.Header.Get("X-Kept"), "yes")
				equal(t, fmt.Sprint(got.Header.Get("X-Payload") != ""), fmt.Sprint(c.user != ""))
			})
		}
	}
}

// Fields behind a chunked body are no headers, though the host makes them such when the body is read.
func TestFilterTrailers(t *testing.T) {
	e := sharedFilterEnv(t)
	e.mustPut(t, withFilter("f-trailer", map[string]any{"required": false, "claims_to_headers": map[string]any{"sub": "X-User"}}, true))
	e.settles(t, "f-trailer", call{}, "upstream")
	for name, c := range map[string]struct{ body, user string }{
		"token in the body":    {"token=" + filterToken(t, "form", nil), "ann"},
		"no token in the body": {"token=", ""},
	} {
		for _, announced := range []string{"", "Trailer: X-User\r\n"} {
			t.Run(name+announced, func(t *testing.T) {
				path := newPath("/f-trailer/")
				status, body := e.rawly(t, "POST "+path+" HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
					"Transfer-Encoding: chunked\r\n"+announced+"\r\n"+fmt.Sprintf("%x\r\n%s\r\n", len(c.body), c.body)+"0\r\nX-User: eve\r\nx_user: eve\r\n\r\n")
				if status != http.StatusOK {
					t.Fatalf("status %d: %s", status, body)
				}
				got := e.seenOnce(t, path)
				if text := got.Text(); strings.Contains(text, "eve") {
					t.Errorf("the upstream gets\n%s", text)
				}
				equal(t, strings.Join(got.Header.Values("X-User"), "|"), c.user)
			})
		}
	}
}

// A refused request's body is no hiding place for another request.
func TestFilterSmuggledRequest(t *testing.T) {
	e := sharedFilterEnv(t)
	e.mustPut(t, withFilter("f-refuse", map[string]any{}, true))
	e.mustPut(t, route{name: "f-open", plugins: map[string]any{"app": switchedOff()}})
	e.settles(t, "f-refuse", call{}, "401 token_missing")
	e.settles(t, "f-open", call{}, "upstream")
	for _, size := range []int{8 << 10, 200 << 10, 300 << 10} { // the host reads 8 KiB ahead
		path := newPath("/f-open/smuggled")
		body := strings.Repeat("x", size) + "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n"
		status, _ := e.rawly(t, fmt.Sprintf("POST /f-refuse/x HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
		if status != http.StatusUnauthorized {
			t.Errorf("status %d", status)
		}
		time.Sleep(200 * time.Millisecond)
		if seen := e.upstream.Seen(path); len(seen) != 0 {
			t.Errorf("%d bytes: the upstream got a request out of a refused one's body", size)
		}
	}
}

// What claims become, as the upstream sees it.
func TestFilterClaimsToHeaders(t *testing.T) {
	e := sharedFilterEnv(t)
	e.mustPut(t, withFilter("f-claims", map[string]any{"claims_to_headers": map[string]any{
		"name": "X-Name", "n": "X-Number", "roles": "X-Roles", "$.deep.er": "X-Deep", "object": "X-Object", "bad": "X-Bad", "none": "X-None",
	}}, false))
	token := filterToken(t, "shop", claims{
		"name": "李雷", "n": 7, "roles": []string{"a", "b,c"}, "deep": claims{"er": true}, "object": claims{"a": 1}, "bad": "a\r\nX-Admin: 1",
	})
	got := e.settles(t, "f-claims", bearer(token), "upstream")
	header := got.seen[0].Header
	for name, want := range map[string]string{
		"X-Name": "李雷", "X-Number": "7", "X-Roles": "a,b%2Cc", "X-Deep": "true", "X-Object": "eyJhIjoxfQ", "X-Bad": "", "X-None": "", "X-Admin": "",
	} {
		equal(t, strings.Join(header.Values(name), "|"), want)
	}
	e.expectLogged(t, got, map[string]string{"jwt_dropped": "X-Bad"})
}
