package origin

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
)

// Exactly MaxRedirects are followed.
func TestRedirectLimit(t *testing.T) {
	for redirects, want := range map[int]bool{MaxRedirects: true, MaxRedirects + 1: false} {
		next, via := &http.Request{URL: mustURL(t, "https://a.example/x")}, []*http.Request(nil)
		for range redirects {
			via = append(via, &http.Request{URL: mustURL(t, "https://a.example/y")})
		}
		if err := checkRedirect(next, via); (err == nil) != want {
			t.Errorf("redirect %d: %v", redirects, err)
		}
	}
}

func TestTLS(t *testing.T) {
	server := jwttest.StartTLSKeyServer(keyA)
	defer server.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, "ca.pem")
	must.Succeed(t, os.WriteFile(file, []byte(server.CA()), 0o600))
	tests := []struct {
		name     string
		ca, file string
		want     string
	}{
		{"CA", server.CA(), "", "a"},
		{"CA in a file", "", file, "a"},
		{"an unknown CA", "", "", ""},
		{"no such file", "", filepath.Join(dir, "other.pem"), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := originOf(Config{URL: server.URL(jwttest.KeysPath), CA: test.ca, CAFile: test.file})
			got, err := fetchIDs(t, o, false)
			if got != test.want || (err == nil) != (test.want != "") {
				t.Errorf("the set has the keys %q, the error is %v", got, err)
			}
		})
	}
	server.Redirect(strings.Replace(server.URL(jwttest.MovedPath), "https:", "http:", 1))
	o := originOf(Config{URL: server.URL(jwttest.KeysPath), CA: server.CA()})
	if _, err := fetchIDs(t, o, true); !errors.Is(err, ErrRedirect) {
		t.Errorf("a redirect from https to http: %v", err)
	}
}

// A file with another CA is heeded without a restart.
func TestCAFileIsReadAnew(t *testing.T) {
	server := jwttest.StartTLSKeyServer(keyA)
	defer server.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	o := originOf(Config{URL: server.URL(jwttest.KeysPath), CAFile: file})
	if got, err := fetchIDs(t, o, false); got != "" || !errors.Is(err, ErrCA) {
		t.Errorf("without the file: %q, %v", got, err)
	}
	must.Succeed(t, os.WriteFile(file, []byte(server.CA()), 0o600))
	if got, err := fetchIDs(t, o, false); got != "a" {
		t.Errorf("with the file: %q, %v", got, err)
	}
}

// Only the proxy that the configuration names is used; the environment says nothing.
func TestProxy(t *testing.T) {
	proxy := jwttest.StartKeyServer(keyB)
	defer proxy.Close()
	toProxy := func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL("")) }
	tests := []struct {
		name  string
		proxy func(*http.Request) (*url.URL, error)
		want  string
	}{{"none", nil, ""}, {"one", toProxy, "b"}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("HTTP_PROXY", proxy.URL(""))
			o := originOf(Config{URL: "http://issuer.invalid" + jwttest.KeysPath, Proxy: test.proxy})
			if got, err := fetchIDs(t, o, true); got != test.want {
				t.Errorf("the set has the keys %q, the error is %v", got, err)
			}
		})
	}
}
