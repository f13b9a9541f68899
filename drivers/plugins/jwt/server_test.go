package jwt

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
)

// server is the gateway's HTTP server with a filter and, behind it, do.
type server struct {
	t     *testing.T
	write func(text string)
	read  *bufio.Reader

	mu    sync.Mutex
	paths []string // of the requests that the server took
}

func serve(t *testing.T, f *filter, route func(http_service.IHttpContext), do func(eocontext.EoContext)) *server {
	t.Helper()
	s := &server{t: t}
	conn := host.Serve(t, func(ctx http_service.IHttpContext) {
		s.mu.Lock()
		s.paths = append(s.paths, ctx.Request().URI().Path())
		s.mu.Unlock()
		if route != nil {
			route(ctx)
		}
		if err := (eocontext.Filters{f, &last{do: do}}).DoChain(ctx); err != nil {
			t.Error(err)
		}
	})()
	s.read = bufio.NewReader(conn)
	s.write = func(text string) {
		go func() { _, _ = io.WriteString(conn, text) }() // the server may close before all is read
	}
	return s
}

// answer returns the next answer of the server and whether it closes the connection.
func (s *server) answer(method string) (status int, closes bool, body string) {
	s.t.Helper()
	response, err := http.ReadResponse(s.read, &http.Request{Method: method})
	must.Succeed(s.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	must.Succeed(s.t, err)
	return response.StatusCode, response.Close, string(text)
}

// What is left of a refused request's body is not taken for the next request.
func TestBodyOfARefusedRequest(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	const smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"
	tests := []struct {
		name, head, body string
		closes           bool
	}{
		{"none", "", "", false},
		{"small", "Content-Length: %d\r\n", "a=1", false},
		{"large", "Content-Length: %d\r\n", strings.Repeat("x", 100<<10) + smuggled, false},
		{"too large", "Content-Length: %d\r\n", strings.Repeat("x", hosthttp.MaxUnread) + smuggled, true},
		{"chunked", "Transfer-Encoding: chunked\r\n", chunkOf("a=1") + chunkOf(smuggled) + "0\r\n\r\n", false},
		{"chunked, too large", "Transfer-Encoding: chunked\r\n", chunkOf(strings.Repeat("x", hosthttp.MaxUnread)) + chunkOf(smuggled) + "0\r\n\r\n", true},
		{"chunked, broken", "Transfer-Encoding: chunked\r\n", chunkOf("a=1") + "zz\r\n" + smuggled, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, r.filter(`{}`), nil, nil)
			head := test.head
			if strings.Contains(head, "%d") {
				head = fmt.Sprintf(head, len(test.body))
			}
			s.write("POST /first HTTP/1.1\r\nHost: h\r\n" + head + "\r\n" + test.body)
			status, closes, _ := s.answer("POST")
			if status != 401 || closes != test.closes {
				t.Errorf("status %d, closes %v, want 401, %v", status, closes, test.closes)
			}
			if !test.closes {
				s.write("GET /second HTTP/1.1\r\nHost: h\r\n\r\n")
				s.answer("GET")
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, path := range s.paths {
				if path != "/first" && path != "/second" {
					t.Errorf("the server took a request for %s out of a body", path)
				}
			}
		})
	}
}

// HEAD has no body, and the length that GET has.
func TestHead(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	s := serve(t, r.filter(`{}`), nil, nil)
	s.write("HEAD /first HTTP/1.1\r\nHost: h\r\n\r\n")
	if status, _, body := s.answer("HEAD"); status != 401 || body != "" {
		t.Errorf("status %d, body %q", status, body)
	}
	s.write("GET /second HTTP/1.1\r\nHost: h\r\n\r\n")
	if status, _, body := s.answer("GET"); status != 401 || body == "" {
		t.Errorf("status %d, body %q", status, body)
	}
}

// A trailer field is no way round the filter: neither when the driver reads the body, nor when a later plugin does, nor
// between two attempts to send.
func TestTrailerFields(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	r.gateway.MustPut("form", `{"auth":[{"type":"jwt","position":"body","token_name":"t","config":{"algorithm":"HS256","secret":"`+
		secretOf("form")+`","path":"sub"},"users":[{"pattern":{"username":"ann"}}]}]}`)
	inHeader := "Authorization: Bearer " + r.tokenOf("shop", nil) + "\r\n"
	readBody := func(ctx http_service.IHttpContext) {
		if _, err := ctx.Proxy().Body().RawBody(); err != nil {
			t.Error(err)
		}
	}
	tests := []struct {
		name, head, body string
		plugin, attempt  func(http_service.IHttpContext)
		want             string
	}{
		{name: "not read", head: inHeader, body: "a=1", want: "ann"},
		{name: "read by the driver", body: "t=" + r.tokenOf("form", nil), want: "ann"},
		{name: "read by the driver in vain", body: "u=1"},
		{name: "read by a later plugin", head: inHeader, body: "a=1", plugin: readBody, want: "ann"},
		{name: "read by the first attempt", head: inHeader, body: "a=1", attempt: readBody, want: "ann"},
		{name: "read by a later plugin, no token", head: "X-Kind: other\r\n", body: "", plugin: readBody},
	}
	for _, test := range tests {
		for _, announced := range []string{"", "Trailer: X-User\r\n"} {
			t.Run(test.name+" "+announced, func(t *testing.T) {
				sent := make(chan string, 3)
				route := func(ctx http_service.IHttpContext) {
					ctx.SetCompleteHandler(attempts{sent, test.attempt})
					ctx.SetBalance(nodes{})
				}
				s := serve(t, r.filter(`{"required":false,"claims_to_headers":{"sub":"X-User"}}`), route, func(ctx eocontext.EoContext) {
					request := ctx.(http_service.IHttpContext)
					if test.plugin != nil {
						test.plugin(request)
					}
					if got := request.Proxy().Header().Headers()["X-User"]; strings.Join(got, "|") != test.want {
						t.Errorf("the host's map has X-User %q", got)
					}
					if err := ctx.GetComplete().Complete(ctx); err != nil {
						t.Error(err)
					}
				})
				s.write("POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n" +
					test.head + announced + "\r\n" + chunkOf(test.body) + "0\r\nX-User: eve\r\nx_user: eve\r\n\r\n")
				if status, _, _ := s.answer("POST"); status != 200 {
					t.Fatalf("status %d", status)
				}
				for range 3 {
					headers := <-sent
					if strings.Contains(headers, "eve") || strings.Contains(headers, "Trailer") ||
						strings.Count(headers, "X-User:") != len(test.want)/len("ann") {
						t.Errorf("the upstream gets\n%s", headers)
					}
				}
			})
		}
	}
}

func chunkOf(text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf("%x\r\n%s\r\n", len(text), text)
}

// attempts sends a request twice, as the host does when the first attempt fails.
type attempts struct {
	sent    chan<- string
	between func(http_service.IHttpContext)
}

func (a attempts) Complete(ctx eocontext.EoContext) error {
	request := ctx.(http_service.IHttpContext)
	a.sent <- hosthttp.Raw(request.Proxy()).Header.String()
	for range 2 {
		if _, _, err := ctx.GetBalance().Select(ctx); err != nil {
			return err
		}
		a.sent <- hosthttp.Raw(request.Proxy()).Header.String()
		if a.between != nil {
			a.between(request)
		}
	}
	_, err := request.Proxy().Body().RawBody()
	return err
}

// nodes are those of an upstream.
type nodes struct{ eocontext.BalanceHandler }

func (nodes) Select(eocontext.EoContext) (eocontext.INode, int, error) { return nil, 0, nil }
