package attack

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

// framings are bodies of ambiguous or unusual framing whose rest is a request. A refusal has to be the last answer of the
// connection, or the rest has to be read as what it is: a body.
func framings(hidden string) map[string]string {
	pad := strings.Repeat("x", 9<<10)
	chunk := func(size, body string) string { return size + "\r\n" + body + "\r\n0\r\n" }
	size := fmt.Sprintf("%x", len(pad)+len(hidden))
	zero := "0\r\n\r\n" + hidden
	return map[string]string{
		"expect, whole body":       fmt.Sprintf("Expect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(pad+hidden)) + pad + hidden,
		"expect, cut off":          "Expect: 100-continue\r\nContent-Length: 90000\r\n\r\n" + pad + hidden,
		"expect, chunks":           "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(size, pad+hidden) + "\r\n",
		"another expectation":      fmt.Sprintf("Expect: 200-ok\r\nContent-Length: %d\r\n\r\n", len(pad+hidden)) + pad + hidden,
		"beyond every limit":       "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000000000\r\n\r\n" + pad + hidden,
		"a form beyond, announced": "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000000\r\n\r\n" + pad + hidden,
		"a websocket":              "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nContent-Length: 90000\r\n\r\n" + pad + hidden,
		"a preflight":              fmt.Sprintf("Origin: http://a\r\nAccess-Control-Request-Method: POST\r\nContent-Length: %d\r\n\r\n", len(pad+hidden)) + pad + hidden,
		"kept alive":               fmt.Sprintf("Connection: keep-alive\r\nContent-Length: %d\r\n\r\n", len(pad+hidden)) + pad + hidden,
		"trailers":                 "Transfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n" + chunk(size, pad+hidden) + "X-A: b\r\nContent-Length: 3\r\n\r\n",
		"chunk extension":          "Transfer-Encoding: chunked\r\n\r\n" + chunk(size+";a=b", pad+hidden) + "\r\n",
		"capital CHUNKED":          "Transfer-Encoding: CHUNKED\r\n\r\n" + chunk(size, pad+hidden) + "\r\n",
		"huge chunk size":          "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n" + hidden,
		"negative chunk size":      "Transfer-Encoding: chunked\r\n\r\n-1\r\n" + hidden,
		"two lengths, small last":  fmt.Sprintf("Content-Length: %d\r\nContent-Length: 0\r\n\r\n", len(hidden)) + hidden,
		"two lengths, small one":   fmt.Sprintf("Content-Length: 0\r\nContent-Length: %d\r\n\r\n", len(hidden)) + hidden,
		"a length with plus":       fmt.Sprintf("Content-Length: +%d\r\n\r\n", len(hidden)) + hidden,
		"a negative length":        "Content-Length: -1\r\n\r\n" + hidden,
		"an unknown coding":        "Transfer-Encoding: xchunked\r\n\r\n" + hidden,
		"identity beside":          fmt.Sprintf("Transfer-Encoding: identity\r\nContent-Length: %d\r\n\r\n", len(hidden)) + hidden,
		"chunked not the last":     "Transfer-Encoding: chunked, gzip\r\n\r\n" + zero,
		"a coding behind 0x0b":     fmt.Sprintf("Transfer-Encoding: \x0bchunked\r\nContent-Length: %d\r\n\r\n", len(zero)) + zero,
		"a length and a blank":     fmt.Sprintf("Content-Length : %d\r\n\r\n", len(hidden)) + hidden,
		"a length and a tab":       fmt.Sprintf("Content-Length\t: %d\r\n\r\n", len(hidden)) + hidden,
		"a coding and a tab":       fmt.Sprintf("Transfer-Encoding\t: chunked\r\nContent-Length: %d\r\n\r\n", len(zero)) + zero,
		"a folded coding":          fmt.Sprintf("X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n", len(zero)) + zero,
	}
}

// largeFramings are bodies beyond the limit up to which a body is looked into.
func largeFramings(hidden string) map[string]string {
	body := strings.Repeat("x", 1<<20+9<<10) + hidden
	chunks := fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)
	return map[string]string{
		"a large form": "Content-Type: application/x-www-form-urlencoded\r\n" + chunks,
		"large JSON":   "Content-Type: application/json\r\n" + chunks,
	}
}

// hiddenRequest is a request that must not arrive; its path is open.
func hiddenRequest(t *testing.T) (path, text string) {
	t.Helper()
	path = rig.NewPath("/open/acc/")
	return path, "GET " + path + " HTTP/1.1\r\nHost: gateway.test\r\nAuthorization: Bearer " + rig.AnchorToken(t) + "\r\n\r\n"
}

// hidingPlaces makes the endpoints and routes where requests end, and returns their paths.
func hidingPlaces(t *testing.T, e *rig.Filter) []string {
	t.Helper()
	e.MustPut(t, rig.Route{Name: "open", Plugins: map[string]any{"app": rig.SwitchedOff()}})
	e.MustPut(t, rig.WithFilter("a-frame", map[string]any{}, true))
	e.MustPut(t, rig.Route{Name: "a-frame-app", Plugins: map[string]any{}})
	e.MustPut(t, rig.WithFilter("a-frame-two", map[string]any{"required": false}, false))
	e.Add(t, rig.IssuingApp("desync"))
	paths := []string{"/a-frame/1", "/a-frame-app/1", "/a-frame-two/1"}
	for _, kind := range []string{"token", "revoke", "introspect", "jwks", ""} {
		endpointAt(t, e, "/desync/"+kind+"endpoint", kind)
		paths = append(paths, "/desync/"+kind+"endpoint")
	}
	e.Settles(t, "a-frame", rig.Call{}, "401 token_missing")
	e.Settles(t, "open", rig.Call{}, "upstream")
	return paths
}

// At every endpoint and refusal, by every method, nothing that hides behind any framing arrives. On the stock host a length
// whose name ends in a blank is none, but where the filter looks at the names.
func TestFramingsHideNothing(t *testing.T) {
	e := rig.SharedFilter(t)
	edited := rig.Edited(t, e.Node)
	checks := 0
	for _, path := range hidingPlaces(t, e) {
		for _, name := range []string{"a large form", "large JSON"} {
			hidesNothing(t, e.Env, "POST", path, name, largeFramings)
			checks++
		}
		for _, method := range []string{"POST", "GET", "HEAD", "OPTIONS", "DELETE", "PATCH"} {
			for name := range framings("") {
				if !edited && name == "a length and a blank" && !slices.Contains([]string{"/a-frame/1", "/a-frame-two/1"}, path) {
					continue
				}
				hidesNothing(t, e.Env, method, path, name, framings)
				checks++
			}
		}
	}
	t.Logf("%d requests", checks)
}

// hidesNothing sends one request with the framing of this name.
func hidesNothing(t *testing.T, e *rig.Env, method, path, name string, all func(string) map[string]string) {
	t.Helper()
	hidden, text := hiddenRequest(t)
	answers, reset := e.Converse(t, method+" "+path+" HTTP/1.1\r\nHost: gateway.test\r\n"+all(text)[name])
	if n := len(e.Upstream.Seen(hidden)); n > 0 {
		t.Errorf("%s %s, %s: the hidden request arrived %d times; answers: %.300q", method, path, name, n, answers)
	}
	n := bytes.Count(answers, []byte("HTTP/1.1 ")) - bytes.Count(answers, []byte("HTTP/1.1 100"))
	if n > 1 || n == 0 && !reset {
		t.Errorf("%s %s, %s: %d answers: %.900q", method, path, name, n, answers)
	}
	if reset {
		t.Logf("%s %s, %s: reset behind %d answers", method, path, name, n)
	}
}

// What is pipelined behind a request that is accepted, or refused after its whole body was read, is a request of its own,
// with a judgement of its own.
func TestPipelined(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("a-pipe", map[string]any{"claims_to_headers": map[string]any{"sub": "X-User"}}, true))
	good := rig.FilterToken(t, "shop", nil)
	e.Settles(t, "a-pipe", rig.Bearer(good), "upstream")
	bodies := map[string]string{
		"no body": "\r\n", "a body": "Content-Length: 20000\r\n\r\n" + strings.Repeat("x", 20000),
		"chunks with trailers": "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-User: eve\r\nX-Other: eve\r\n\r\n",
		"expected":             "Expect: 100-continue\r\nContent-Length: 3\r\n\r\na=b",
		"expected chunks":      "Expect: 100-continue\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-User: eve\r\nx_user: eve\r\n\r\n",
		"trailers of a form":   "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\nTrailer: X-User\r\n\r\n3\r\na=b\r\n0\r\nX-User: eve\r\nX-User : eve\r\n\r\n",
		"a form":               "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=b",
	}
	for name, body := range bodies {
		for _, method := range []string{"POST", "PUT", "GET", "DELETE", "OPTIONS"} {
			first, second, third := rig.NewPath("/a-pipe/"), rig.NewPath("/a-pipe/"), rig.NewPath("/a-pipe/")
			text := method + " " + first + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + good + "\r\n" + body +
				"GET " + second + " HTTP/1.1\r\nHost: h\r\nX-User: eve\r\n\r\n" +
				"GET " + third + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-User: eve\r\nAuthorization: Bearer " + good + "\r\n\r\n"
			answered, _ := e.Converse(t, text)
			answers := string(answered)
			var got []string
			for _, part := range strings.Split(answers, "HTTP/1.1 ")[1:] {
				if part[:3] != "100" {
					got = append(got, part[:3])
				}
			}
			if strings.Join(got, " ") != "200 401 200" {
				t.Errorf("%s %s: answers %v: %.500q", method, name, got, answers)
			}
			if len(e.Upstream.Seen(second)) > 0 {
				t.Errorf("%s %s: a request without a token arrived", method, name)
			}
			for _, path := range []string{first, third} {
				if seen := e.Upstream.Seen(path); len(seen) != 1 || strings.Join(seen[0].Header.Values("X-User"), "|") != "ann" ||
					strings.Contains(seen[0].Text(), "eve") {
					t.Errorf("%s %s: upstream of %s: %+v", method, name, path, seen)
				}
			}
		}
	}
}
