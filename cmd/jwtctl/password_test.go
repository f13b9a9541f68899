package main

import (
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
)

func TestPassword(t *testing.T) {
	const password = "correct horse"
	file := session{t: t}.file("password", password+"\r\n")
	for name, tt := range map[string]struct {
		stdin string
		args  []string
	}{
		"standard input": {password + "\n", nil},
		"no line end":    {password, nil},
		"a file":         {"", []string{"--password-file", file}},
		"a flag":         {"", []string{"--password", password}},
	} {
		out := session{t: t, stdin: tt.stdin}.ok(append([]string{"password"}, tt.args...)...)
		hash := strings.TrimSuffix(out, "\n")
		cost, err := bcrypt.Cost([]byte(hash))
		if err != nil || cost != 10 || bcrypt.CompareHashAndPassword([]byte(hash), []byte(password)) != nil {
			t.Errorf("%s: %q, cost %d, %v", name, out, cost, err)
		}
	}
}

func TestPasswordRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		stdin string
		args  []string
		want  int
	}{
		"nothing":        {"", nil, exitFailed},
		"a line end":     {"\n", nil, exitFailed},
		"two lines":      {"secretive\nb\n", nil, exitFailed},
		"a NUL":          {"secretive\x00b", nil, exitFailed},
		"too long":       {strings.Repeat("secretive", 9), nil, exitFailed},
		"cost 9":         {"secretive", []string{"--cost", "9"}, exitUsage},
		"cost 15":        {"secretive", []string{"--cost", "15"}, exitUsage},
		"an argument":    {"secretive", []string{"secretive"}, exitUsage},
		"two ways":       {"", []string{"--password", "secretive", "--password-file", "secretive"}, exitUsage},
		"no such file":   {"", []string{"--password-file", "secretive"}, exitFailed},
		"a line, a file": {"", []string{"--password-file", "secretive\n"}, exitUsage},
	} {
		r := session{t: t, stdin: tt.stdin}.run(append([]string{"password"}, tt.args...)...)
		if r.code != tt.want || r.out != "" || strings.Contains(r.err, "secretive") {
			t.Errorf("%s: exit status %d, %q %q", name, r.code, r.out, r.err)
		}
	}
}

// verify takes a JWK Set, and claims that a rule requires.
func TestVerifyKeySetAndClaims(t *testing.T) {
	s := session{t: t}
	p := newPair(keys.ES256)
	list, err := keys.ParsePublicPEM(p.public)
	must.Succeed(t, err)
	key, err := keys.NewPublicKey("k1", list[0], keys.ES256)
	must.Succeed(t, err)
	text, err := keys.EncodeJWKS(keys.NewSet(key))
	must.Succeed(t, err)
	set := s.file("set.json", string(text))
	private := s.file("app.key", p.private.Reveal())
	signed := func(kid string) string {
		return strings.TrimSpace(s.ok("sign", "--alg", "ES256", "--key", private, "--kid", kid, "--exp", "1h",
			"--claim", "name=ann", "--claim", `roles=["a","b"]`, "--claim", "n=1", "--claim", "x=b=c"))
	}
	for name, tt := range map[string]struct {
		args []string
		want int
	}{
		"key set":                 {[]string{signed("k1")}, exitOK},
		"another key ID":          {[]string{signed("k2")}, exitFailed},
		"claim in a list":         {[]string{"--required-claim", "roles=b", signed("k1")}, exitOK},
		"claim not in a list":     {[]string{"--required-claim", "roles=c", signed("k1")}, exitFailed},
		"one of two values":       {[]string{"--required-claim", "roles=c", "--required-claim", "roles=a", signed("k1")}, exitOK},
		"number":                  {[]string{"--required-claim", "n=1", signed("k1")}, exitOK},
		"value with =":            {[]string{"--required-claim", "x=b=c", signed("k1")}, exitOK},
		"there":                   {[]string{"--required-claim", "$.roles[1]", signed("k1")}, exitOK},
		"not there":               {[]string{"--required-claim", "$.roles[2]", signed("k1")}, exitFailed},
		"both must hold":          {[]string{"--required-claim", "n=1", "--required-claim", "n2=1", signed("k1")}, exitFailed},
		"bad path":                {[]string{"--required-claim", "$[=1", signed("k1")}, exitUsage},
		"key beside key set":      {[]string{"--key", private, signed("k1")}, exitUsage},
		"secret beside key set":   {[]string{"--secret", "x", signed("k1")}, exitUsage},
		"another algorithm's set": {[]string{"--alg", "RS256", signed("k1")}, exitFailed},
	} {
		r := s.run(append([]string{"verify", "--alg", "ES256", "--path", "name", "--jwks", set}, tt.args...)...)
		if r.code != tt.want {
			t.Errorf("%s: exit status %d, %s%s", name, r.code, r.out, r.err)
		}
	}
	withPrivate := s.file("private.json", `{"kty":"oct","k":"c2VjcmV0c2VjcmV0"}`)
	if r := s.run("verify", "--alg", "ES256", "--path", "name", "--jwks", withPrivate, signed("k1")); r.code != exitFailed {
		t.Errorf("a set without a usable key: %d %s", r.code, r.err)
	}
}
