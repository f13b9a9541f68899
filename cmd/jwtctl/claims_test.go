package main

import (
	"encoding/base64"
	"strings"
	"testing"
)

// decodePart returns a part of a token that sign printed.
func decodePart(t *testing.T, signed string, n int) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(strings.TrimSpace(signed), ".")[n])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestClaims(t *testing.T) {
	// 1769860800 is testNow.
	tests := []struct {
		name, want string
		args       []string
	}{
		{"nothing", `{"iat":1769860800}`, nil},
		{"no iat", `{}`, []string{"--iat", "none"}},
		{
			"registered claims in the RFC's order", `{"iss":"i","sub":"s","aud":"a","exp":1769861700,"nbf":1769860800,"iat":1769860800,"jti":"j"}`,
			[]string{"--jti", "j", "--nbf", "now", "--exp", "15m", "--aud", "a", "--sub", "s", "--iss", "i"},
		},
		{"two audiences", `{"aud":["a","b,c"],"iat":1769860800}`, []string{"--aud", "a", "--aud", "b,c"}},
		{"relative times", `{"exp":1769864400,"nbf":1769857200,"iat":1769774400}`, []string{"--exp", "+1h", "--nbf=-1h", "--iat", "-1d"}},
		{"absolute times", `{"exp":1713339896,"iat":1769904000}`, []string{"--exp", "1713339896", "--iat", "2026-02-01T00:00:00Z"}},
		{"empty text", `{"iss":"","iat":1769860800}`, []string{"--iss", ""}},
		{
			"JSON or text", `{"iat":1769860800,"name":"John Doe","admin":true,"n":12345678901234567890.0,"zip":"01234","o":{"z":1,"a":[null]},"s":"5","e":"","eq":"a=b"}`,
			[]string{
				"--claim", "name=John Doe", "--claim", "admin=true", "--claim", "n=12345678901234567890.0", "--claim", "zip=01234",
				"--claim", `o={"z": 1, "a": [null]}`, "--claim", `s="5"`, "--claim", "e=", "--claim", "eq=a=b",
			},
		},
		{"Chinese and markup as they are", `{"iat":1769860800,"name":"张三 <&>"}`, []string{"--claim", "name=张三 <&>"}},
		{"object keeps its order", examplePayload, []string{"--claims", examplePayload}},
		{"object without iat gets one", `{"z":1,"a":2,"iat":1769860800}`, []string{"--claims", ` {"z": 1, "a": 2} `}},
		{
			"flags replace in place", `{"iss":"new","name":"Jane","iat":1,"sub":"s"}`,
			[]string{"--claims", `{"iss":"old","name":"John","iat":1}`, "--iss", "new", "--claim", "name=Jane", "--sub", "s"},
		},
		{"none takes away", `{"iss":"i"}`, []string{"--claims", `{"iss":"i","exp":1,"iat":1,"nbf":1}`, "--exp", "none", "--iat", "none", "--nbf", "none"}},
		{"registered claim by --claim", `{"iat":5,"exp":7e9}`, []string{"--claim", "iat=5", "--claim", "exp=7e9"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := session{t: t}.run(append([]string{"sign", "--alg", "HS256", "--secret", longSecret}, tt.args...)...)
			if r.code != exitOK {
				t.Fatalf("exit status %d, %s", r.code, r.err)
			}
			if got := decodePart(t, r.out, 1); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestClaimsFromFileAndInput(t *testing.T) {
	s := session{t: t, stdin: "\n" + examplePayload + "\n"}
	want := exampleToken + "\n"
	for _, from := range []string{"-", s.file("claims.json", examplePayload), examplePayload} {
		r := s.run("sign", "--alg", "HS256", "--secret", exampleSecret, "--claims", from)
		if r.code != exitOK || r.out != want {
			t.Errorf("%s: exit status %d, %s%s", from, r.code, r.out, r.err)
		}
	}
}

func TestBadClaims(t *testing.T) {
	tests := []struct {
		name string
		args []string
		code int
	}{
		{"no equals sign", []string{"--claim", "name"}, exitUsage},
		{"no name", []string{"--claim", "=1"}, exitUsage},
		{"twice", []string{"--claim", "a=1", "--claim", "a=2"}, exitUsage},
		{"flag and --claim", []string{"--iss", "a", "--claim", "iss=b"}, exitUsage},
		{"bad time", []string{"--exp", "soon"}, exitUsage},
		{"empty --claims", []string{"--claims", ""}, exitUsage},
		{"--claims not JSON", []string{"--claims", `{"a":1`}, exitFailed},
		{"--claims with a member twice", []string{"--claims", `{"a":1,"a":2}`}, exitFailed},
		{"--claims a list, in a file", []string{"--claims", session{t: t}.file("c", "[]")}, exitFailed},
		{"--claims file that is not there", []string{"--claims", "/does/not/exist"}, exitFailed},
		{"exp not a number", []string{"--claim", "exp=soon"}, exitFailed},
		{"aud a number", []string{"--claim", "aud=1"}, exitFailed},
		{"not UTF-8", []string{"--sub", "al\xffice"}, exitFailed},
		{"not UTF-8 in --claim", []string{"--claim", "x=al\xffice"}, exitFailed},
		{"half a surrogate pair", []string{"--claim", `x="\ud800"`}, exitFailed},
		{"too large", []string{"--claim", "x=" + strings.Repeat("x", 16<<10)}, exitFailed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := session{t: t}.run(append([]string{"sign", "--alg", "HS256", "--secret", longSecret}, tt.args...)...)
			if r.code != tt.code || r.out != "" || r.err == "" {
				t.Errorf("exit status %d, want %d: %q, %q", r.code, tt.code, r.out, r.err)
			}
		})
	}
}
