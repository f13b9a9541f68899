// Package upstream is the HTTP server behind the gateway in end-to-end runs. It
// keeps every request that reaches it, so that a test can say what the gateway
// forwarded and, above all, that it forwarded nothing.
package upstream

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
)

// Request is what reached the upstream.
type Request struct {
	Method string
	Path   string
	Query  url.Values
	Header http.Header
	Body   []byte
}

// Server answers every request with 200 and the body "upstream". Requests with
// /load/ in their path are counted and not kept.
type Server struct {
	server *httptest.Server

	mu       sync.Mutex
	requests []Request
	total    int
}

// Start begins to listen on a free loopback port.
func Start() *Server {
	s := &Server{}
	s.server = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

// Address is host:port, as a gateway's service wants it.
func (s *Server) Address() string { return s.server.Listener.Addr().String() }

// Close stops the server.
func (s *Server) Close() { s.server.Close() }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.record(Request{r.Method, r.URL.Path, r.URL.Query(), r.Header.Clone(), body})
	io.WriteString(w, "upstream")
}

func (s *Server) record(request Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total++
	if !strings.Contains(request.Path, "/load/") {
		s.requests = append(s.requests, request)
	}
}

// Seen are the requests with this path, in the order of their arrival.
func (s *Server) Seen(path string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var seen []Request
	for _, request := range s.requests {
		if request.Path == path {
			seen = append(seen, request)
		}
	}
	return seen
}

// Total counts all requests since the start.
func (s *Server) Total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total
}

// Text is all of a request that a credential could be in.
func (r Request) Text() string {
	var b strings.Builder
	b.WriteString(r.Method + " " + r.Path + "?" + r.Query.Encode() + "\n")
	for name, values := range r.Header {
		b.WriteString(name + ": " + strings.Join(values, ", ") + "\n")
	}
	b.WriteString("\n")
	b.Write(r.Body)
	return b.String()
}
