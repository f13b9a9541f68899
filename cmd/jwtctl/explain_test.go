package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"apinto-jwt/jwttest/golden"
)

// explainer is a gateway that explains: it answers the one answer, and keeps what it was asked.
type explainer struct {
	status   int
	answer   string
	question map[string]any
	path     string
}

func (x *explainer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	x.question, x.path = nil, r.Method+" "+r.URL.Path+" "+r.Header.Get("Content-Type")
	_ = json.Unmarshal(text, &x.question)
	w.WriteHeader(x.status)
	_, _ = io.WriteString(w, x.answer)
}

func newExplainer(t *testing.T, status int, answer string) (*explainer, string) {
	t.Helper()
	x := &explainer{status: status, answer: answer}
	server := httptest.NewServer(x)
	t.Cleanup(server.Close)
	return x, server.URL
}

// refusedAnswer is an answer with all that there can be, and with what must not reach a terminal.
const refusedAnswer = `{"accepted":false,"reason":"issuer_mismatch","step":"issuer","at":"2026-01-31T12:00:00Z",
"fingerprint":"sha256:0123456789abcdef","steps":[
{"step":"place","ok":true,"detail":"header Authorization: a value of 120 bytes"},
{"step":"form","ok":true,"detail":"a signed token (JWS): alg HS256"},
{"step":"algorithm","ok":true,"rule":"header Authorization, HS256","application":"shop@app","detail":"alg is that of the rule","found":"HS256","wanted":"HS256"},
{"step":"issuer","ok":false,"reason":"issuer_mismatch","rule":"header Authorization, HS256","application":"shop@app","detail":"iss is not that of the rule","found":"\"a\u001b[2J\nb\"","wanted":"\"a\""},
{"step":"algorithm","ok":false,"reason":"algorithm_not_allowed","rule":"query jwt, RS256","application":"other@app","detail":"alg is not that of the rule","found":"HS256","wanted":"RS256"}],
"more_rules":3,"near_miss":"the rule of shop, but for a slash","remedy":"Mend it.","before":2,
"recorded":{"request_id":"b1946ac9-2492-4234-9235-b4d261118400","kid":"k1","route":"orders@router","client":"192.0.2.7"}}`

func TestExplainText(t *testing.T) {
	_, address := newExplainer(t, http.StatusOK, refusedAnswer)
	r := session{t: t, stdin: "Bearer a.b.c\n"}.run("explain", "--admin", address)
	if r.code != exitFailed || r.err != "" {
		t.Errorf("exit status %d, %s", r.code, r.err)
	}
	golden.Expect(t, "explain-refused", r.out)
	_, address = newExplainer(t, http.StatusOK, `{"accepted":true,"reason":"accepted","at":"2026-01-31T12:00:00Z","application":"shop@app","user":"ann","steps":[{"step":"place","ok":true,"detail":"x"}]}`)
	golden.Expect(t, "explain-accepted", session{t: t, stdin: "a.b.c"}.ok("explain", "--admin", address, "-"))
	for _, flag := range []string{"--json", "--output=json"} {
		out := session{t: t, stdin: "a.b.c"}.ok("explain", "--admin", address, flag)
		var answer map[string]any
		if err := json.Unmarshal([]byte(out), &answer); err != nil || answer["user"] != "ann" {
			t.Errorf("%v: %s", err, out)
		}
	}
}

// What the command line names is what the gateway is asked.
func TestExplainAsks(t *testing.T) {
	x, address := newExplainer(t, http.StatusOK, `{"accepted":true}`)
	s := session{t: t, stdin: " Bearer  a.b.c\n", env: map[string]string{adminVariable: address}}
	file := s.file("token.txt", "a.b.d\n")
	object := s.file("request.json", ` {"url":"/x"}`)
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, `{"token":"Bearer  a.b.c"}`},
		{[]string{"-"}, `{"token":"Bearer  a.b.c"}`},
		{[]string{"@" + file}, `{"token":"a.b.d"}`},
		{[]string{"a.b.e"}, `{"token":"a.b.e"}`},
		{[]string{"sha256:0123456789abcdef"}, `{"fingerprint":"sha256:0123456789abcdef"}`},
		{[]string{"b1946ac9-2492-4234-9235-b4d261118400"}, `{"request_id":"b1946ac9-2492-4234-9235-b4d261118400"}`},
		{[]string{"--request", "-"}, `{"request":" Bearer  a.b.c\n"}`},
		{[]string{"--request", object}, `{"request":{"url":"/x"}}`},
		{[]string{"a.b.c", "--at", "-1h"}, `{"at":"2026-01-31T11:00:00Z","token":"a.b.c"}`},
	} {
		s.ok(append([]string{"explain"}, test.args...)...)
		if got, _ := json.Marshal(x.question); string(got) != test.want || x.path != "POST /apinto/jwt/explain application/json" {
			t.Errorf("%v: asked %s at %s, want %s", test.args, got, x.path, test.want)
		}
	}
}

// A command line that is none, and a gateway that does not answer, are told without a word of the token.
func TestExplainFails(t *testing.T) {
	x, address := newExplainer(t, http.StatusForbidden, `{"error":"not by this\u001b name"}`)
	for _, test := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--output", "xml", "hidden.b.c"}, exitUsage, "--output is none of"},
		{[]string{"hidden.b.c", "hidden.b.d"}, exitUsage, "one token is expected"},
		{[]string{"hidden.b.c", "--request", "-"}, exitUsage, "rule one another out"},
		{[]string{"hidden.b.c", "--at", "hidden"}, exitUsage, "--at wants a time"},
		{[]string{"sha256:hidden"}, exitUsage, "a fingerprint has 16"},
		{[]string{"@/hidden/nowhere"}, exitFailed, "the token's file"},
		{[]string{"hidden.b.c"}, exitFailed, "not by this"},
	} {
		r := session{t: t}.run(append([]string{"explain", "--admin", address}, test.args...)...)
		if r.code != test.code || !strings.Contains(r.err, test.says) || strings.Contains(r.err, "hidden") || strings.Contains(r.err, "\x1b") {
			t.Errorf("%v: exit status %d, %q", test.args, r.code, r.err)
		}
	}
	if r := (session{t: t}).run("explain", "a.b.c"); r.code != exitUsage || !strings.Contains(r.err, "--admin") {
		t.Errorf("no address: exit status %d, %q", r.code, r.err)
	}
	for status, says := range map[int]string{404: "of another version", 502: "status 502", 200: "cannot be read"} {
		x.status, x.answer = status, "hidden"
		if r := (session{t: t}).run("explain", "--admin", address, "a.b.c"); r.code != exitFailed || !strings.Contains(r.err, says) || strings.Contains(r.err, "hidden") {
			t.Errorf("status %d: exit status %d, %q", status, r.code, r.err)
		}
	}
}
