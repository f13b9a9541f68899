package main

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"apinto-jwt/issuer"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
)

// testNow is the time in tests.
var testNow = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// longSecret is long enough for every HS algorithm, so that nothing warns.
const longSecret = "S3cret-S3cret-S3cret-S3cret-S3cret-S3cret-S3cret-S3cret-S3cret-S3cret"

// The documented example: header {"alg":"HS256","typ":"JWT"}, secret "apinto".
const (
	exampleSecret  = "apinto"
	examplePayload = `{"sub":"1234567890","iss":"apinto","name":"John Doe","iat":1516239022,"exp":1713339896}`
	exampleToken   = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." +
		"eyJzdWIiOiIxMjM0NTY3ODkwIiwiaXNzIjoiYXBpbnRvIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyLCJleHAiOjE3MTMzMzk4OTZ9." +
		"UrAQMDKwzLnR_d2HmkP2C0LzoQun0l9OaNFEaqeUdZU"
)

// result is the outcome of a run of the program.
type result struct {
	code     int
	out, err string
}

// session is how tests run the program.
type session struct {
	t     *testing.T
	stdin string
	env   map[string]string
}

// run runs the program at testNow.
func (s session) run(args ...string) result {
	s.t.Helper()
	var out, errOut bytes.Buffer
	tool := &tool{
		in: strings.NewReader(s.stdin), out: &out, err: &errOut,
		now: func() time.Time { return testNow }, getenv: func(name string) string { return s.env[name] },
	}
	code := tool.run(append([]string{"jwtctl"}, args...))
	return result{code, out.String(), errOut.String()}
}

// ok runs the program and wants it to succeed without a word on standard error.
func (s session) ok(args ...string) string {
	s.t.Helper()
	r := s.run(args...)
	if r.code != exitOK || r.err != "" {
		s.t.Fatalf("jwtctl %q: exit status %d, %s%s", args, r.code, r.out, r.err)
	}
	return r.out
}

// file writes a file in a directory of the test's own.
func (s session) file(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), name)
	must.Succeed(s.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// pair is a key pair in PEM.
type pair struct {
	private keys.Secret
	public  string
}

// rsaPair is one RSA key pair for all tests: making one takes a second under the race detector.
var rsaPair = sync.OnceValue(func() pair { return makePair(keys.RS256) })

func makePair(alg keys.Algorithm) pair {
	private, public, err := issuer.GenerateKeyPair(alg, 0)
	if err != nil {
		panic(err)
	}
	return pair{private, public}
}

// newPair returns a key pair for the algorithm.
func newPair(alg keys.Algorithm) pair {
	if alg.Kind() == keys.KindRSA {
		return rsaPair()
	}
	return makePair(alg)
}

// encode makes a token's text of three parts; the third is the signature's bytes.
func encode(header, payload, signature string) string {
	e := base64.RawURLEncoding.EncodeToString
	return e([]byte(header)) + "." + e([]byte(payload)) + "." + e([]byte(signature))
}

// hs256 returns a token signed with longSecret.
func hs256(t *testing.T, payload string) string {
	t.Helper()
	key, err := issuer.NewSecretKey("", []byte(longSecret), keys.HS256)
	must.Succeed(t, err)
	raw, err := key.Sign(issuer.Header{Type: "JWT"}, []byte(payload))
	must.Succeed(t, err)
	return raw
}
