package filter

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"apinto-jwt/test/e2e/rig"
)

// The upstream believes a header that carries a claim; a client cannot send it one.
func TestFilterSpoofedHeaders(t *testing.T) {
	e := rig.SharedFilter(t)
	owned := map[string]any{
		"required": false, "claims_to_headers": map[string]any{"sub": "X-User", "nothing": "X-Nothing"}, "forward_payload": "X-Payload",
	}
	e.MustPut(t, rig.WithFilter("f-spoof", owned, true))
	e.Settles(t, "f-spoof", rig.Call{}, "upstream")
	token := rig.FilterToken(t, "shop", nil)
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
				path := rig.NewPath("/f-spoof/")
				status, body := e.Ask(t, "GET "+path+" HTTP/1.1\r\nHost: h\r\nX-Kept: yes\r\n"+headers+c.credential+"\r\n")
				if status != http.StatusOK {
					t.Fatalf("status %d: %s", status, body)
				}
				got := e.SeenOnce(t, path)
				if text := got.Text(); strings.Contains(text, "eve") {
					t.Errorf("the upstream gets\n%s", text)
				}
				rig.Equal(t, strings.Join(got.Header.Values("X-User"), "|"), c.user)
				rig.Equal(t, got.Header.Get("X-Kept"), "yes")
				rig.Equal(t, fmt.Sprint(got.Header.Get("X-Payload") != ""), fmt.Sprint(c.user != ""))
			})
		}
	}
}

// Fields behind a chunked body are no headers, though the host makes them such when the body is read.
func TestFilterTrailers(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("f-trailer", map[string]any{"required": false, "claims_to_headers": map[string]any{"sub": "X-User"}}, true))
	e.Settles(t, "f-trailer", rig.Call{}, "upstream")
	for name, c := range map[string]struct{ body, user string }{
		"token in the body":    {"token=" + rig.FilterToken(t, "form", nil), "ann"},
		"no token in the body": {"token=", ""},
	} {
		for _, announced := range []string{"", "Trailer: X-User\r\n"} {
			t.Run(name+announced, func(t *testing.T) {
				path := rig.NewPath("/f-trailer/")
				status, body := e.Ask(t, "POST "+path+" HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
					"Transfer-Encoding: chunked\r\n"+announced+"\r\n"+fmt.Sprintf("%x\r\n%s\r\n", len(c.body), c.body)+"0\r\nX-User: eve\r\nx_user: eve\r\n\r\n")
				if status != http.StatusOK {
					t.Fatalf("status %d: %s", status, body)
				}
				got := e.SeenOnce(t, path)
				if text := got.Text(); strings.Contains(text, "eve") {
					t.Errorf("the upstream gets\n%s", text)
				}
				rig.Equal(t, strings.Join(got.Header.Values("X-User"), "|"), c.user)
			})
		}
	}
}

// A refused request's body is no hiding place for another request.
func TestFilterSmuggledRequest(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("f-refuse", map[string]any{}, true))
	e.MustPut(t, rig.Route{Name: "f-open", Plugins: map[string]any{"app": rig.SwitchedOff()}})
	e.Settles(t, "f-refuse", rig.Call{}, "401 token_missing")
	e.Settles(t, "f-open", rig.Call{}, "upstream")
	for _, size := range []int{8 << 10, 200 << 10, 300 << 10} { // the host reads 8 KiB ahead
		path := rig.NewPath("/f-open/smuggled")
		body := strings.Repeat("x", size) + "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n"
		status, _ := e.Ask(t, fmt.Sprintf("POST /f-refuse/x HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
		if status != http.StatusUnauthorized {
			t.Errorf("status %d", status)
		}
		time.Sleep(200 * time.Millisecond)
		if seen := e.Upstream.Seen(path); len(seen) != 0 {
			t.Errorf("%d bytes: the upstream got a request out of a refused one's body", size)
		}
	}
}

// What claims become, as the upstream sees it.
func TestFilterClaimsToHeaders(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("f-claims", map[string]any{"claims_to_headers": map[string]any{
		"name": "X-Name", "n": "X-Number", "roles": "X-Roles", "$.deep.er": "X-Deep", "object": "X-Object", "bad": "X-Bad", "none": "X-None",
	}}, false))
	token := rig.FilterToken(t, "shop", rig.Claims{
		"name": "李雷", "n": 7, "roles": []string{"a", "b,c"}, "deep": rig.Claims{"er": true}, "object": rig.Claims{"a": 1}, "bad": "a\r\nX-Admin: 1",
	})
	got := e.Settles(t, "f-claims", rig.Bearer(token), "upstream")
	header := got.Seen[0].Header
	for name, want := range map[string]string{
		"X-Name": "李雷", "X-Number": "7", "X-Roles": "a,b%2Cc", "X-Deep": "true", "X-Object": "eyJhIjoxfQ", "X-Bad": "", "X-None": "", "X-Admin": "",
	} {
		rig.Equal(t, strings.Join(header.Values(name), "|"), want)
	}
	e.ExpectLogged(t, got, map[string]string{"jwt_dropped": "X-Bad"})
}
