package mcp

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// A tool that needs more sends the user to log in again, for all that is needed at once; then it is called. What no pattern
// names is refused.
func TestStepUp(t *testing.T) {
	issuer, node := startProvider(t), startGateway(t)
	front(t, node, issuer, map[string]http.Handler{"files": serve("files", "get_file", "delete_file", "reboot")})
	awaitRoute(t, node.URL+"/files")
	user := new(browser)
	session, _, err := connect(t, node.URL+"/files", user)
	if err != nil {
		t.Fatal(err)
	}
	if got := call(t, session, "get_file"); got != "get_file of files" || user.logins.Load() != 1 {
		t.Fatalf("%s after %d log-ins", got, user.logins.Load())
	}
	if got := call(t, session, "delete_file"); got != "delete_file of files" || user.logins.Load() != 2 {
		t.Errorf("%s after %d log-ins", got, user.logins.Load())
	}
	if got := call(t, session, "get_file"); got != "get_file of files" || user.logins.Load() != 2 {
		t.Errorf("%s after %d log-ins", got, user.logins.Load())
	}
	if got := call(t, session, "reboot"); !strings.HasPrefix(got, "error: ") {
		t.Errorf("a tool that no pattern names: %s", got)
	}
}

// events is how many events a stream has.
const events = 200

// A stream goes through event by event: the server sends the next one when the client has got the last.
func TestStream(t *testing.T) {
	issuer, node := startProvider(t), startGateway(t)
	got := make(chan float64)
	server := newServer("files")
	mcp.AddTool(server, &mcp.Tool{Name: "count"}, func(ctx context.Context, call *mcp.CallToolRequest, _ nothing) (*mcp.CallToolResult, any, error) {
		slowest := time.Duration(0)
		for i := range events {
			sent := time.Now()
			if err := call.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: call.Params.GetProgressToken(), Progress: float64(i)}); err != nil {
				return nil, nil, err
			}
			select {
			case n := <-got:
				if n != float64(i) {
					t.Errorf("event %v came in the place of %d", n, i)
				}
			case <-time.After(10 * time.Second):
				t.Errorf("event %d did not come", i)
			}
			slowest = max(slowest, time.Since(sent))
		}
		t.Logf("the slowest of %d events took %s", events, slowest)
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: "counted"}}}, nil, nil
	})
	front(t, node, issuer, map[string]http.Handler{"files": handler(server)})
	awaitRoute(t, node.URL+"/files")
	session, _, err := connectWith(t, node.URL+"/files", new(browser), &mcp.ClientOptions{
		ProgressNotificationHandler: func(_ context.Context, n *mcp.ProgressNotificationClientRequest) { got <- n.Params.Progress },
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	params := &mcp.CallToolParams{Name: "count"}
	params.SetProgressToken("count")
	result, err := session.CallTool(t.Context(), params)
	if err != nil || result.IsError {
		t.Fatal(result, err)
	}
}
