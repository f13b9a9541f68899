package filter

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"apinto-jwt/test/e2e/rig"
)

// What HTTP can do to a message: lengths, pieces, methods, origins.
func TestMCPFraming(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("m-http", messagesConfig(), true))
	sessions := messagesConfig()
	sessions["mcp"].(map[string]any)["sessions"] = true
	e.MustPut(t, rig.WithFilter("m-sessions", sessions, true))
	socket := rig.WithFilter("m-socket", sessions, true)
	socket.Websocket = true
	e.MustPut(t, socket)
	e.Settles(t, "m-http", rig.Call{Method: http.MethodPost, Body: []byte("{}")}, "401 token_missing")
	e.Settles(t, "m-sessions", rig.Call{}, "401 token_missing")
	bearer := "Authorization: Bearer " + rig.FilterToken(t, "shop", rig.Claims{"scope": "files:read"})
	head := func(method, route, more string) string {
		return method + " " + rig.NewPath("/"+route+"/") + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + bearer + "\r\nContent-Type: application/json\r\n" + more
	}
	body := call("about")
	chunk := func(parts ...string) string {
		text := ""
		for _, part := range parts {
			text += fmt.Sprintf("%x\r\n%s\r\n", len(part), part)
		}
		return text
	}
	length := fmt.Sprintf("Content-Length: %d\r\n", len(body))
	const chunked = "Transfer-Encoding: chunked\r\n\r\n"
	long := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"about","arguments":{"a":"` + strings.Repeat("x", 1<<20) + `"}}}`
	before := e.Upstream.Total()
	for name, test := range map[string]struct {
		request string
		want    string // statuses that there may be; empty: no answer
	}{
		"two types":              {head("POST", "m-http", "Content-Type: text/plain\r\n"+length+"\r\n"+body), "400 415"},
		"two lengths":            {head("POST", "m-http", length+"Content-Length: 5\r\n\r\n"+body), "400"},
		"length and chunks":      {head("POST", "m-http", length+chunked+chunk(body)+"0\r\n\r\n"), "400"},
		"a trailer":              {head("POST", "m-http", "Trailer: Mcp-Name\r\n"+chunked+chunk(body)+"0\r\nMcp-Name: delete_file\r\n\r\n"), "400"},
		"a trailer, not told":    {head("POST", "m-http", chunked+chunk(body)+"0\r\nX-A: b\r\n\r\n"), "400"},
		"a name in a trailer":    {head("POST", "m-http", chunked+chunk(body)+"0\r\nMcp-Name: delete_file\r\n\r\n"), "400"},
		"a version in one":       {head("POST", "m-http", chunked+chunk(body)+"0\r\nMCP-Protocol-Version: 2026-07-28\r\n\r\n"), "400"},
		"too large, told":        {head("POST", "m-http", "Content-Length: 1048600\r\n\r\n"+long), "413"},
		"too large, to come":     {head("POST", "m-http", "Content-Length: 9999999999\r\n\r\n"+body), "400 413"},
		"too large, in chunks":   {head("POST", "m-http", chunked+chunk(long[:1<<19], long[1<<19:])+"0\r\n\r\n"), "413"},
		"cut off":                {head("POST", "m-http", "Content-Length: 500\r\n\r\n"+body), "400 408 "},
		"cut off behind a chunk": {head("POST", "m-http", chunked+chunk(body)), "400"},
		"a chunk cut off":        {head("POST", "m-http", chunked+fmt.Sprintf("%x\r\n", len(body)+9)+body), "400 408 "},
		"no size":                {head("POST", "m-http", chunked+"zz\r\n"+body), "400 408 "},
		"no body":                {head("POST", "m-http", "\r\n"), "400"},
		"GET":                    {head("GET", "m-http", "\r\n"), "405"},
		"GET with a body":        {head("GET", "m-http", length+"\r\n"+body), "400 405"},
		"DELETE":                 {head("DELETE", "m-http", "\r\n"), "405"},
		"PUT":                    {head("PUT", "m-http", length+"\r\n"+body), "405"},
		"PATCH":                  {head("PATCH", "m-http", length+"\r\n"+body), "405"},
		"HEAD":                   {head("HEAD", "m-http", "\r\n"), "405"},
		"OPTIONS":                {head("OPTIONS", "m-http", "\r\n"), "405"},
		"GET, a body":            {head("GET", "m-sessions", length+"\r\n"+body), "400"},
		"GET, chunks":            {head("GET", "m-sessions", chunked+chunk(body)+"0\r\n\r\n"), "400"},
		"DELETE, a body":         {head("DELETE", "m-sessions", length+"\r\n"+body), "400"},
		"PUT, sessions":          {head("PUT", "m-sessions", length+"\r\n"+body), "405"},
		"an origin":              {head("POST", "m-http", "Origin: https://evil.test\r\n"+length+"\r\n"+body), "403"},
		"no origin":              {head("POST", "m-http", "Origin: null\r\n"+length+"\r\n"+body), "403"},
		"an origin's port":       {head("POST", "m-http", "Origin: https://app.test:8443\r\n"+length+"\r\n"+body), "403"},
		"http, not https":        {head("POST", "m-http", "Origin: http://app.test\r\n"+length+"\r\n"+body), "403"},
		"ends alike":             {head("POST", "m-http", "Origin: https://evil-app.test\r\n"+length+"\r\n"+body), "403"},
		"begins alike":           {head("POST", "m-http", "Origin: https://app.test.evil.test\r\n"+length+"\r\n"+body), "403"},
		"two origins":            {head("POST", "m-http", "Origin: https://app.test\r\nOrigin: https://evil.test\r\n"+length+"\r\n"+body), "400 403"},
		"two origins, reversed":  {head("POST", "m-http", "Origin: https://evil.test\r\nOrigin: https://app.test\r\n"+length+"\r\n"+body), "400 403"},
		"an origin of a stream":  {head("GET", "m-sessions", "Origin: https://evil.test\r\n\r\n"), "403"},
		"a preflight from evil":  {head("OPTIONS", "m-http", "Origin: https://evil.test\r\nAccess-Control-Request-Method: POST\r\n\r\n"), "403 405"},
		"a websocket": {
			head("GET", "m-socket", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"), "400 403 405",
		},
		"override": {head("PUT", "m-http", "X-HTTP-Method-Override: POST\r\n"+length+"\r\n"+body), "405"},
	} {
		answers, _ := e.Converse(t, test.request)
		status := ""
		if response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(string(answers))), nil); err == nil {
			status = fmt.Sprint(response.StatusCode)
			if response.StatusCode == http.StatusMethodNotAllowed && !strings.Contains(response.Header.Get("Allow"), http.MethodPost) {
				t.Errorf("%s: 405 with Allow %q", name, response.Header.Get("Allow"))
			}
		}
		if !strings.Contains(" "+test.want+" ", " "+status+" ") {
			t.Errorf("%s: %.300q, want %s", name, answers, test.want)
		}
		if seen := e.Upstream.Total(); seen != before {
			t.Errorf("%s: the upstream has got %d requests", name, seen-before)
			before = seen
		}
	}
	for name, request := range map[string]string{
		"chunks":            head("POST", "m-http", chunked+chunk(body[:9], body[9:])+"0\r\n\r\n"),
		"one byte a chunk":  head("POST", "m-http", chunked+chunk(strings.Split(body, "")...)+"0\r\n\r\n"),
		"GET":               head("GET", "m-sessions", "Accept: text/event-stream\r\nMcp-Session-Id: 1\r\n\r\n"),
		"GET, empty":        head("GET", "m-sessions", "Content-Length: 0\r\n\r\n"),
		"DELETE":            head("DELETE", "m-sessions", "Mcp-Session-Id: 1\r\n\r\n"),
		"POST in a session": head("POST", "m-sessions", "Mcp-Session-Id: 1\r\n"+length+"\r\n"+body),
	} {
		if answers, _ := e.Converse(t, request); !strings.HasPrefix(string(answers), "HTTP/1.1 200") {
			t.Errorf("%s: %.300q", name, answers)
		}
	}
	// 100-continue: who waits for leave to send a body that is too large is told at once.
	connection := rig.Dial(t, e.Node, 5*time.Second)
	_, _ = io.WriteString(connection, head("POST", "m-http", "Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n"))
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil || response.StatusCode != http.StatusRequestEntityTooLarge && response.StatusCode != http.StatusContinue {
		t.Errorf("100-continue: %v %v", response, err)
	}
}
