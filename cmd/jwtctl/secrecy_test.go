package main

import (
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/keys"
)

// What is made to be printed is printed once and nothing else is: keygen's secret or key goes to the standard output, or to
// the files and then nowhere else; password's hash says nothing of the password; and inspect and verify show of a token
// its header and claims, never its text, payload or signature.
func TestOnlyWhatWasAskedForIsPrinted(t *testing.T) {
	const secret = "Tr0ub4dor-and-3-Tr0ub4dor-and-3-Tr0ub4dor-and-3-Tr0ub4dor-and-3-Tr0ub4dor"
	s := session{t: t, env: map[string]string{secretVariable: secret}}
	for alg, suffix := range map[string]string{"HS256": ".secret", "RS256": ".key", "ES256": ".key", "EdDSA": ".key"} {
		prefix := filepath.Join(t.TempDir(), "k")
		r := s.run("keygen", "--alg", alg, "--out", prefix)
		private, err := os.ReadFile(prefix + suffix)
		if err != nil || showsLine(r.out+r.err, string(private)) {
			t.Errorf("keygen --alg %s --out, %v, prints %s%s", alg, err, r.out, r.err)
		}
		if r := s.run("keygen", "--alg", alg); r.code != exitOK || r.out == "" || showsLine(r.err, r.out) {
			t.Errorf("keygen --alg %s prints %s beside the key", alg, r.err)
		}
	}
	s.stdin = secret[:60]
	if r := s.run("password"); r.code != exitOK || strings.Contains(r.out+r.err, secret[:20]) {
		t.Errorf("password prints %s%s", r.out, r.err)
	}
	s.stdin = s.ok("sign", "--alg", "HS256", "--exp", "1h", "--sub", "alice")
	parts := strings.Split(strings.TrimSpace(s.stdin), ".")
	for _, args := range [][]string{
		{"inspect"},
		{"inspect", "--json"},
		{"verify", "--alg", "HS256"},
		{"verify", "--alg", "HS256", "--json"},
		{"verify", "--alg", "HS512"},
		{"verify", "--alg", "HS256", "--iss", "them"},
		{"verify", "--alg", "HS256", "--secret", "another"},
	} {
		r := s.run(args...)
		for _, part := range append(parts, secret) {
			if strings.Contains(r.out+r.err, part) {
				t.Errorf("jwtctl %q prints %.20q…: %s%s", args, part, r.out, r.err)
			}
		}
	}
}

// showsLine is whether the text has a line of the secret's or key's in it.
func showsLine(text, key string) bool {
	for line := range strings.Lines(key) {
		if line = strings.TrimSpace(line); len(line) >= 20 && !strings.HasPrefix(line, "-----") && strings.Contains(text, line) {
			return true
		}
	}
	return false
}

// Whatever is done with a key, right or wrong, nothing that is printed has anything of it. A token goes nowhere but to
// the standard output of sign.
func TestNothingSecretIsPrinted(t *testing.T) {
	const secret = "Tr0ub4dor-and-3-Tr0ub4dor-and-3-Tr0ub4dor-and-3-Tr0ub4dor-and-3-Tr0ub4dor"
	ec, rsa := newPair(keys.ES256), rsaPair()
	s := session{t: t, env: map[string]string{}}
	files := map[string]string{
		"secret": s.file("a", secret), "ec": s.file("b", ec.private.Reveal()), "rsa": s.file("c", rsa.private.Reveal()),
		"cut": s.file("d", ec.private.Reveal()[:100]), "damaged": s.file("e", strings.Replace(ec.private.Reveal(), "\nM", "\n!", 1)),
	}
	signed := s.ok("sign", "--alg", "HS256", "--secret", secret, "--exp", "1h")
	commands := [][]string{
		{"help", secret},
		{secret},
		{"sign", secret},
		{"sign", "--alg", "HS256", secret},
		{"keygen", "--alg", "HS256", "--bits", "2048", secret},
		{"sign", "--alg", secret},
		{"sign", "--alg", "HS256", "--claim", secret},
		{"sign", "--alg", "HS256", "--header", secret},
		{"version", secret},
		{"inspect", "--now", "1", secret},
		{"inspect", "--json", secret, secret},
	}
	for _, command := range []string{"sign", "verify"} {
		for _, alg := range []string{"HS256", "HS512", "RS256", "ES256", "ES384", "EdDSA"} {
			for _, key := range [][]string{
				{"--secret", secret},
				{"--secret", secret, "--base64"},
				{"--secret-base64", secret},
				{"--secret-base64", secret + "!"},
				{"--secret-file", secret},
				{"--secret-file", files["secret"]},
				{"--secret-file", files["ec"]},
				{"--secret-file", files["rsa"], "--base64"},
				{"--key", secret},
				{"--key", files["secret"]},
				{"--key", files["ec"]},
				{"--key", files["rsa"]},
				{"--key", files["cut"]},
				{"--key", files["damaged"]},
				{"--key", ec.private.Reveal()},
				{"--secret", secret, "--key", secret},
				{"--secrt", secret},
				{"--json=" + "x", "--secret", secret},
			} {
				commands = append(commands, append([]string{command, "--alg", alg}, key...))
			}
		}
	}
	leaks := []string{secret, hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret))[:60], secret[:20]}
	for _, p := range []pair{ec, rsa} {
		for _, line := range strings.Split(strings.TrimSpace(p.private.Reveal()), "\n")[1:] {
			if !strings.HasPrefix(line, "-----") {
				leaks = append(leaks, line)
			}
		}
	}
	for _, args := range commands {
		s.stdin = signed
		r := s.run(args...)
		for _, leak := range leaks {
			if strings.Contains(r.err, leak) || args[0] != "inspect" && strings.Contains(r.out, leak) {
				t.Errorf("jwtctl %.60q prints %.20q…: %s%s", args, leak, r.out, r.err)
			}
		}
		if strings.Contains(r.err, "eyJ") || args[0] != "sign" && args[0] != "inspect" && strings.Contains(r.out, "eyJ") {
			t.Errorf("jwtctl %.60q prints the token: %s%s", args, r.out, r.err)
		}
	}
}
