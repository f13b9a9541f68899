package attack

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// A worker that starts takes no connection before it has loaded what is stored: whoever connects waits, and is served. Only
// the stock host answers 200 without a body, 404 and 401 meanwhile.
func TestStartingWorkerServes(t *testing.T) {
	e := rig.NewEnv(rig.StartNodeAt(t, "warning")) // a killed process may leave half a line of the debug log
	t.Cleanup(e.Upstream.Close)
	if err := e.Configure(t.Context()); err != nil {
		t.Fatal(err)
	}
	edited := rig.Edited(t, e.Node)
	for i := range 50 { // so that it takes a while to load them
		e.Add(t, gateway.JWTApp(fmt.Sprintf("loaded%d", i), gateway.Auth{
			Position: "header", TokenName: "X-Loaded", Users: []gateway.User{{Name: "ann"}},
			Config: gateway.Rule{"algorithm": "HS256", "secret": fmt.Sprintf("a secret that is loaded when it starts, %d", i), "path": "sub"},
		}))
	}
	e.Accept(t, e.Node, rig.Bearer(rig.AnchorToken(t)))
	for _, test := range []struct {
		name  string
		start func() error
	}{
		{"the gateway is restarted", func() error { return e.Node.Restart(t.Context()) }},
		{"the worker is killed", func() error { return replaceWorker(t, e.Node) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			answers := startAnswers{others: map[string]int{}}
			var knocking sync.WaitGroup
			for range 8 {
				knocking.Add(1)
				go func() {
					defer knocking.Done()
					answers.knock(ctx, e.Node.URL+"/load/x", rig.AnchorToken(t))
				}()
			}
			if err := test.start(); err != nil {
				t.Fatal(err)
			}
			e.Accept(t, e.Node, rig.Bearer(rig.AnchorToken(t)))
			stop()
			knocking.Wait()
			t.Logf("%d served, %d without an answer, others: %v", answers.served, answers.none, answers.others)
			if answers.served == 0 {
				t.Error("no request was served")
			}
			if edited && len(answers.others) > 0 {
				t.Errorf("others: %v", answers.others)
			}
		})
	}
}

// replaceWorker kills the node's worker, and returns when its master has started another one.
func replaceWorker(t *testing.T, node *gateway.Node) error {
	t.Helper()
	killed := node.Worker()
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		return err
	}
	rig.Within(t, 10*time.Second, func() error {
		if now := node.Worker(); now == 0 || now == killed {
			return fmt.Errorf("worker %d, and %d was killed", now, killed)
		}
		return nil
	})
	return nil
}

// startAnswers counts what a starting gateway answers.
type startAnswers struct {
	mu           sync.Mutex
	served, none int
	others       map[string]int
}

// knock sends requests, each on a connection of its own, until the context ends. Nobody may listen yet.
func (a *startAnswers) knock(ctx context.Context, url, token string) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 15 * time.Second}
	for ctx.Err() == nil {
		request, err := http.NewRequest(http.MethodGet, url, http.NoBody)
		if err != nil {
			panic(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		a.add(client.Do(request))
		time.Sleep(time.Millisecond)
	}
}

// add counts one answer.
func (a *startAnswers) add(response *http.Response, err error) {
	var body []byte
	if err == nil {
		body, err = io.ReadAll(response.Body)
		response.Body.Close()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case err != nil:
		a.none++
	case response.StatusCode == http.StatusOK && string(body) == "upstream":
		a.served++
	default:
		a.others[fmt.Sprintf("%d %.40q", response.StatusCode, body)]++
	}
}
