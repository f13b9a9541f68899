package jwttest

import (
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
)

// get asks the server as a client that trusts its CA and follows no redirect.
func get(t *testing.T, s *KeyServer, path, ifNoneMatch string) (*http.Response, string) {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(s.CA()))
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: pool}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, err := http.NewRequest(http.MethodGet, s.URL(path), nil)
	must.Succeed(t, err)
	request.Header.Set("If-None-Match", ifNoneMatch)
	response, err := client.Do(request)
	must.Succeed(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must.Succeed(t, err)
	return response, string(body)
}

func TestKeyServerBehaviour(t *testing.T) {
	key := NewJWK("a", ECKey(elliptic.P256()))
	tests := []struct {
		name   string
		tell   func(s *KeyServer)
		path   string
		status int
		body   string // its beginning
	}{
		{"keys", func(*KeyServer) {}, KeysPath, 200, JWKS(key)},
		{"swapped", func(s *KeyServer) { s.SetKeys() }, KeysPath, 200, `{"keys":[]}`},
		{"garbage", func(s *KeyServer) { s.SetBody("<html>") }, KeysPath, 200, "<html>"},
		{"failing", func(s *KeyServer) { s.Fail(503) }, KeysPath, 503, ""},
		{"no longer failing", func(s *KeyServer) { s.Fail(503); s.Fail(200) }, KeysPath, 200, JWKS(key)},
		{"redirected", func(s *KeyServer) { s.Redirect("/moved") }, KeysPath, 302, ""},
		{"behind the redirect", func(s *KeyServer) { s.Redirect("/moved") }, MovedPath, 200, JWKS(key)},
		{"no discovery document", func(*KeyServer) {}, DiscoveryPath, 404, ""},
		{"discovery", func(s *KeyServer) { s.Discovery("i", "u") }, DiscoveryPath, 200, `{"issuer":"i","jwks_uri":"u"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := StartKeyServer(key)
			defer s.Close()
			test.tell(s)
			response, body := get(t, s, test.path, "")
			if response.StatusCode != test.status || !strings.HasPrefix(body, test.body) {
				t.Errorf("got %d %s", response.StatusCode, body)
			}
			if s.Requests(test.path) != 1 || s.Requests("") != 1 {
				t.Errorf("counted %d and %d", s.Requests(test.path), s.Requests(""))
			}
		})
	}
}

func TestKeyServerETag(t *testing.T) {
	s := StartTLSKeyServer(NewJWK("a", Ed25519Key()))
	defer s.Close()
	s.ETags(true)
	s.SetHeader("Cache-Control", "max-age=60")
	first, _ := get(t, s, KeysPath, "")
	second, body := get(t, s, KeysPath, first.Header.Get("ETag"))
	if second.StatusCode != http.StatusNotModified || body != "" || s.NotModified() != 1 {
		t.Errorf("got %d %q", second.StatusCode, body)
	}
	if second.Header.Get("Cache-Control") != "max-age=60" || s.LastHeader().Get("If-None-Match") == "" {
		t.Errorf("headers %v, %v", second.Header, s.LastHeader())
	}
	s.SetKeys()
	if third, _ := get(t, s, KeysPath, first.Header.Get("ETag")); third.StatusCode != http.StatusOK {
		t.Errorf("a changed set was answered with %d", third.StatusCode)
	}
}

func TestKeyServerDownUpDelayOversize(t *testing.T) {
	s := StartKeyServer()
	defer s.Close()
	url := s.URL(KeysPath)
	s.Down()
	if _, err := http.Get(url); err == nil {
		t.Error("it answers while it is down")
	}
	s.Up()
	if s.URL(KeysPath) != url {
		t.Errorf("it moved from %s to %s", url, s.URL(KeysPath))
	}
	s.Delay(30 * time.Millisecond)
	s.Oversize(5000)
	start := time.Now()
	if _, body := get(t, s, KeysPath, ""); len(body) != 5000 {
		t.Errorf("got %d bytes", len(body))
	}
	if took := time.Since(start); took < 30*time.Millisecond {
		t.Errorf("it took %s", took)
	}
}

func TestJWKMembers(t *testing.T) {
	k := NewJWK("s", []byte("secret"))
	if k["kty"] != "oct" || k["k"] != "c2VjcmV0" || k["kid"] != "s" {
		t.Errorf("got %v", k)
	}
	if k.With("alg", "HS256")["alg"] != "HS256" || k["alg"] != nil || k.Without("kid")["kid"] != nil || k["kid"] != "s" {
		t.Error("With and Without must make copies")
	}
}
