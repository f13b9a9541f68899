package filter

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"apinto-jwt/test/e2e/rig"
)

// maxEvents is how many events a stream has.
const maxEvents = 200

// mcpUpstream stands for an MCP server: it answers a message with a stream of events, of which it sends each when it is
// told to.
type mcpUpstream struct {
	*httptest.Server
	next chan struct{}        // Has the next event sent.
	sent [maxEvents]time.Time // When it was sent.
	seen chan *http.Request   // Requests, without their bodies.
	body chan string          // Their bodies.
}

func startMCP(t *testing.T) *mcpUpstream {
	t.Helper()
	u := &mcpUpstream{next: make(chan struct{}), seen: make(chan *http.Request, 100), body: make(chan string, 100)}
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		u.seen <- r
		u.body <- string(body)
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		for n := range maxEvents {
			select {
			case <-u.next:
			case <-r.Context().Done():
				return
			}
			u.sent[n] = time.Now()
			fmt.Fprintf(w, "event: message\ndata: {\"n\":%d}\n\n", n)
			w.(http.Flusher).Flush()
		}
	}))
	t.Cleanup(func() {
		u.CloseClientConnections() // the gateway keeps a stream open that its client has left
		u.Close()
	})
	return u
}

// mcpRoute makes a route to the upstream, whose service waits so long for an answer.
func mcpRoute(t *testing.T, e *rig.Filter, u *mcpUpstream, name string, timeout time.Duration, config map[string]any) {
	t.Helper()
	if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/service", map[string]any{
		"name": name, "driver": "http", "scheme": "HTTP", "nodes": []string{u.Listener.Addr().String()}, "balance": "round-robin", "timeout": timeout.Milliseconds(),
	}); err != nil {
		t.Fatal(err)
	}
	route := rig.WithFilter(name, config, true).Body()
	route["service"] = name + "@service"
	if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/router", route); err != nil {
		t.Fatal(err)
	}
	e.Settles(t, name, rig.Call{Method: http.MethodPost, Body: []byte("{}")}, "401 token_missing")
}

// events reads the events of a stream, of which it asks for each when it has got the one before.
func (u *mcpUpstream) events(t *testing.T, body io.Reader, pause func(n int)) {
	t.Helper()
	lines := bufio.NewScanner(body)
	for n := range maxEvents {
		pause(n)
		select {
		case u.next <- struct{}{}:
		case <-time.After(10 * time.Second):
			t.Fatalf("the stream has ended before event %d", n)
		}
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "data: ") {
		}
		got := time.Now()
		if want := fmt.Sprintf(`data: {"n":%d}`, n); lines.Text() != want {
			t.Fatalf("event %d: got %q, want %q: %v", n, lines.Text(), want, lines.Err())
		}
		if n > 0 && u.sent[n].Before(u.sent[n-1]) || got.Before(u.sent[n]) {
			t.Fatalf("event %d was sent at %s and got at %s", n, u.sent[n], got)
		}
	}
	for lines.Scan() {
		if lines.Text() != "" {
			t.Errorf("behind the last event: %q", lines.Text())
		}
	}
	if lines.Err() != nil {
		t.Error(lines.Err())
	}
}

// Each event of a stream is with the client before the next is sent, whoever opens the stream; and the message goes on
// to the byte, without the token.
func TestMCPStream(t *testing.T) {
	e := rig.SharedFilter(t)
	u := startMCP(t)
	mcpRoute(t, e, u, "mcp-stream", 10*time.Second, map[string]any{"mcp": map[string]any{"tools": map[string]any{"watch_*": []string{"files:read"}}, "sessions": true}})
	token := rig.FilterToken(t, "shop", rig.Claims{"scope": "files:read"})
	long := `{"jsonrpc":"2.0", "id":1,"method":"tools/call","params":{"name":"\u0077atch_files","arguments":{"a":"` + strings.Repeat("é", 20<<10) + `"}}}`
	for name, request := range map[string]*http.Request{
		"short":  httptest.NewRequest(http.MethodPost, e.Node.URL+"/mcp-stream/a", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"watch_files"}}`)),
		"long":   httptest.NewRequest(http.MethodPost, e.Node.URL+"/mcp-stream/b", strings.NewReader(long)),
		"chunks": httptest.NewRequest(http.MethodPost, e.Node.URL+"/mcp-stream/c", io.MultiReader(strings.NewReader(long))),
		"GET":    httptest.NewRequest(http.MethodGet, e.Node.URL+"/mcp-stream/d", http.NoBody),
	} {
		t.Run(name, func(t *testing.T) {
			request.RequestURI = ""
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("Authorization", "Bearer "+token)
			response, err := (&http.Client{Timeout: 30 * time.Second}).Do(request) // the tests' own reads answers whole
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || kind != "text/event-stream" {
				t.Fatalf("status %d, Content-Type %q", response.StatusCode, kind)
			}
			u.events(t, response.Body, func(int) {})
			seen, body := <-u.seen, <-u.body
			if seen.Header.Get("Authorization") != "" {
				t.Errorf("the upstream gets %v", seen.Header)
			}
			if want := map[string]string{"long": long, "chunks": long, "GET": ""}; name != "short" && body != want[name] {
				t.Errorf("the upstream gets %d bytes, want %d", len(body), len(want[name]))
			}
		})
	}
}

// A stream lasts longer than the service's timeout, if nothing in it takes as long. The stock host ends it.
func TestMCPLongStream(t *testing.T) {
	if os.Getenv("APINTO_JWT_HOST") != "edited" {
		t.Skip("the host as it comes ends a stream at the service's timeout")
	}
	e := rig.SharedFilter(t)
	u := startMCP(t)
	const timeout = 3 * time.Second
	mcpRoute(t, e, u, "mcp-long", timeout, map[string]any{"mcp": map[string]any{"sessions": true}})
	request := rig.Bearer(rig.FilterToken(t, "shop", nil)).Request(t, e.Node.URL+"/mcp-long/a")
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	began := time.Now()
	u.events(t, response.Body, func(n int) {
		if n < 8 {
			time.Sleep(timeout / 6)
		}
	})
	if lasted := time.Since(began); lasted < timeout {
		t.Errorf("the stream has lasted %s only", lasted)
	}
}

// What is refused: with the request's ID, and with all scopes at once.
func TestMCPRefusals(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("mcp-refused", map[string]any{
		"resource": "http://127.0.0.1:1/mcp", "audience": []string{"files"}, "scopes": []string{"mcp"},
		"mcp": map[string]any{"tools": map[string]any{"get_*": []string{"files:read"}, "delete_file": []string{"files:write"}}},
	}, true))
	call := func(name string, header ...string) rig.Call {
		c := rig.InBody("application/json", `{"jsonrpc":"2.0","id":"x-7","method":"tools/call","params":{"name":"`+name+`"}}`)
		for i := 0; i+1 < len(header); i += 2 {
			c.Header.Add(header[i], header[i+1])
		}
		return c.And(rig.Bearer(rig.FilterToken(t, "shop", rig.Claims{"aud": "files", "scope": "mcp files:read"})))
	}
	e.Settles(t, "mcp-refused", call("get_file"), "upstream")
	for _, test := range []struct {
		name      string
		call      rig.Call
		status    int
		code      int
		challenge string
	}{
		{"scope", call("delete_file"), 403, 403, `scope="mcp files:write"`},
		{"nothing allows it", call("put_file"), 403, 403, ""},
		{"header", call("delete_file", "Mcp-Name", "get_file"), 400, -32020, ""},
		{"the newest without headers", call("get_file", "Mcp-Protocol-Version", "2026-07-28"), 400, -32020, ""},
		{"compressed", call("get_file", "Content-Encoding", "gzip"), 415, 415, ""},
	} {
		request := test.call.Request(t, e.Node.URL+rig.NewPath("/mcp-refused/"))
		response, err := rig.Client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		var answer struct {
			JSONRPC, ID string
			Error       struct{ Code int }
		}
		err = json.NewDecoder(response.Body).Decode(&answer)
		response.Body.Close()
		challenge := response.Header.Get("WWW-Authenticate")
		if err != nil || response.StatusCode != test.status || answer.Error.Code != test.code || test.status != 415 && answer.ID != "x-7" ||
			(challenge == "") != (test.challenge == "") || !strings.Contains(challenge, test.challenge) || len(e.Upstream.Seen(request.URL.Path)) > 0 {
			t.Errorf("%s: status %d, %+v, %s, %v", test.name, response.StatusCode, answer, challenge, err)
		}
	}
}

// A message in chunks whose connection ends between two of them is not taken for a whole one.
func TestMCPBrokenChunks(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("mcp-broken", map[string]any{"mcp": map[string]any{"tools": map[string]any{"*": []string{}}}}, true))
	message := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_file"}}`
	token := rig.FilterToken(t, "shop", nil)
	e.Settles(t, "mcp-broken", rig.InBody("application/json", message).And(rig.Bearer(token)), "upstream")
	for end, want := range map[string]int{"0\r\n\r\n": http.StatusOK, "": http.StatusBadRequest, "0\r\n": http.StatusBadRequest} {
		path := rig.NewPath("/mcp-broken/")
		text := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\n"+
			"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n%s", path, token, len(message), message, end)
		rig.NoteSent(text)
		response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(e.Exchange(t, text))), nil)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if seen := len(e.Upstream.Seen(path)); response.StatusCode != want || (seen == 1) != (want == http.StatusOK) {
			t.Errorf("%q: status %d, %d requests upstream", end, response.StatusCode, seen)
		}
	}
}
