package attack

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// A blank before the colon makes a field that some servers take for the one
// without it (RFC 9112 §5.1).
func TestFieldNamesAreTokens(t *testing.T) {
	e := rig.Shared(t)
	edited := rig.Edited(t, e.Node)
	for _, field := range []string{
		"Transfer-Encoding : chunked", "X-Role : admin", "X-Role\t: admin", "X(Role): admin", "X Role: admin", "X-Rôle: admin", "\"X\": admin",
	} {
		t.Run(field, func(t *testing.T) {
			path := rig.NewPath("/open/names/")
			answers := e.Exchange(t, "GET "+path+" HTTP/1.1\r\nHost: gateway.test\r\nConnection: close\r\n"+field+"\r\n\r\n")
			if !strings.HasPrefix(string(answers), "HTTP/1.1 400") || len(e.Upstream.Seen(path)) > 0 {
				t.Errorf("answer %q, %d requests upstream; want 400 and none", answers, len(e.Upstream.Seen(path)))
			}
			forwarded := strings.Contains(string(answers), "invalid header name") // the upstream's words
			if edited && forwarded {
				t.Errorf("the field was forwarded, and the upstream answered %q", answers)
			}
			if !edited && field == "X-Role : admin" && !forwarded {
				t.Error("the stock host refuses it now: the edit field-names is not needed")
			}
		})
	}
	answers := e.Exchange(t, "GET "+rig.NewPath("/open/names/")+" HTTP/1.1\r\nHost: gateway.test\r\nConnection: close\r\nX-!#$%&'*+-.^_`|~9: odd\r\nX-Folded: a\r\n b\r\n\r\n")
	if !strings.HasPrefix(string(answers), "HTTP/1.1 200") {
		t.Errorf("a token of all its characters: %q", answers)
	}
}

// Saving the list of plugins makes each of them anew, while requests that hold
// the former ones are under way.
func TestPluginsSavedUnderLoad(t *testing.T) {
	e := rig.Own(t)
	if !rig.Edited(t, e.Node) {
		t.Log("the stock host's worker can die of this, and so it is not tried")
		return
	}
	worker := e.Node.Worker()
	stop := make(chan struct{})
	failed := make(chan error, 8)
	for range cap(failed) {
		go func() { failed <- knockOpen(e, stop) }()
	}
	output := map[string]any{"output": []string{e.Log.Name + "@output"}}
	for i := range 40 {
		output["round"] = i // another configuration, so that the host takes it up
		if err := e.Node.SetPlugins(t.Context(),
			gateway.GlobalPlugin("access_log", gateway.PluginAccessLog, output),
			gateway.GlobalPlugin("app", gateway.PluginApp, nil)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(25 * time.Millisecond)
	}
	close(stop)
	for range cap(failed) {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if now := e.Node.Worker(); now != worker {
		t.Errorf("the worker's process ID was %d and is %d", worker, now)
	}
}

// knockOpen sends requests to an open route until stop is closed.
func knockOpen(e *rig.Env, stop <-chan struct{}) error {
	for {
		select {
		case <-stop:
			return nil
		default:
		}
		response, err := rig.Client.Get(e.Node.URL + "/open/load/x")
		if err != nil {
			return err
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("status %d", response.StatusCode)
		}
	}
}
