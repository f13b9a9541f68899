package rig

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

// Client is the tests' HTTP client.
var Client = &http.Client{Timeout: 15 * time.Second, Transport: Observe(http.DefaultTransport)}

// Call is a request without its path: each time it is sent it gets one that no
// other request has, so that the upstream's record of it is its own.
type Call struct {
	Method string // GET without a body, else POST
	Header http.Header
	Query  url.Values
	Body   []byte
}

// Answer is what came back and what the upstream saw of it.
type Answer struct {
	Status int
	Body   string
	Path   string
	Seen   []upstream.Request
}

var paths atomic.Int64

// NewPath is a path that no other request has.
func NewPath(prefix string) string { return fmt.Sprintf("%s%d", prefix, paths.Add(1)) }

// Bearer is a request with the token where OAuth 2.0 puts it (RFC 6750 §2.1).
func Bearer(token string) Call { return InHeader("Authorization", "Bearer "+token) }

// InHeader is a request with this header.
func InHeader(name, value string) Call { return Call{Header: http.Header{name: {value}}} }

// InQuery is a request with this parameter.
func InQuery(name, value string) Call { return Call{Query: url.Values{name: {value}}} }

// InBody is a request with a body of this type.
func InBody(contentType, body string) Call {
	return Call{Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
}

// InForm is a request with a form of one field.
func InForm(name, value string) Call {
	return InBody("application/x-www-form-urlencoded", url.Values{name: {value}}.Encode())
}

// Send sends the request to this node and returns what happened.
func (e *Env) Send(t *testing.T, node *gateway.Node, c Call) Answer {
	t.Helper()
	return e.SendTo(t, node, NewPath("/t/"), c)
}

// SendTo sends the request to this path of the node.
func (e *Env) SendTo(t *testing.T, node *gateway.Node, path string, c Call) Answer {
	t.Helper()
	request := c.Request(t, node.URL+path)
	response, err := Client.Do(request)
	if err != nil {
		t.Fatalf("%s %s: %v", request.Method, path, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", request.Method, path, err)
	}
	return Answer{response.StatusCode, string(body), path, e.Upstream.Seen(path)}
}

// Request makes the request to this URL.
func (c Call) Request(t *testing.T, target string) *http.Request {
	t.Helper()
	method := c.Method
	if method == "" {
		method = http.MethodGet
		if c.Body != nil {
			method = http.MethodPost
		}
	}
	if c.Query != nil {
		target += "?" + c.Query.Encode()
	}
	request, err := http.NewRequest(method, target, bytes.NewReader(c.Body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range c.Header {
		request.Header[name] = values // as written: case is a client's choice
	}
	return request
}

// Accepted is nil if the upstream answered, and saw the request once.
func (a Answer) Accepted() error {
	if a.Status != http.StatusOK || a.Body != "upstream" || len(a.Seen) != 1 {
		return fmt.Errorf("%s: status %d, body %q, %d requests upstream, want 200 from the upstream", a.Path, a.Status, a.Body, len(a.Seen))
	}
	return nil
}

// Refused is nil if the gateway answered 401 and the upstream saw nothing.
func (a Answer) Refused() error {
	if a.Status != http.StatusUnauthorized || len(a.Seen) != 0 {
		return fmt.Errorf("%s: status %d, body %q, %d requests upstream, want 401 and none", a.Path, a.Status, a.Body, len(a.Seen))
	}
	return nil
}

// Accept waits until this node lets the request through: the change that makes
// it do so may be on its way. It returns what the upstream saw.
func (e *Env) Accept(t *testing.T, node *gateway.Node, c Call) upstream.Request {
	t.Helper()
	var last Answer
	Within(t, Settle, func() error {
		last = e.Send(t, node, c)
		return last.Accepted()
	})
	return last.Seen[0]
}

// Refuse sends a request that must not get through, now.
func (e *Env) Refuse(t *testing.T, node *gateway.Node, c Call) Answer {
	t.Helper()
	got := e.Send(t, node, c)
	if err := got.Refused(); err != nil {
		t.Error(err)
	}
	return got
}

// And puts what two requests have into one.
func (c Call) And(other Call) Call {
	joined := Call{Method: c.Method, Header: http.Header{}, Query: url.Values{}, Body: c.Body}
	for _, one := range []Call{c, other} {
		for name, values := range one.Header {
			joined.Header[name] = append(joined.Header[name], values...)
		}
		for name, values := range one.Query {
			joined.Query[name] = append(joined.Query[name], values...)
		}
		if one.Body != nil {
			joined.Body = one.Body
		}
	}
	return joined
}
