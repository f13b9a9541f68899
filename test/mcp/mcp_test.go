package mcp

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
)

// nothing is the argument of a tool that has none.
type nothing struct{}

// serve makes an MCP server with tools that say who they are.
func serve(name string, tools ...string) http.Handler { return handler(newServer(name, tools...)) }

// newServer makes the server.
func newServer(name string, tools ...string) *mcp.Server {
	server := mcp.NewServer(&mcp.Implementation{Name: name, Version: "1"}, nil)
	for _, tool := range tools {
		mcp.AddTool(server, &mcp.Tool{Name: tool}, func(context.Context, *mcp.CallToolRequest, nothing) (*mcp.CallToolResult, any, error) {
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: tool + " of " + name}}}, nil, nil
		})
	}
	return server
}

// handler serves it over HTTP.
func handler(server *mcp.Server) http.Handler {
	return mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, nil)
}

// connect connects the SDK's client, which knows nothing but the URL and how to send its user to a log-in.
func connect(t *testing.T, url string, user *browser) (*mcp.ClientSession, auth.OAuthHandler, error) {
	t.Helper()
	return connectWith(t, url, user, nil, nil)
}

// connectWith is connect with options of the client, and with an HTTP client of its own.
func connectWith(t *testing.T, url string, user *browser, options *mcp.ClientOptions, by *http.Client) (*mcp.ClientSession, auth.OAuthHandler, error) {
	t.Helper()
	handler, err := auth.NewAuthorizationCodeHandler(&auth.AuthorizationCodeHandlerConfig{
		PreregisteredClient: &oauthex.ClientCredentials{ClientID: clientID}, RedirectURL: callback, AuthorizationCodeFetcher: user.fetch,
	})
	if err != nil {
		t.Fatal(err)
	}
	transport := &mcp.StreamableClientTransport{Endpoint: url, OAuthHandler: handler, HTTPClient: by}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "client", Version: "1"}, options).Connect(t.Context(), transport, nil)
	if err == nil {
		t.Cleanup(func() { _ = session.Close() }) // the test has seen what it wanted
	}
	return session, handler, err
}

// answer returns status and challenge of a message that is sent with the client's token.
func answer(t *testing.T, url string, from auth.OAuthHandler) string {
	t.Helper()
	source, err := from.TokenSource(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	token, err := source.Token()
	if err != nil {
		t.Fatal(err)
	}
	const message = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(message))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token.AccessToken)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it is not read
	return fmt.Sprint(response.StatusCode, " ", response.Header.Get("WWW-Authenticate"))
}

// call calls a tool and returns its text, or the error's.
func call(t *testing.T, session *mcp.ClientSession, tool string) string {
	t.Helper()
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool})
	if err != nil {
		return "error: " + err.Error()
	}
	if text, ok := result.Content[0].(*mcp.TextContent); ok && !result.IsError {
		return text.Text
	}
	return fmt.Sprint("refused: ", result.Content)
}

// A client that knows a server's URL finds the issuer, logs its user in, and calls a tool. Its token is for this server
// alone.
func TestDiscovery(t *testing.T) {
	issuer, node := startProvider(t), startGateway(t)
	front(t, node, issuer, map[string]http.Handler{"files": serve("files", "get_file", "delete_file"), "notes": serve("notes", "get_note")})
	user := new(browser)
	awaitRoute(t, node.URL+"/files")
	session, files, err := connect(t, node.URL+"/files", user)
	if err != nil {
		t.Fatal(err)
	}
	if n := user.logins.Load(); n != 1 {
		t.Errorf("the user logged in %d times", n)
	}
	if got := call(t, session, "get_file"); got != "get_file of files" {
		t.Error(got)
	}
	if got := answer(t, node.URL+"/notes", files); !strings.HasPrefix(got, "401 ") || !strings.Contains(got, "another resource") {
		t.Errorf("the token for files, at notes: %s", got)
	}
	other, _, err := connect(t, node.URL+"/notes", user)
	if err != nil {
		t.Fatal(err)
	}
	if got := call(t, other, "get_note"); got != "get_note of notes" || user.logins.Load() != 2 {
		t.Errorf("%s after %d log-ins", got, user.logins.Load())
	}
}

// awaitRoute waits until the gateway has the route.
func awaitRoute(t *testing.T, url string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		response, err := http.Post(url, "application/json", strings.NewReader("{}")) //nolint:noctx // a moment
		if err == nil {
			_ = response.Body.Close() // it is not read
			if response.StatusCode == http.StatusUnauthorized {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("the route is not there: ", err)
		}
	}
}
