package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"apinto-jwt/jwttest/golden"
)

func TestExitStatus(t *testing.T) {
	s := session{t: t}
	secret := s.file("app.secret", longSecret+"\n")
	token := hs256(t, `{"name":"alice"}`)
	tests := []struct {
		name string
		args []string
		want int
	}{
		{"nothing", nil, exitUsage},
		{"help", []string{"help"}, exitOK},
		{"-h", []string{"-h"}, exitOK},
		{"--help", []string{"--help"}, exitOK},
		{"help of a command", []string{"help", "sign"}, exitOK},
		{"-h of a command", []string{"sign", "-h"}, exitOK},
		{"help of an unknown command", []string{"help", "sing"}, exitUsage},
		{"help of two commands", []string{"help", "sign", "verify"}, exitUsage},
		{"unknown command", []string{"sing"}, exitUsage},
		{"unknown flag", []string{"sign", "--algo", "HS256"}, exitUsage},
		{"unknown flag before the command", []string{"--alg", "HS256", "sign"}, exitUsage},
		{"flag without its value", []string{"sign", "--alg"}, exitUsage},
		{"flag with a bad value", []string{"keygen", "--alg", "RS256", "--bits", "many"}, exitUsage},

		{"sign", []string{"sign", "--alg", "HS256", "--secret-file", secret, "--exp", "1h"}, exitOK},
		{"sign without algorithm", []string{"sign", "--secret-file", secret}, exitUsage},
		{"sign with none", []string{"sign", "--secret-file", secret, "--alg", "none"}, exitUsage},
		{"sign without key", []string{"sign", "--alg", "HS256"}, exitUsage},
		{"sign with an argument", []string{"sign", "--alg", "HS256", "--secret-file", secret, "claims"}, exitUsage},
		{"sign with a file that is not there", []string{"sign", "--alg", "HS256", "--secret-file", secret + "x"}, exitFailed},

		{"verify", []string{"verify", "--alg", "HS256", "--path", "name", "--secret-file", secret, token}, exitOK},
		{"verify, refused", []string{"verify", "--alg", "HS384", "--secret-file", secret, token}, exitFailed},
		{"verify without algorithm", []string{"verify", "--secret-file", secret, token}, exitUsage},
		{"verify without key", []string{"verify", "--alg", "ES256", token}, exitUsage},
		{"verify two tokens", []string{"verify", "--alg", "HS256", "--secret-file", secret, token, token}, exitUsage},

		{"inspect", []string{"inspect", token}, exitOK},
		{"inspect a broken token", []string{"inspect", token + "="}, exitFailed},
		{"inspect two tokens", []string{"inspect", token, token}, exitUsage},
		{"inspect nothing", []string{"inspect"}, exitFailed},
		{"inspect at a bad time", []string{"inspect", "--now", "later", token}, exitUsage},

		{"keygen", []string{"keygen", "--alg", "HS256"}, exitOK},
		{"keygen without algorithm", []string{"keygen"}, exitUsage},
		{"version", []string{"version"}, exitOK},
		{"version with an argument", []string{"version", "1"}, exitUsage},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := session{t: t}.run(tt.args...)
			if r.code != tt.want {
				t.Errorf("exit status %d, want %d\n%s%s", r.code, tt.want, r.out, r.err)
			}
			if tt.want == exitUsage && (r.out != "" || !strings.HasPrefix(r.err, "jwtctl") || !strings.Contains(r.err, "Try: jwtctl help")) {
				t.Errorf("bad usage wrote %q and %q", r.out, r.err)
			}
			if tt.want == exitFailed && r.out == "" && !strings.HasPrefix(r.err, "jwtctl "+tt.args[0]+": ") {
				t.Errorf("the failure wrote %q", r.err)
			}
		})
	}
}

func TestHelpOfEachCommand(t *testing.T) {
	for _, command := range []string{"sign", "inspect", "verify", "keygen"} {
		out := session{t: t}.ok("help", command)
		for _, want := range []string{"USAGE", "FLAGS", "EXAMPLES", "jwtctl " + command} {
			if !strings.Contains(out, want) {
				t.Errorf("help %s has no %q", command, want)
			}
		}
		if other := (session{t: t}).ok(command, "--help"); other != out {
			t.Errorf("%s --help differs from help %s", command, command)
		}
	}
	golden.Expect(t, "help", session{t: t}.ok("help"))
	golden.Expect(t, "help-verify", session{t: t}.ok("help", "verify"))
}

// run is the program with the process's own clock and environment.
func TestRun(t *testing.T) {
	t.Setenv(secretVariable, longSecret)
	var out, errOut bytes.Buffer
	code := run([]string{"jwtctl", "sign", "--alg", "HS256", "--exp", "1h"}, strings.NewReader(""), &out, &errOut)
	if code != exitOK {
		t.Fatalf("exit status %d, %s", code, errOut.String())
	}
	signed := out.String()
	out.Reset()
	code = run([]string{"jwtctl", "verify", "--alg", "HS256", "--path", "exp", "--claims-to-verify", "exp"}, strings.NewReader(signed), &out, &errOut)
	if code != exitOK || !strings.HasPrefix(out.String(), "accepted\n") {
		t.Errorf("exit status %d, %s%s", code, out.String(), errOut.String())
	}
}

// brokenWriter is a full disk, or a pipe that nobody reads.
type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestOutputThatCannotBeWrittenIsAnError(t *testing.T) {
	t.Setenv(secretVariable, longSecret)
	for _, args := range [][]string{
		{"sign", "--alg", "HS256"},
		{"verify", "--alg", "HS256", hs256(t, `{}`)},
		{"verify", "--alg", "HS256", "--json", hs256(t, `{}`)},
		{"inspect", exampleToken},
		{"inspect", "--json", exampleToken},
		{"keygen", "--alg", "HS256"},
		{"version"},
	} {
		var errOut bytes.Buffer
		code := run(append([]string{"jwtctl"}, args...), strings.NewReader(""), brokenWriter{}, &errOut)
		if code != exitFailed || !strings.Contains(errOut.String(), "no space left") {
			t.Errorf("%q: exit status %d, %q", args, code, errOut.String())
		}
	}
}
