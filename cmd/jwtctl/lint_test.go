package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"apinto-jwt/cmd/jwtctl/internal/lint"
	"apinto-jwt/jwttest/must"
)

// The documents of a gateway with three findings: an error, a warning and a note.
const (
	lintedApp = `{"name":"shop","driver":"app","auth":[{"type":"jwt","position":"header","token_name":"X","config":{
		"algorithm":"HS256","secret":"secret","path":"sub","claims_to_verify":[]},"users":[{"pattern":{"username":"ann"},"expire":1}]}]}`
	lintedPlugins = `{"plugins":[{"name":"app","id":"eolinker.com:apinto:plugin_app","status":"global","config":{}}]}`
	lintedRouter  = `{"name":"r","driver":"http","listen":8099,"location":"/"}`
)

// wantLinted are the IDs of its findings.
var wantLinted = []string{"JWT030", "JWT040", "JWT017"}

// lintedGateway is the admin API of that gateway; without the driver there is no status page.
func lintedGateway(t *testing.T, driver bool) string {
	t.Helper()
	answers := map[string]string{
		"/api/app": `[{"id":"shop@app","name":"shop"}]`, "/api/app/shop": lintedApp,
		"/api/router": `[{"id":"r@router","name":"r"}]`, "/api/router/r": lintedRouter,
		"/api/template": `[]`, "/api/strategy": `[]`, "/setting/plugin": lintedPlugins,
	}
	if driver {
		answers["/apinto/jwt/status"] = `{"internal_faults":0}`
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, there := answers[r.URL.Path]
		if !there {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// linted runs lint and returns the IDs of the findings.
func (s session) linted(want int, args ...string) []string {
	s.t.Helper()
	r := s.run(append([]string{"lint", "--format", "json"}, args...)...)
	var list []lint.Finding
	if err := json.Unmarshal([]byte(r.out), &list); err != nil || r.code != want {
		s.t.Fatalf("lint %q: exit status %d, %v, %s%s", args, r.code, err, r.out, r.err)
	}
	ids := make([]string, len(list))
	for i, f := range list {
		ids[i] = f.ID
	}
	return ids
}

// A running gateway, the data of one that does not run, and files say the same.
func TestLintSources(t *testing.T) {
	s := session{t: t}
	entry := func(id, profession, text string) change {
		value := fmt.Sprintf(`{"id":%q,"profession":%q,"body":%q}`, id, profession, base64.StdEncoding.EncodeToString([]byte(text)))
		return change{key: "/worker/" + id, value: value}
	}
	data := dataDir(t, entry("shop@app", "app", lintedApp), entry("r@router", "router", lintedRouter), entry("plugin@setting", "setting", lintedPlugins))
	dir := t.TempDir()
	for name, text := range map[string]string{"shop.json": lintedApp, "rest.json": "[" + lintedPlugins + "," + lintedRouter + "]", "README.txt": "no JSON"} {
		must.Succeed(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	for name, args := range map[string][]string{
		"admin":          {"--admin", lintedGateway(t, true)},
		"without driver": {"--admin", lintedGateway(t, false)},
		"data":           {"--data", data},
		"files":          {filepath.Join(dir, "shop.json"), filepath.Join(dir, "rest.json")},
		"directory":      {dir},
	} {
		if got := s.linted(exitFailed, args...); strings.Join(got, " ") != strings.Join(wantLinted, " ") {
			t.Errorf("%s: got %v", name, got)
		}
	}
	s.stdin = lintedApp
	if got := s.linted(exitFailed, "-"); len(got) != len(wantLinted) {
		t.Errorf("standard input: got %v", got)
	}
}

// The list of plugins is part of what is stored.
func TestLintOfDataSeesPlugins(t *testing.T) {
	value := fmt.Sprintf(`{"id":"plugin@setting","profession":"setting","body":%q}`, base64.StdEncoding.EncodeToString([]byte(`{"plugins":[
		{"name":"app","id":"eolinker.com:apinto:plugin_app","status":"global"},{"name":"jwt","id":"apinto-jwt:jwt:filter","status":"global"}]}`)))
	if got := (session{t: t}).linted(exitFailed, "--data", dataDir(t, change{key: "/worker/plugin@setting", value: value})); len(got) != 1 || got[0] != "JWT060" {
		t.Errorf("got %v", got)
	}
}

// The exit status says whether there is a finding that is bad enough; what is left out does not count.
func TestLintStatus(t *testing.T) {
	s := session{t: t}
	file := s.file("shop.json", lintedApp)
	for _, tt := range []struct {
		args []string
		want int
	}{
		{nil, exitFailed},
		{[]string{"--fail-on", "error"}, exitFailed},
		{[]string{"--fail-on", "error", "--skip", "JWT030"}, exitOK},
		{[]string{"--skip", "JWT030", "--skip", "JWT040"}, exitOK},
		{[]string{"--fail-on", "note", "--skip", "JWT030", "--skip", "JWT040"}, exitFailed},
		{[]string{"--fail-on", "fatal"}, exitUsage},
		{[]string{"--format", "xml"}, exitUsage},
		{[]string{"--skip", "JWT999"}, exitUsage},
		{[]string{"--admin", "http://127.0.0.1:1"}, exitUsage},
		{[]string{"--data", "x"}, exitUsage},
	} {
		if r := s.run(append([]string{"lint", file}, tt.args...)...); r.code != tt.want {
			t.Errorf("%q: exit status %d, %s%s", tt.args, r.code, r.out, r.err)
		}
	}
	for want, args := range map[string][]string{
		"are needed": {}, "rule one another out": {"--admin", "http://h", "--data", "d"},
	} {
		if r := s.run(append([]string{"lint"}, args...)...); r.code != exitUsage || !strings.Contains(r.err, want) {
			t.Errorf("%q: exit status %d, %s", args, r.code, r.err)
		}
	}
	for want, path := range map[string]string{
		"no *.json": t.TempDir(), "no such file": filepath.Join(t.TempDir(), "x.json"), "1 document are neither": s.file("odd.json", `{"what":1}`),
	} {
		if r := s.run("lint", path); r.code != exitFailed || !strings.Contains(r.err, want) {
			t.Errorf("%s: exit status %d, %s", path, r.code, r.err)
		}
	}
}

// The answers for people and for code scanning.
func TestLintForms(t *testing.T) {
	s := session{t: t}
	file := s.file("shop.json", lintedApp)
	r := s.run("lint", file)
	if !strings.HasPrefix(r.out, "error JWT030 shop@app auth[0].config.secret (header X, HS256): ") || !strings.HasSuffix(r.out, "error 1, warning 1, note 1\n") {
		t.Errorf("got %s", r.out)
	}
	r = s.run("lint", "--format", "sarif", file)
	var log lint.Log
	if err := json.Unmarshal([]byte(r.out), &log); err != nil || log.Version != "2.1.0" {
		t.Errorf("%v, %s", err, r.out)
	}
}

// Online the address of a key set is asked once, and its issuer and clock are compared.
func TestLintOnline(t *testing.T) {
	asked := 0
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch r.URL.Path {
		case "/a/.well-known/openid-configuration":
			w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
			_, _ = fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":%q}`, server.URL+"/a", server.URL+"/keys")
		case "/moved":
			http.Redirect(w, r, "http://elsewhere.invalid/", http.StatusFound)
		case "/near":
			http.Redirect(w, r, "/keys", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/keys":
			_, _ = io.WriteString(w, `{"keys":[]}`)
		}
	}))
	defer server.Close()
	app := func(uri, iss string) string {
		return fmt.Sprintf(`{"name":"x","auth":[{"type":"jwt","config":{"algorithm":"RS256","jwks_uri":%q,"iss":%q,"path":"sub","audience":["a"],
			"claims_to_verify":["exp"]},"users":[{"pattern":{"username":"ann"}}]}]}`, uri, iss)
	}
	s := session{t: t}
	discovery := server.URL + "/a/.well-known/openid-configuration"
	file := s.file("a.json", "["+app(discovery, server.URL+"/a/")+","+app(discovery, server.URL+"/a")+"]")
	if got := s.linted(exitOK, file); len(got) != 0 || asked != 0 {
		t.Errorf("offline: %v, asked %d times", got, asked)
	}
	if got := strings.Join(s.linted(exitFailed, "--online", file), " "); got != "JWT050 JWT071" || asked != 1 {
		t.Errorf("online: %s, asked %d times", got, asked)
	}
	for path, want := range map[string]string{"/moved": "JWT052", "/round": "JWT052", "/near": "", "/none": "JWT052"} {
		code := exitFailed
		if want == "" {
			code = exitOK
		}
		if got := strings.Join(s.linted(code, "--online", s.file("b.json", app(server.URL+path, "i"))), " "); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

// A gateway that does not answer as one is an error, not a clean bill.
func TestLintOfNoGateway(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }))
	defer server.Close()
	if r := (session{t: t}).run("lint", "--admin", server.URL); r.code != exitFailed || r.out != "" {
		t.Errorf("exit status %d, %s%s", r.code, r.out, r.err)
	}
}
