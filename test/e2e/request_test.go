package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/upstream"
)

var client = &http.Client{Timeout: 15 * time.Second, Transport: observed{http.DefaultTransport}}

// call is a request without its path: each time it is sent it gets one that no
// other request has, so that the upstream's record of it is its own.
type call struct {
	method string // GET without a body, else POST
	header http.Header
	query  url.Values
	body   []byte
}

// answer is what came back and what the upstream saw of it.
type answer struct {
	status int
	body   string
	path   string
	seen   []upstream.Request
}

var paths atomic.Int64

func newPath(prefix string) string { return fmt.Sprintf("%s%d", prefix, paths.Add(1)) }

// bearer is a request with the token where OAuth 2.0 puts it (RFC 6750 §2.1).
func bearer(token string) call { return inHeader("Authorization", "Bearer "+token) }

func inHeader(name, value string) call { return call{header: http.Header{name: {value}}} }

func inQuery(name, value string) call { return call{query: url.Values{name: {value}}} }

func inBody(contentType, body string) call {
	return call{header: http.Header{"Content-Type": {contentType}}, body: []byte(body)}
}

func inForm(name, value string) call {
	return inBody("application/x-www-form-urlencoded", url.Values{name: {value}}.Encode())
}

// send sends the request to this node and returns what happened.
func (e *env) send(t *testing.T, node *gateway.Node, c call) answer {
	t.Helper()
	return e.sendTo(t, node, newPath("/t/"), c)
}

func (e *env) sendTo(t *testing.T, node *gateway.Node, path string, c call) answer {
	t.Helper()
	request := c.request(t, node.URL+path)
	response, err := client.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", request.Method, path, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", request.Method, path, err)
	}
	return answer{response.StatusCode, string(body), path, e.upstream.Seen(path)}
}

func (c call) request(t *testing.T, target string) *http.Request {
	t.Helper()
	method := c.method
	if method == "" {
		method = http.MethodGet
		if c.body != nil {
			method = http.MethodPost
		}
	}
	if c.query != nil {
		target += "?" + c.query.Encode()
	}
	request, err := http.NewRequest(method, target, bytes.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range c.header {
		request.Header[name] = values // as written: case is a client's choice
	}
	return request
}

// accepted is nil if the upstream answered, and saw the request once.
func (a answer) accepted() error {
	if a.status != http.StatusOK || a.body != "upstream" || len(a.seen) != 1 {
		return fmt.Errorf("%s: status %d, body %q, %d requests upstream, want 200 from the upstream", a.path, a.status, a.body, len(a.seen))
	}
	return nil
}

// refused is nil if the gateway answered 401 and the upstream saw nothing.
func (a answer) refused() error {
	if a.status != http.StatusUnauthorized || len(a.seen) != 0 {
		return fmt.Errorf("%s: status %d, body %q, %d requests upstream, want 401 and none", a.path, a.status, a.body, len(a.seen))
	}
	return nil
}

// accept waits until this node lets the request through: the change that makes
// it do so may be on its way. It returns what the upstream saw.
func (e *env) accept(t *testing.T, node *gateway.Node, c call) upstream.Request {
	t.Helper()
	var last answer
	within(t, settle, func() error {
		last = e.send(t, node, c)
		return last.accepted()
	})
	return last.seen[0]
}

// refuse sends a request that must not get through, now.
func (e *env) refuse(t *testing.T, node *gateway.Node, c call) answer {
	t.Helper()
	got := e.send(t, node, c)
	if err := got.refused(); err != nil {
		t.Error(err)
	}
	return got
}
