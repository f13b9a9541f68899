package jwttest

import (
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
)

// Paths of a KeyServer.
const (
	// KeysPath has the key set.
	KeysPath = "/jwks"
	// MovedPath has the key set too, and KeyServer.Redirect leaves it alone: it
	// is where redirects lead.
	MovedPath = "/moved"
	// DiscoveryPath has the discovery document (OpenID Connect Discovery 1.0 §4).
	DiscoveryPath = "/.well-known/openid-configuration"
)

// KeyServer serves a JWK Set over HTTP on loopback, counts the requests, and
// misbehaves as it is told (keyserverfaults.go). It is safe for concurrent use.
type KeyServer struct {
	address string
	secure  bool

	mu       sync.Mutex
	server   *httptest.Server
	behave   behaviour
	requests map[string]int // by path
	header   http.Header    // of the last request
	same     int            // answers 304
}

// StartKeyServer serves these keys over http until Close.
func StartKeyServer(keys ...JWK) *KeyServer { return startKeyServer(false, keys) }

// StartTLSKeyServer serves these keys over https until Close; see CA.
func StartTLSKeyServer(keys ...JWK) *KeyServer { return startKeyServer(true, keys) }

func startKeyServer(secure bool, keys []JWK) *KeyServer {
	s := &KeyServer{address: "127.0.0.1:0", secure: secure, requests: make(map[string]int)}
	s.behave = behaviour{body: JWKS(keys...), header: make(http.Header)}
	s.Up()
	return s
}

// Up starts the server again after Down, at the same address.
func (s *KeyServer) Up() {
	s.mu.Lock()
	defer s.mu.Unlock()
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		panic("jwttest: " + err.Error())
	}
	s.address = listener.Addr().String()
	s.server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.server.Listener.Close()
	s.server.Listener = listener
	s.server.Config.ErrorLog = log.New(io.Discard, "", 0) // clients that do not trust it are tests
	if s.secure {
		s.server.StartTLS()
	} else {
		s.server.Start()
	}
}

// Down refuses connections until Up, as an issuer that is not there.
func (s *KeyServer) Down() {
	s.mu.Lock()
	server := s.server
	s.server = nil
	s.mu.Unlock()
	if server != nil {
		server.CloseClientConnections()
		server.Close()
	}
}

// Close ends the server.
func (s *KeyServer) Close() { s.Down() }

// URL returns the address of a path, as KeysPath.
func (s *KeyServer) URL(path string) string {
	if s.secure {
		return "https://" + s.address + path
	}
	return "http://" + s.address + path
}

// CA returns the certificate, in PEM, that a client of a TLS server must trust; empty
// for a server without TLS.
func (s *KeyServer) CA() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.secure {
		return ""
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.server.Certificate().Raw}))
}

// Requests returns the number of requests for the path, or, if it is empty,
// for all paths.
func (s *KeyServer) Requests(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if path != "" {
		return s.requests[path]
	}
	total := 0
	for _, n := range s.requests {
		total += n
	}
	return total
}

// NotModified returns how many requests were answered with 304.
func (s *KeyServer) NotModified() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.same
}

// LastHeader returns the header of the last request.
func (s *KeyServer) LastHeader() http.Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.header.Clone()
}
