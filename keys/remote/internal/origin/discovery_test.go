package origin

import (
	"errors"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
)

func TestDiscoveryRefuses(t *testing.T) {
	tests := []struct {
		name     string
		document func(s *jwttest.KeyServer) string
		want     error
	}{
		{"another issuer", func(s *jwttest.KeyServer) string {
			return `{"issuer":"https://other.example","jwks_uri":"` + s.URL(jwttest.MovedPath) + `"}`
		}, ErrIssuer},
		{"the issuer with a slash", func(s *jwttest.KeyServer) string {
			return `{"issuer":"` + issuer + `/","jwks_uri":"` + s.URL(jwttest.MovedPath) + `"}`
		}, ErrIssuer},
		{"the issuer in another case", func(s *jwttest.KeyServer) string {
			return `{"issuer":"` + strings.ToUpper(issuer) + `","jwks_uri":"` + s.URL(jwttest.MovedPath) + `"}`
		}, ErrIssuer},
		{"issuer no string", func(s *jwttest.KeyServer) string {
			return `{"issuer":["` + issuer + `"],"jwks_uri":"` + s.URL(jwttest.MovedPath) + `"}`
		}, ErrDiscovery},
		{"issuer twice", func(s *jwttest.KeyServer) string {
			return `{"issuer":"x","issuer":"` + issuer + `","jwks_uri":"` + s.URL(jwttest.MovedPath) + `"}`
		}, ErrDiscovery},
		{"no jwks_uri", func(*jwttest.KeyServer) string { return `{"issuer":"` + issuer + `"}` }, ErrDiscovery},
		{"http", func(*jwttest.KeyServer) string {
			return `{"issuer":"` + issuer + `","jwks_uri":"http://10.0.0.1/jwks"}`
		}, ErrURL},
		{"a file", func(*jwttest.KeyServer) string { return `{"issuer":"` + issuer + `","jwks_uri":"file:///etc/passwd"}` }, ErrURL},
		{"garbage", func(*jwttest.KeyServer) string { return "<html>" }, ErrDiscovery},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := startServer(t)
			server.SetBody(test.document(server))
			u := mustURL(t, server.URL(jwttest.KeysPath))
			d, err := discover(u, []byte(test.document(server)), false)
			if errors.Is(test.want, ErrIssuer) {
				if err != nil || d.issuer == issuer {
					t.Errorf("%v, %v", d, err)
				}
			} else if !errors.Is(err, test.want) {
				t.Errorf("got %v", err)
			}
			if got, err := fetchIDs(t, originOf(Config{URL: u.String()}), false); err == nil {
				t.Errorf("the set has the keys %q", got)
			}
			if server.Requests(jwttest.MovedPath) != 0 {
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
