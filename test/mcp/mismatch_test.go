package mcp

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// headerMismatch is the code of a message that the headers do not repeat (MCP 2026-07-28).
const headerMismatch = -32020

// liar changes the headers of a client's tools/call on their way.
type liar struct {
	change func(http.Header)
	newest atomic.Bool // The client has sent headers that repeat the message.
}

// RoundTrip implements http.RoundTripper.
func (l *liar) RoundTrip(r *http.Request) (*http.Response, error) {
	l.newest.CompareAndSwap(false, r.Header.Get("Mcp-Method") == "tools/call")
	if l.change != nil && r.Header.Get("Mcp-Method") == "tools/call" {
		r = r.Clone(r.Context())
		l.change(r.Header)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// set returns a change of one header; an empty value takes it away.
func set(name, value string) func(http.Header) {
	return func(h http.Header) {
		if h.Del(name); value != "" {
			h.Set(name, value)
		}
	}
}

// mismatches are what a client's headers may say of a call of get_file.
var mismatches = []struct {
	name   string
	change func(http.Header)
	wrong  bool
}{
	{"as the client sends them", nil, false},
	{"another tool", set("Mcp-Name", "delete_file"), true},
	{"a tool in another case", set("Mcp-Name", "Get_file"), true},
	{"no tool", set("Mcp-Name", ""), true},
	{"another method", set("Mcp-Method", "tools/list"), true},
	{"no method", set("Mcp-Method", ""), true},
	{"an older version", set("Mcp-Protocol-Version", "2025-11-25"), true},
	{"no version", set("Mcp-Protocol-Version", ""), true},
	{"another tool in Base64", set("Mcp-Name", encoded("delete_file")), true},
	{"the mark in upper case", set("Mcp-Name", strings.ToUpper("=?base64?")+"Z2V0X2ZpbGU=?="), true},
}

func encoded(name string) string {
	return "=?base64?" + base64.StdEncoding.EncodeToString([]byte(name)) + "?="
}

// connectNewest returns a session of the revision whose headers repeat the message. A client whose first request is refused, as
// while a loaded machine fetches the issuer's keys, falls back to an older one.
func connectNewest(t *testing.T, server string, user *browser, way *liar) *mcp.ClientSession {
	t.Helper()
	for range 5 {
		session, _, err := connectWith(t, server, user, nil, &http.Client{Transport: way})
		if err != nil {
			t.Fatal(err)
		}
		call(t, session, "get_file")
		if way.newest.Load() {
			return session
		}
	}
	t.Fatal("the client speaks an older revision")
	return nil
}

// The SDK's client speaks the revision whose headers repeat the message. What they say wrongly is answered with the code
// that the specification has for it, which the client understands: its session goes on, and it sends nobody to a log-in.
func TestMismatch(t *testing.T) {
	issuer, node := startProvider(t), startGateway(t)
	server := newServer("files", "get_file", "delete_file")
	// A server that keeps sessions speaks older revisions alone.
	newest := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{Stateless: true})
	var reached atomic.Int64 // The server compares the headers too, and its answer is the same.
	front(t, node, issuer, map[string]http.Handler{"files": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached.Add(1)
		newest.ServeHTTP(w, r)
	})})
	awaitRoute(t, node.URL+"/files")
	user, way := new(browser), new(liar)
	session := connectNewest(t, node.URL+"/files", user, way)
	logins := user.logins.Load()
	for _, test := range mismatches {
		t.Run(test.name, func(t *testing.T) {
			way.change = test.change
			before := reached.Load()
			_, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "get_file"})
			var answered *jsonrpc.Error
			if errors.As(err, &answered); test.wrong && (answered == nil || answered.Code != headerMismatch) || !test.wrong && err != nil {
				t.Errorf("got %v", err)
			}
			if (reached.Load() > before) == test.wrong {
				t.Errorf("%d requests have reached the server", reached.Load()-before)
			}
		})
	}
	// Naming a tool that the user may call helps nobody to one that the user may not.
	way.change = set("Mcp-Name", "get_file")
	before := reached.Load()
	if _, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "delete_file"}); err == nil || user.logins.Load() != logins || reached.Load() != before {
		t.Errorf("got %v after %d log-ins", err, user.logins.Load())
	}
	way.change = nil
	if got := call(t, session, "get_file"); got != "get_file of files" {
		t.Error(got)
	}
}
