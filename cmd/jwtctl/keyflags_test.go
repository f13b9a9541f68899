package main

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"apinto-jwt/issuer"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
)

// Every way to give a secret is the same secret.
func TestSecretSources(t *testing.T) {
	const secret = "S3cret?S3cret>S3cret~S3cret-S3cret" // + / - and _ occur in its base64
	standard := base64.StdEncoding.EncodeToString([]byte(secret))
	url := base64.RawURLEncoding.EncodeToString([]byte(secret))
	env := func(value string) map[string]string { return map[string]string{secretVariable: value} }
	tests := []struct {
		name string
		s    session
		args []string
	}{
		{"text", session{}, []string{"--secret", secret}},
		{"base64", session{}, []string{"--secret-base64", standard}},
		{"base64url", session{}, []string{"--secret-base64=" + url}},
		{"text said to be base64", session{}, []string{"--secret", url, "--base64"}},
		{"environment", session{env: env(secret)}, nil},
		{"environment in base64", session{env: env(url)}, []string{"--base64"}},
		{"a flag goes before the environment", session{env: env("another")}, []string{"--secret", secret}},
		{"file", session{}, []string{"--secret-file", session{t: t}.file("s", secret)}},
		{"file with a line end", session{}, []string{"--secret-file", session{t: t}.file("s", secret+"\n")}},
		{"file with the other line end", session{}, []string{"--secret-file", session{t: t}.file("s", secret+"\r\n")}},
		{"file in base64", session{}, []string{"--base64", "--secret-file", session{t: t}.file("s", standard+"\n")}},
		{"standard input", session{stdin: secret + "\n"}, []string{"--secret-file", "-"}},
	}
	want := session{t: t}.ok("sign", "--alg", "HS256", "--exp", "1h", "--secret", secret)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.s.t = t
			if got := tt.s.ok(append([]string{"sign", "--alg", "HS256", "--exp", "1h"}, tt.args...)...); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			args := append([]string{"verify", strings.TrimSpace(want), "--alg", "HS256", "--path", "exp"}, tt.args...)
			if out := tt.s.ok(args...); !strings.HasPrefix(out, "accepted\n") {
				t.Errorf("got %s", out)
			}
		})
	}
}

// White space inside a secret counts; one line end after a file does not.
func TestSecretFileLosesOneLineEndOnly(t *testing.T) {
	s := session{t: t}
	sign := func(secret string) string {
		return s.ok("sign", "--alg", "HS256", "--exp", "1h", "--secret", secret)
	}
	file := s.ok("sign", "--alg", "HS256", "--exp", "1h", "--secret-file", s.file("s", longSecret+" \n\n"))
	if file != sign(longSecret+" \n") || file == sign(longSecret) {
		t.Error("more or less than one line end went")
	}
}

func TestBadSecrets(t *testing.T) {
	tests := []struct {
		name string
		args []string
		code int
	}{
		{"empty", []string{"--secret", ""}, exitFailed},
		{"blank", []string{"--secret", " \t"}, exitFailed},
		{"empty file", []string{"--secret-file", session{t: t}.file("s", "\n")}, exitFailed},
		{"not base64", []string{"--secret-base64", "hush!hush!"}, exitFailed},
		{"padding alone", []string{"--secret-base64", "=="}, exitFailed},
		{"base64 with a line break", []string{"--secret-base64", "aHVz\naHVz"}, exitFailed},
		{"none", nil, exitUsage},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, command := range []string{"sign", "verify"} {
				s := session{t: t, stdin: exampleToken}
				r := s.run(append([]string{command, "--alg", "HS256"}, tt.args...)...)
				if r.code != tt.code || r.out != "" || strings.Contains(r.err, "hush") {
					t.Errorf("%s: exit status %d, %q, %q", command, r.code, r.out, r.err)
				}
			}
		})
	}
}

func TestShortSecretWarns(t *testing.T) {
	for alg, want := range map[string]bool{"HS256": false, "HS384": true, "HS512": true} {
		r := session{t: t}.run("sign", "--alg", alg, "--exp", "1h", "--secret", "0123456789abcdef0123456789abcdef")
		if got := strings.Contains(r.err, "the secret has 256 bits; "+alg+" wants "); got != want || r.code != exitOK {
			t.Errorf("%s: exit status %d, %q", alg, r.code, r.err)
		}
	}
}

func TestPrivateKeyForms(t *testing.T) {
	p := newPair(keys.ES256)
	signer, err := issuer.ParsePrivatePEM(p.private)
	must.Succeed(t, err)
	der, err := x509.MarshalECPrivateKey(signer.(*ecdsa.PrivateKey))
	must.Succeed(t, err)
	sec1 := string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
	for name, args := range map[string][]string{
		"PKCS#8": {"--key", session{t: t}.file("k", p.private.Reveal())}, "SEC 1": {"--key", session{t: t}.file("k", sec1)},
		"standard input": {"--key", "-"},
	} {
		s := session{t: t, stdin: p.private.Reveal()}
		signed := s.ok(append([]string{"sign", "--alg", "ES256", "--exp", "1h"}, args...)...)
		if r := (session{t: t, stdin: p.public}).run("verify", "--alg", "ES256", "--path", "exp", "--key", "-", signed); r.code != exitOK {
			t.Errorf("%s: %s%s", name, r.out, r.err)
		}
	}
}
