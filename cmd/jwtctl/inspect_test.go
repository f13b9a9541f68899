package main

import (
	"encoding/json"
	"strings"
	"testing"

	"apinto-jwt/cmd/jwtctl/internal/inspect"
	"apinto-jwt/cmd/jwtctl/internal/screen"
	"apinto-jwt/jwttest/golden"
	"apinto-jwt/token"
)

func TestInspectGolden(t *testing.T) {
	tests := []struct {
		name, raw string
		code      int
	}{
		{"example", exampleToken, exitOK},
		{"live", hs256(t, `{"iss":"apinto","nbf":1769860860,"iat":1769860800,"exp":1769861100.5,"n":12345678901234567890}`), exitOK},
		{"none", encode(`{"alg":"none","typ":"JWT"}`, `{"sub":"admin"}`, ""), exitOK},
		{"faults", encode(`{"alg":"HS256","kid":7,"crit":[]}`, `{"exp":"tomorrow","aud":{},"name":"\u001b[2J\u202e张三"}`, "x"), exitFailed},
		{"syntax", encode(`{"alg":"HS256"}`, `{"sub":"1234567890","iss":"apinto","name":"张三 "role":"admin","exp":1713339896}`, "x"), exitFailed},
		{"padding", exampleToken + "==", exitFailed},
		{"broken", "eyJhbGciOiJIUzI1NiIs*nR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwiaXN", exitFailed},
		{"encrypted", encode(`{"alg":"dir","enc":"A128GCM"}`, "key", "nonce") + ".AAAA.AAAA", exitFailed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := session{t: t}.run("inspect", tt.raw)
			if r.code != tt.code || r.err != "" || !strings.HasPrefix(r.out, "NOT VERIFIED") {
				t.Errorf("exit status %d, %s", r.code, r.err)
			}
			golden.Expect(t, "inspect-"+tt.name, r.out)
			j := session{t: t}.run("inspect", "--json", tt.raw)
			if j.code != tt.code || !json.Valid([]byte(j.out)) {
				t.Errorf("--json: exit status %d, %s", j.code, j.err)
			}
			golden.Expect(t, "inspect-"+tt.name+"-json", j.out)
		})
	}
}

func TestInspectNow(t *testing.T) {
	for now, want := range map[string]string{
		"2024-04-17T07:39:56Z": "expires in 5 minutes", "1713339896": "expired now", "2024-04-20T07:44:56Z": "expired 3 days ago",
	} {
		if out := (session{t: t}).ok("inspect", "--now", now, exampleToken); !strings.Contains(out, want) {
			t.Errorf("at %s: %s", now, out)
		}
	}
}

// What is shown of a token grows with the token, not with the square of its brackets.
func TestDeepNestingIsNotIndented(t *testing.T) {
	for depth, most := range map[int]int{63: 20000, 6000: 60000} { // 64 levels are indented
		payload := `{"a":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + `}`
		raw := encode(`{"alg":"HS256"}`, payload, "")
		for _, args := range [][]string{{"inspect", raw}, {"inspect", "--json", raw}} {
			if r := (session{t: t}).run(args...); len(r.out) > most || len(r.out) < depth {
				t.Errorf("%q: %d bytes for %d", args[:len(args)-1], len(r.out), len(raw))
			}
		}
	}
}

// The parser's own answer is the first, and a token without faults is one that it takes.
func FuzzInspect(f *testing.F) {
	for _, raw := range []string{
		exampleToken, "", ".", "..", "hello", "e30.e30.", "e30=.e30=.e30=", "a.b.c.d.e", "e30.e30.e30.e30",
		encode(`{"alg":1,"typ":2}`, `{"exp":"1"}`, "s"), encode(`{"alg":"none"}`, `[`, ""), encode(`{`, `{"a":"\ud800"}`, "\xff"),
		encode(`{"alg":"HS256","kid":"\u001b[2J","typ":"\n\u009b"}`, `{"exp":1e-9}`, "0"), strings.Repeat("a.", 9),
		encode(`{"alg":"ES256","jwk":{}}`, `{"EXP":1,"exp":1e300,"iat":-1}`, "0"), encode("{\"alg\":\"\xff\"}", "\x00", ""),
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		i := inspect.New(raw, testNow)
		_, err := token.Parse(raw)
		if (err == nil) != (len(i.Faults) == 0) || err != nil && i.Faults[0].Error() != err.Error() {
			t.Fatalf("Parse says %v, the faults are %v", err, i.Faults)
		}
		text := i.Text()
		for _, r := range text {
			if r < 0x20 && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 {
				t.Fatalf("control character %#x in %q", r, text)
			}
		}
		var b strings.Builder
		if err := screen.WriteJSON(&b, i.Report()); err != nil {
			t.Fatal(err)
		}
	})
}
