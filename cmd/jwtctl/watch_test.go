package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"apinto-jwt/jwttest/golden"
)

// refusing is a gateway that tells of four refusals and ends.
func refusing(t *testing.T) (address string, asked *string) {
	t.Helper()
	asked = new(string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = r.Method + " " + r.URL.String()
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, ":\n\n")
		for n, data := range []string{
			`"reason":"token_expired","application":"shop@app","kid":"k1","fingerprint":"sha256:0123456789abcdef","route":"orders@router","client":"192.0.2.7"`,
			`"reason":"token_missing","hint":"header X-Token","client":"192.0.2.8"`,
			`"reason":"claim_mismatch","application":"\u001b[2Jevil","filter":true`,
			`"reason":"token_expired","application":"other@app"`,
		} {
			fmt.Fprintf(w, "id: %d\ndata: {\"number\":%d,\"time\":\"2026-01-31T12:00:0%dZ\",%s}\n\n", n+1, n+1, n, data)
		}
	}))
	t.Cleanup(server.Close)
	t.Setenv("TZ", "UTC")
	return server.URL, asked
}

func TestWatch(t *testing.T) {
	address, asked := refusing(t)
	r := session{t: t}.run("watch", "--admin", address)
	if r.code != exitFailed || *asked != "GET /apinto/jwt/refusals" {
		t.Errorf("exit status %d after %s", r.code, *asked)
	}
	golden.Expect(t, "watch", r.out+r.err)
	for _, test := range []struct {
		flags []string
		want  int
	}{
		{[]string{"--reason", "token_expired", "--count", "2"}, 2},
		{[]string{"--reason", "token_expired", "--reason", "token_missing", "--count", "3", "--past"}, 3},
		{[]string{"--app", "other@app", "--count", "1", "--output", "json"}, 1},
	} {
		out := session{t: t}.ok(append([]string{"watch", "--admin", address}, test.flags...)...)
		if lines := strings.Count(out, "\n"); lines != test.want {
			t.Errorf("%v: %d lines, want %d", test.flags, lines, test.want)
		}
	}
	if *asked != "GET /apinto/jwt/refusals" {
		t.Errorf("asked %s", *asked)
	}
	for _, flags := range [][]string{{"--count", "-1"}, {"--for", "-1s"}, {"--output", "yaml"}, {"token"}} {
		if r := (session{t: t}).run(append([]string{"watch", "--admin", address}, flags...)...); r.code != exitUsage {
			t.Errorf("%v: exit status %d", flags, r.code)
		}
	}
}
