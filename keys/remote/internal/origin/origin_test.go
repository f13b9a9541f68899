package origin

import (
	"crypto/elliptic"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/keys"
)

// issuer is whose keys the tests want.
const issuer = "https://issuer.example"

// Keys of the tests.
var (
	keyA = jwttest.NewJWK("a", jwttest.ECKey(elliptic.P256()))
	keyB = jwttest.NewJWK("b", jwttest.OtherECKey(elliptic.P256()))
)

// startServer starts a server that has keyA.
func startServer(t *testing.T) *jwttest.KeyServer {
	t.Helper()
	server := jwttest.StartKeyServer(keyA)
	t.Cleanup(server.Close)
	return server
}

// originOf returns an origin for users who want the issuer, and do not allow http.
func originOf(c Config) *Origin {
	c.Timeout = 10 * time.Second
	c.Wanted = func(p Provenance) bool { return p.Issuer == issuer && !p.HTTP }
	return New(c)
}

// fetchIDs fetches once; the result are the key IDs of the set: "a b".
func fetchIDs(t *testing.T, o *Origin, allowHTTP bool) (string, error) {
	t.Helper()
	r, err := o.Fetch(t.Context(), allowHTTP, time.Now())
	if err != nil {
		return "", err
	}
	var ids []string
	for _, k := range r.Set.Keys() {
		ids = append(ids, k.ID())
	}
	return strings.Join(ids, " "), nil
}

func TestGoodAnswers(t *testing.T) {
	tests := []struct {
		name     string
		tell     func(s *jwttest.KeyServer)
		requests int
	}{
		{"redirect to the same host", func(s *jwttest.KeyServer) { s.Redirect(s.URL(jwttest.MovedPath)) }, 2},
		{"the largest", func(s *jwttest.KeyServer) { s.Oversize(keys.MaxJWKSSize) }, 1},
		{"one key", func(s *jwttest.KeyServer) {
			s.SetBody(strings.TrimSuffix(strings.TrimPrefix(jwttest.JWKS(keyA), `{"keys":[`), "]}"))
		}, 1},
		{"a bad key beside a good one", func(s *jwttest.KeyServer) { s.SetKeys(keyB.With("x", "AAAA"), keyA) }, 1},
		{"another content type", func(s *jwttest.KeyServer) { s.SetHeader("Content-Type", "text/html") }, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := startServer(t)
			test.tell(server)
			got, err := fetchIDs(t, originOf(Config{URL: server.URL(jwttest.KeysPath)}), false)
			if got != "a" {
				t.Errorf("the set has the keys %q, the error is %v", got, err)
			}
			if n := server.Requests(""); n != test.requests {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// An entity tag is sent to where it came from only.
func TestEntityTagIsOfItsURL(t *testing.T) {
	o := Origin{etag: `"tag"`, etagOf: issuer + "/jwks"}
	if o.tag(mustURL(t, issuer+"/jwks")) == "" || o.tag(mustURL(t, issuer+"/moved")) != "" {
		t.Error("the tag is sent elsewhere")
	}
}

// A set that is the same is not read again; after a failure the first answer is.
func TestFailureForgetsTheEntityTag(t *testing.T) {
	server := startServer(t)
	server.ETags(true)
	o := originOf(Config{URL: server.URL(jwttest.KeysPath)})
	fetch := func() (*Result, error) { return o.Fetch(t.Context(), false, time.Now()) }
	if r, err := fetch(); err != nil || r.Set.Len() != 1 || r.Endpoint != server.URL(jwttest.KeysPath) {
		t.Fatalf("%+v, %v", r, err)
	}
	if r, err := fetch(); err != nil || r.Set != nil || server.NotModified() != 1 {
		t.Errorf("the same: %+v, %v", r, err)
	}
	server.Fail(500)
	if _, err := fetch(); err == nil {
		t.Error("a failure passes for an answer")
	}
	server.Fail(200)
	if r, err := fetch(); err != nil || r.Set == nil || server.NotModified() != 1 {
		t.Errorf("after a failure: %+v, %v", r, err)
	}
}
