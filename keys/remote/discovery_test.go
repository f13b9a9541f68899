package remote

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
)

const issuer = "https://issuer.example"

func TestDiscovery(t *testing.T) {
	other := jwttest.StartKeyServer(keyB)
	defer other.Close()
	tests := []struct {
		name   string
		tell   func(b *bench)
		path   string
		issuer string
		want   string
	}{
		{"by its URL", func(b *bench) { b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath)) }, jwttest.DiscoveryPath, issuer, "a"},
		{"any issuer", func(b *bench) { b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath)) }, jwttest.DiscoveryPath, "", "a"},
		{"by its content", func(b *bench) {
			b.server.SetBody(`{"issuer":"` + issuer + `","jwks_uri":"` + other.URL(jwttest.KeysPath) + `"}`)
		}, jwttest.KeysPath, issuer, "b"},
		{"keys on another host", func(b *bench) { b.server.Discovery(issuer, other.URL(jwttest.KeysPath)) }, jwttest.DiscoveryPath, issuer, "b"},
		{"a key set that has jwks_uri too", func(b *bench) {
			b.server.SetBody(`{"issuer":"x","jwks_uri":"y",` + jwttest.JWKS(keyA)[1:])
		}, jwttest.KeysPath, issuer, "a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, nil)
			test.tell(b)
			s := b.acquire(Config{URL: b.server.URL(test.path), Issuer: test.issuer, Algorithms: everything})
			b.wantIDs(s.Set(), test.want)
			if st := s.Status(); st.URL != b.server.URL(test.path) || !strings.HasSuffix(st.Endpoint, jwttest.KeysPath) {
				t.Errorf("status %+v", st)
			}
		})
	}
}

func TestDiscoveryRefuses(t *testing.T) {
	tests := []struct {
		name     string
		document func(b *bench) string
		want     error
	}{
		{"another issuer", func(b *bench) string {
			return `{"issuer":"https://other.example","jwks_uri":"` + b.server.URL(jwttest.MovedPath) + `"}`
		}, ErrIssuer},
		{"the issuer with a slash", func(b *bench) string {
			return `{"issuer":"` + issuer + `/","jwks_uri":"` + b.server.URL(jwttest.MovedPath) + `"}`
		}, ErrIssuer},
		{"the issuer in another case", func(b *bench) string {
			return `{"issuer":"` + strings.ToUpper(issuer) + `","jwks_uri":"` + b.server.URL(jwttest.MovedPath) + `"}`
		}, ErrIssuer},
		{"issuer no string", func(b *bench) string {
			return `{"issuer":["` + issuer + `"],"jwks_uri":"` + b.server.URL(jwttest.MovedPath) + `"}`
		}, ErrDiscovery},
		{"issuer twice", func(b *bench) string {
			return `{"issuer":"x","issuer":"` + issuer + `","jwks_uri":"` + b.server.URL(jwttest.MovedPath) + `"}`
		}, ErrDiscovery},
		{"no jwks_uri", func(*bench) string { return `{"issuer":"` + issuer + `"}` }, ErrDiscovery},
		{"http", func(*bench) string { return `{"issuer":"` + issuer + `","jwks_uri":"http://10.0.0.1/jwks"}` }, ErrURL},
		{"a file", func(*bench) string { return `{"issuer":"` + issuer + `","jwks_uri":"file:///etc/passwd"}` }, ErrURL},
		{"garbage", func(*bench) string { return "<html>" }, ErrDiscovery},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, nil)
			b.server.SetBody(test.document(b))
			u := mustURL(t, b.server.URL(jwttest.KeysPath))
			d, err := discover(u, []byte(test.document(b)), false)
			if errors.Is(test.want, ErrIssuer) {
				if err != nil || (want{issuer: issuer}).accepts(provenance{issuer: d.issuer}) {
					t.Errorf("%v, %v", d, err)
				}
			} else if !errors.Is(err, test.want) {
				t.Errorf("got %v", err)
			}
			s := b.acquire(Config{URL: u.String(), Issuer: issuer, Algorithms: everything})
			b.wantIDs(s.Set(), "")
			if st := s.Status(); st.Failures != 1 || st.LastError == "" {
				t.Errorf("status %+v", st)
			}
			if b.server.Requests(jwttest.MovedPath) != 0 {
				t.Error("jwks_uri was fetched")
			}
		})
	}
}

// A URL that says that it is a discovery document must be one: a key set there has nobody's word for its issuer.
func TestDiscoveryByURLIsNoKeySet(t *testing.T) {
	keySet := []byte(jwttest.JWKS(keyA))
	u := mustURL(t, issuer+"/tenant"+discoverySuffix+"?x")
	if !isDiscovery(u, keySet) || isDiscovery(mustURL(t, issuer+"/jwks"), keySet) {
		t.Error("the URL must decide")
	}
	if _, err := discover(u, keySet, false); err == nil {
		t.Error("a key set passes for a discovery document")
	}
}

// An entity tag is sent to where it came from only.
func TestEntityTagIsOfItsURL(t *testing.T) {
	o := origin{etag: `"tag"`, etagOf: issuer + "/jwks"}
	if o.tag(mustURL(t, issuer+"/jwks")) == "" || o.tag(mustURL(t, issuer+"/moved")) != "" {
		t.Error("the tag is sent elsewhere")
	}
}

// A document on https leads to no http, be it on loopback, unless http is allowed.
func TestDiscoveryDoesNotLeaveTLS(t *testing.T) {
	from := mustURL(t, "https://issuer.example"+discoverySuffix)
	document := []byte(`{"issuer":"` + issuer + `","jwks_uri":"http://127.0.0.1:8080/jwks"}`)
	if _, err := discover(from, document, false); !errors.Is(err, ErrURL) {
		t.Errorf("got %v", err)
	}
	if _, err := discover(from, document, true); err != nil {
		t.Error(err)
	}
}

// The document is read again with each fetch of its set, for an unknown key too: the key may be at another URL.
func TestDiscoveryIsReadAgain(t *testing.T) {
	b := newBench(t, nil)
	b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath))
	s := b.acquire(Config{URL: b.server.URL(jwttest.DiscoveryPath), Issuer: issuer, Algorithms: everything})
	want := func(documents, sets int) {
		t.Helper()
		if d, k := b.server.Requests(jwttest.DiscoveryPath), b.server.Requests(jwttest.KeysPath)+b.server.Requests(jwttest.MovedPath); d != documents || k != sets {
			t.Errorf("%d documents and %d sets were fetched, want %d and %d", d, k, documents, sets)
		}
	}
	want(1, 1)
	b.advance(DefaultDemandInterval)
	s.Refresh(t.Context(), s.Set())
	b.clock.asleep(t, 1)
	want(2, 2)
	b.advance(DefaultRefresh)
	want(3, 3)
	b.server.Discovery(issuer, b.server.URL(jwttest.MovedPath))
	b.server.Redirect("https://moved.example") // the old URL is of no use any more
	b.server.SetKeys(keyA, keyB)
	b.wantIDs(s.Refresh(t.Context(), s.Set()), "a b")
	b.clock.asleep(t, 1)
	if st := s.Status(); st.Failures != 0 || !strings.HasSuffix(st.Endpoint, jwttest.MovedPath) {
		t.Errorf("%+v", st)
	}
	if n := b.server.Requests(jwttest.MovedPath); n != 1 {
		t.Errorf("the new URL was fetched %d times", n)
	}
}

// The document and the set are asked for at the same time, so that who waits for a key waits for one answer's time.
func TestDocumentAndSetTogether(t *testing.T) {
	const delay = 300 * time.Millisecond
	b := newBench(t, nil)
	b.server.Discovery(issuer, b.server.URL(jwttest.KeysPath))
	s := b.acquire(Config{URL: b.server.URL(jwttest.DiscoveryPath), Issuer: issuer, Algorithms: everything})
	b.server.Delay(delay)
	b.server.SetKeys(keyA, keyB)
	start := time.Now()
	b.wantIDs(s.Refresh(t.Context(), s.Set()), "a b")
	if took := time.Since(start); took > 2*delay {
		t.Errorf("it took %s", took)
	}
}

func TestTLS(t *testing.T) {
	server := jwttest.StartTLSKeyServer(keyA)
	defer server.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(file, []byte(server.CA()), 0o600); err != nil {
		t.Fatal(err)
	}
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
			b := newBench(t, nil)
			c := Config{URL: server.URL(jwttest.KeysPath), CA: test.ca, CAFile: test.file, Algorithms: everything}
			s := b.acquire(c)
			b.wantIDs(s.Set(), test.want)
			if st := s.Status(); (st.LastError == "") != (test.want != "") {
				t.Errorf("error %q", st.LastError)
			}
		})
	}
	server.Redirect(strings.Replace(server.URL(jwttest.MovedPath), "https:", "http:", 1))
	b := newBench(t, nil)
	s := b.acquire(Config{URL: server.URL(jwttest.KeysPath), CA: server.CA(), AllowHTTP: true, Algorithms: everything})
	if st := s.Status(); !strings.Contains(st.LastError, ErrRedirect.Error()) {
		t.Errorf("a redirect from https to http: %q", st.LastError)
	}
}

// A file with another CA is heeded without a restart.
func TestCAFileIsReadAnew(t *testing.T) {
	server := jwttest.StartTLSKeyServer(keyA)
	defer server.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	b := newBench(t, nil)
	s := b.acquire(Config{URL: server.URL(jwttest.KeysPath), CAFile: file, Algorithms: everything})
	b.wantIDs(s.Set(), "")
	if err := os.WriteFile(file, []byte(server.CA()), 0o600); err != nil {
		t.Fatal(err)
	}
	b.advance(time.Second)
	b.wantIDs(s.Set(), "a")
}

// Only the proxy that the options name is used; the environment says nothing.
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
			b := newBench(t, func(o *Options) { o.Proxy = test.proxy })
			s := b.acquire(Config{URL: "http://issuer.invalid" + jwttest.KeysPath, AllowHTTP: true, Algorithms: everything})
			b.wantIDs(s.Set(), test.want)
		})
	}
}
