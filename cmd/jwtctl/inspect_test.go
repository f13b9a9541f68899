package main

import (
	"encoding/json"
	"strings"
	"testing"
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
			golden(t, "inspect-"+tt.name, r.out)
			j := session{t: t}.run("inspect", "--json", tt.raw)
			if j.code != tt.code || !json.Valid([]byte(j.out)) {
				t.Errorf("--json: exit status %d, %s", j.code, j.err)
			}
			golden(t, "inspect-"+tt.name+"-json", j.out)
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

func TestCaret(t *testing.T) {
	tests := []struct {
		name, text string
		offset     int
		want       string
	}{
		{"begin", "abc", 0, "  abc\n  ^ x\n"},
		{"middle", "abc", 1, "  abc\n   ^ x\n"},
		{"end", "abc", 3, "  abc\n     ^ x\n"},
		{"beyond", "abc", 9, "  abc\n     ^ x\n"},
		{"escaped", "\x1b\nc", 2, "  \\u001b\\nc\n          ^ x\n"},
		{
			"clipped", strings.Repeat("a", 50) + strings.Repeat("b", 50), 50,
			"  …" + strings.Repeat("a", 30) + strings.Repeat("b", 30) + "…\n  " + strings.Repeat(" ", 31) + "^ x\n",
		},
		{
			"clipped inside characters", strings.Repeat("张", 20) + "b" + strings.Repeat("三", 20), 60,
			"  …" + strings.Repeat("张", 10) + "b" + strings.Repeat("三", 9) + "…\n  " + strings.Repeat(" ", 21) + "^ x\n",
		},
		{
			"clipped inside a character", strings.Repeat("张", 15) + "b" + strings.Repeat("张", 5) + "三", 61,
			"  …" + strings.Repeat("张", 4) + "b" + strings.Repeat("张", 5) + "三\n  " + strings.Repeat(" ", 20) + "^ x\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := caret(tt.text, tt.offset, "x"); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
	if got := caret("abc", 1, ""); got != "  abc\n   ^\n" {
		t.Errorf("without a note: %q", got)
	}
}
