package main

import (
	"encoding/base64"
	"strings"
	"testing"
)

// The usual mistake: a secret in base64 taken as text, or the other way round.
func TestHintOfBase64(t *testing.T) {
	text := base64.StdEncoding.EncodeToString([]byte(longSecret))
	s := session{t: t}
	bytesSigned := s.ok("sign", "--alg", "HS256", "--exp", "1h", "--secret-base64", text)
	textSigned := s.ok("sign", "--alg", "HS256", "--exp", "1h", "--secret", text)
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"taken as text", []string{"--secret", text, bytesSigned}, "secret taken as base64"},
		{"taken as base64", []string{"--secret-base64", text, textSigned}, "secret taken as text"},
		{"another secret", []string{"--secret", "x" + text, bytesSigned}, ""},
		{"not base64 at all", []string{"--secret", "-+" + text, bytesSigned}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := s.run(append([]string{"verify", "--alg", "HS256"}, tt.args...)...)
			if r.code != exitFailed || !strings.HasPrefix(r.out, "refused: signature_invalid") {
				t.Fatalf("exit status %d, %s%s", r.code, r.out, r.err)
			}
			if got := strings.Contains(r.out, "hint: "); got != (tt.want != "") || !strings.Contains(r.out, tt.want) {
				t.Errorf("got %s", r.out)
			}
		})
	}
}

// A token of another algorithm gets no hint, whatever its signature.
func TestNoHintForOtherAlgorithm(t *testing.T) {
	text := base64.StdEncoding.EncodeToString([]byte(longSecret))
	s := session{t: t}
	signed := s.ok("sign", "--alg", "HS384", "--exp", "1h", "--secret-base64", text)
	r := s.run("verify", "--alg", "HS256", "--secret", text, signed)
	if r.code != exitFailed || !strings.HasPrefix(r.out, "refused: algorithm_not_allowed") || strings.Contains(r.out, "hint") {
		t.Errorf("exit status %d, %s", r.code, r.out)
	}
}

func TestRefuseShowsEachFailureOnce(t *testing.T) {
	r := session{t: t}.run("verify", "--alg", "HS256", "--secret", longSecret, "--claims-to-verify", "exp", "--max-lifetime", "1h", hs256(t, `{}`))
	if n := strings.Count(r.out, "payload.exp"); n != 1 {
		t.Errorf("%d times:\n%s", n, r.out)
	}
}
