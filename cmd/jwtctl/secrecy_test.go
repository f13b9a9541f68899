package main

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"apinto-jwt/keys"
)

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
