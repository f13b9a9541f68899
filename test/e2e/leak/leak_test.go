package leak

import (
	"crypto/elliptic"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
)

const (
	secret   = `a "secret" of many characters, <&>`
	password = "correct horse"
)

// registered are secrets of every kind, among a thousand others.
func registered(t *testing.T) (s *Secrets, token string) {
	t.Helper()
	s = &Secrets{}
	for n := range 1000 {
		s.Token(jwttest.Sign(t, "HS256", secret, nil, map[string]any{"sub": fmt.Sprint(n), "with": "a payload"}))
	}
	token = jwttest.Sign(t, "HS256", secret, nil, map[string]any{"sub": "ann", "with": "a payload"})
	s.Tokens("GET /?token=" + token + "&a=b")
	s.Secret(Password, password)
	s.Configuration(fmt.Appendf(nil, `{"auth":[{"config":{"secret":%q,"jwks":%q,"issue":{"private_key":%q}}}]}`,
		secret, `{"keys":[{"k":"a-secret-in-a-key-set"}]}`, jwttest.PrivatePEM(jwttest.ECKey(elliptic.P256()))))
	s.Key(jwttest.RSAKey(2048))
	return s, token
}

// search is what is found in one log.
func searchIn(t *testing.T, s *Secrets, log string, known ...Known) Report {
	t.Helper()
	e, err := NewEvidence()
	must.Succeed(t, err)
	t.Cleanup(func() {
		if err := e.Remove(); err != nil {
			t.Error(err)
		}
	})
	dir := filepath.Join(t.TempDir(), "log")
	must.Succeed(t, os.Mkdir(dir, 0o700))
	must.Succeed(t, os.WriteFile(filepath.Join(dir, "error.log"), []byte(log), 0o600))
	must.Succeed(t, e.Keep(dir))
	report, err := e.Search(s, known)
	must.Succeed(t, err)
	return report
}

func TestSearchFinds(t *testing.T) {
	s, token := registered(t)
	parts := strings.Split(token, ".")
	rsaLines := strings.Split(jwttest.PrivatePEM(jwttest.RSAKey(2048)), "\n")
	ecLines := strings.Split(jwttest.PrivatePEM(jwttest.ECKey(elliptic.P256())), "\n")
	for name, text := range map[string]string{
		"token": token, "payload": parts[1], "signature": parts[2], "begin of the signature": parts[2][:signaturePrefix],
		"secret": secret, "secret in JSON": `a \"secret\" of many characters, \u003c\u0026\u003e`, "secret in Go": fmt.Sprintf("%q", secret),
		"secret in hex": hex.EncodeToString([]byte(secret)), "secret in HEX": fmt.Sprintf("%X", secret),
		"secret in base64":    base64.StdEncoding.EncodeToString([]byte(secret)),
		"secret in base64url": base64.URLEncoding.EncodeToString([]byte(secret)),
		"secret in a query":   "a+%22secret%22+of+many+characters%2C+%3C%26%3E",
		"secret in a set":     "a-secret-in-a-key-set", "password": password, "line of an RSA key": rsaLines[5], "line of an EC key": ecLines[2],
		"member d of a key": jwttest.Encode(jwttest.RSAKey(2048).D.Bytes()), "prime": jwttest.RSAKey(2048).Primes[0].String(),
	} {
		t.Run(name, func(t *testing.T) {
			if got := searchIn(t, s, "a line\nbefore"+text+"behind\nthe last one"); got.Leaks == 0 {
				t.Errorf("%q is not found", text)
			} else if !strings.Contains(strings.Join(got.Sample, "\n"), "in error.log: before") {
				t.Errorf("the sample is %q", got.Sample)
			}
		})
	}
}

func TestSearchPassesOver(t *testing.T) {
	s, token := registered(t)
	parts := strings.Split(token, ".")
	for name, text := range map[string]string{
		"nothing": "", "header": parts[0], "another token": parts[0] + ".eyJzdWIiOiJib2IifQ.c2lnbmF0dXJl",
		"public key": jwttest.PublicPEM(jwttest.RSAKey(2048)), "less than a signature": parts[2][:shortest],
	} {
		if got := searchIn(t, s, text); got.Leaks != 0 {
			t.Errorf("%s: %q", name, got.Sample)
		}
	}
}

// A known place explains what it shows, and neither another kind of secret nor what stands beside it.
func TestSearchKnown(t *testing.T) {
	s, token := registered(t)
	signature := token[strings.LastIndexByte(token, '.')+1:]
	known := Known{What: "the host", Kind: Stored, In: regexp.MustCompile(`^host:[^;]*`)}
	for text, want := range map[string]struct{ leaks, hosts int }{
		"host: " + secret:                       {0, 1},
		"host: " + secret + "; x":               {0, 1},
		"host: x; " + secret:                    {1, 0},
		"host: " + secret + "; " + secret:       {1, 0},
		"host: " + signature:                    {1, 0},
		"host: " + secret + " and " + signature: {1, 1},
		"not the host: " + secret:               {1, 0},
	} {
		if got := searchIn(t, s, text, known); got.Leaks != want.leaks || got.Hosts["the host"] != want.hosts {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}
