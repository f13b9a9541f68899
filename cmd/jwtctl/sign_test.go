package main

import (
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/keys"
)

func TestSignDocumentedExample(t *testing.T) {
	s := session{t: t, env: map[string]string{secretVariable: exampleSecret}}
	r := s.run("sign", "--alg", "HS256", "--claims", examplePayload)
	if r.code != exitOK || r.out != exampleToken+"\n" {
		t.Errorf("exit status %d, %s", r.code, r.out)
	}
}

// keyArguments returns the flags that sign, and verify, with a new key for the algorithm.
func keyArguments(s session, alg keys.Algorithm) (sign, verify []string) {
	base := []string{"--alg", string(alg)}
	if alg.Kind() == keys.KindSecret {
		both := append(base, "--secret-file", s.file("secret", longSecret))
		return both, both
	}
	p := newPair(alg)
	return append(base[:2:2], "--key", s.file("k.key", p.private.Reveal())), append(base[:2:2], "--key", s.file("k.pub", p.public))
}

func TestRoundTripOfEachAlgorithm(t *testing.T) {
	if n := len(keys.Algorithms()); n != 14 {
		t.Fatalf("%d algorithms", n)
	}
	for _, alg := range keys.Algorithms() {
		t.Run(string(alg), func(t *testing.T) {
			s := session{t: t}
			signArgs, verifyArgs := keyArguments(s, alg)
			signed := s.ok(append([]string{"sign", "--exp", "15m", "--sub", "alice", "--kid", "k1"}, signArgs...)...)
			s.stdin = signed
			out := s.ok(append([]string{"verify", "--path", "sub"}, verifyArgs...)...)
			if !strings.HasPrefix(out, "accepted\nuser:    alice\n") {
				t.Errorf("verify says %s", out)
			}
			if out := s.ok("inspect"); !strings.Contains(out, "algorithm    "+string(alg)+"\n") || strings.Contains(out, "warnings") {
				t.Errorf("inspect says %s", out)
			}
			parts := strings.Split(strings.TrimSpace(signed), ".")
			flipped := byte('A')
			if parts[2][0] == 'A' {
				flipped = 'B'
			}
			s.stdin = parts[0] + "." + parts[1] + "." + string(flipped) + parts[2][1:]
			r := s.run(append([]string{"verify"}, verifyArgs...)...)
			if r.code != exitFailed || !strings.HasPrefix(r.out, "refused: signature_invalid: ") {
				t.Errorf("a changed signature: exit status %d, %s", r.code, r.out)
			}
		})
	}
}

// verify takes a list, as a rule does: the two names of Ed25519 with one key, any others with a key set.
func TestVerifySeveralAlgorithms(t *testing.T) {
	s := session{t: t}
	p := newPair(keys.Ed25519)
	private, public := s.file("k.key", p.private.Reveal()), s.file("k.pub", p.public)
	for _, alg := range []string{"EdDSA", "Ed25519"} {
		signed := strings.TrimSpace(s.ok("sign", "--alg", alg, "--key", private, "--sub", "alice", "--exp", "15m"))
		s.ok("verify", "--alg", "EdDSA, Ed25519", "--key", public, "--path", "sub", signed)
		other := map[string]string{"EdDSA": "Ed25519", "Ed25519": "EdDSA"}[alg]
		if r := s.run("verify", "--alg", other, "--key", public, "--path", "sub", signed); r.code != exitFailed || !strings.Contains(r.out, "algorithm_not_allowed") {
			t.Errorf("%s as %s: exit status %d, %s", alg, other, r.code, r.out)
		}
	}
	signed := jwttest.Sign(t, "HS256", jwttest.Secret, nil, map[string]any{"sub": "alice"})
	if r := s.run("verify", "--alg", "EdDSA,Ed25519", "--key", public, "--path", "sub", signed); !strings.Contains(r.out, `"EdDSA" or "Ed25519"`) {
		t.Errorf("it does not say what the rule wants: %s", r.out)
	}
	for _, list := range []string{"EdDSA,none", "EdDSA,RS256", "HS256,HS384", ",EdDSA"} {
		if r := s.run("verify", "--alg", list, "--key", public, signed); r.code != exitUsage {
			t.Errorf("%s: exit status %d, %s", list, r.code, r.err)
		}
	}
	set := s.file("set.json", jwttest.JWKS(jwttest.NewJWK("e", jwttest.Ed25519Key()), jwttest.NewJWK("s", []byte(jwttest.Secret))))
	s.ok("verify", "--alg", "Ed25519,HS256", "--jwks", set, "--path", "sub", signed)
}

func TestSignHeader(t *testing.T) {
	tests := []struct {
		name, want string
		args       []string
	}{
		{"plain", `{"alg":"HS256","typ":"JWT"}`, nil},
		{"no type", `{"alg":"HS256"}`, []string{"--typ", ""}},
		{"access token", `{"alg":"HS256","typ":"at+jwt","kid":"2026-01"}`, []string{"--kid", "2026-01", "--typ", "at+jwt"}},
		{"further parameters", `{"alg":"HS256","typ":"JWT","z":"z","a":[1]}`, []string{"--header", "z=z", "--header", "a=[1]"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := session{t: t}.ok(append([]string{"sign", "--alg", "HS256", "--exp", "1h", "--secret", longSecret}, tt.args...)...)
			if got := decodePart(t, out, 0); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestSignRefusesHeaders(t *testing.T) {
	tests := []struct {
		name string
		args []string
		code int
	}{
		{"alg", []string{"--header", "alg=none"}, exitUsage},
		{"typ", []string{"--header", "typ=JWT"}, exitUsage},
		{"kid", []string{"--header", "kid=k"}, exitUsage},
		{"crit", []string{"--header", `crit=["x"]`}, exitFailed},
		{"unencoded payload", []string{"--header", "b64=false"}, exitFailed},
		{"no JWT type", []string{"--typ", "jose"}, exitFailed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := session{t: t}.run(append([]string{"sign", "--alg", "HS256", "--secret", longSecret}, tt.args...)...)
			if r.code != tt.code || r.out != "" {
				t.Errorf("exit status %d, %q, %q", r.code, r.out, r.err)
			}
		})
	}
}

func TestSignWarnsOfExpiry(t *testing.T) {
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"none":  {nil, "the token never expires"},
		"past":  {[]string{"--exp", "-1s"}, "the token has expired already: exp is 2026-01-31T11:59:59Z"},
		"now":   {[]string{"--exp", "now"}, "the token has expired already: exp is 2026-01-31T12:00:00Z"},
		"later": {[]string{"--exp", "1s"}, ""},
	} {
		r := session{t: t}.run(append([]string{"sign", "--alg", "HS256", "--secret", longSecret}, tt.args...)...)
		if r.code != exitOK || !strings.Contains(r.err, tt.want) || (tt.want == "") != (r.err == "") {
			t.Errorf("%s: exit status %d, %q", name, r.code, r.err)
		}
	}
}
