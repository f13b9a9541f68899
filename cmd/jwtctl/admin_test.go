package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// gatewayFake is the part of a gateway's admin API that has hashes and applications, as Apinto v0.22.19 answers.
type gatewayFake struct {
	mu     sync.Mutex
	hashes map[string]map[string]string
	users  map[string][]string // by application
	status int                 // of every answer, where it is not 0
}

func newGatewayFake(t *testing.T) (*gatewayFake, string) {
	t.Helper()
	g := &gatewayFake{hashes: make(map[string]map[string]string), users: map[string][]string{"shop": {"ann"}, "sh|op": {"a/n|n é"}}}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	return g, server.URL
}

func (g *gatewayFake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.status != 0 {
		w.WriteHeader(g.status)
		_, _ = io.WriteString(w, "no\x1b[2J")
		return
	}
	// httprouter matches the path without its escapes: a field with a slash would be two.
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(parts) == 3 && parts[0] == "api" && parts[1] == "app" {
		g.showApp(w, strings.ToLower(parts[2]))
		return
	}
	if len(parts) < 2 || len(parts) > 3 || parts[0] != "hash" {
		http.NotFound(w, r)
		return
	}
	hash := g.hashes[parts[1]]
	switch {
	case r.Method == http.MethodPut && len(parts) == 3:
		if hash == nil {
			hash = make(map[string]string)
			g.hashes[parts[1]] = hash
		}
		value, _ := io.ReadAll(r.Body)
		hash[parts[2]] = string(value)
	case r.Method == http.MethodDelete && len(parts) == 3:
		if _, there := hash[parts[2]]; !there {
			http.Error(w, fmt.Sprintf(`"not found %s.%s"`, parts[1], parts[2]), http.StatusNotFound)
			return
		}
		delete(hash, parts[2])
	case r.Method == http.MethodGet && len(parts) == 2:
		if len(hash) == 0 {
			http.Error(w, `"not found key: `+parts[1]+`"`, http.StatusNotFound)
			return
		}
	default:
		http.NotFound(w, r)
		return
	}
	_ = json.NewEncoder(w).Encode(hash)
}

// showApp answers with an application, of whose users one is of another type.
func (g *gatewayFake) showApp(w http.ResponseWriter, name string) {
	users, there := g.users[name]
	if !there {
		http.Error(w, `"worker not found"`, http.StatusNotFound)
		return
	}
	list := func(names ...string) []any {
		var list []any
		for _, name := range names {
			list = append(list, map[string]any{"pattern": map[string]any{"username": name}})
		}
		return list
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"name": name, "auth": []any{
		map[string]any{"type": "basic", "users": list("basil")}, map[string]any{"type": "jwt", "users": list(users...)},
	}})
}

// What is not there is not ended, and the tool says so; with --force it is listed for when it comes.
func TestRevokeUnknown(t *testing.T) {
	g, address := newGatewayFake(t)
	for name, tt := range map[string]struct {
		args []string
		says string
		hash string
	}{
		"an application":          {[]string{"--app", "shopp"}, `no application "shopp"`, hashNotBefore},
		"a user":                  {[]string{"--app", "Shop", "--user", "Ann"}, `no user "Ann"`, hashNotBefore},
		"a user of another type":  {[]string{"--app", "shop", "--user", "basil"}, `no user "basil"`, hashNotBefore},
		"a user of no one":        {[]string{"--app", "mall", "--user", "ann"}, `no application "mall"`, hashNotBefore},
		"a token that has passed": {[]string{"--jti", "a", "--until", "2026-01-01T00:00:00Z"}, "expired at 2026-01-01T00:00:00Z", hashRevoked},
	} {
		clear(g.hashes)
		args := append([]string{"revoke", "--admin", address}, tt.args...)
		r := session{t: t}.run(args...)
		if r.code != exitFailed || !strings.Contains(r.err, tt.says) || strings.Contains(r.out, "ended") || len(g.hashes) != 0 {
			t.Errorf("%s: exit status %d, %s%s, hashes %v", name, r.code, r.out, r.err, g.hashes)
		}
		if out := (session{t: t}).ok(append(args, "--force")...); !strings.HasPrefix(out, "ended: ") || len(g.hashes[tt.hash]) != 1 {
			t.Errorf("%s with --force: %s, hashes %v", name, out, g.hashes)
		}
	}
}

func TestRevoke(t *testing.T) {
	now := fmt.Sprint(testNow.Unix() + 1)
	tests := []struct {
		name        string
		args        []string
		hash, field string
		value       string
	}{
		{"a token", []string{"--jti", "a.b-c_d", "--until", "+15m"}, hashRevoked, "a.b-c_d", fmt.Sprint(testNow.Unix() + 900)},
		{"a token, expiry unknown", []string{"--jti", "a"}, hashRevoked, "a", fmt.Sprint(testNow.Unix() + 366*24*3600)},
		{"an odd token", []string{"--jti", "a/b c|%"}, hashRevoked, "a%2Fb%20c%7C%25", fmt.Sprint(testNow.Unix() + 366*24*3600)},
		{"an application", []string{"--app", "shop"}, hashNotBefore, "shop", now},
		{"an application by ID", []string{"--app", "shop@app"}, hashNotBefore, "shop", now},
		{"an application in another case", []string{"--app", "SHOP@App"}, hashNotBefore, "shop", now},
		{"a user", []string{"--app", "Shop", "--user", "ann"}, hashNotBefore, "shop|ann", now},
		{"an odd user", []string{"--app", "sh|op", "--user", "a/n|n é"}, hashNotBefore, "sh%7Cop|a%2Fn%7Cn%20%C3%A9", now},
		{"at a time", []string{"--app", "shop", "--at", "2026-01-01T00:00:00Z"}, hashNotBefore, "shop", "1767225600"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, address := newGatewayFake(t)
			out := session{t: t}.ok(append([]string{"revoke", "--admin", address + "/"}, tt.args...)...)
			if want := map[string]string{tt.field: tt.value}; !maps.Equal(g.hashes[tt.hash], want) || len(g.hashes) != 1 {
				t.Errorf("hashes %v, want %s %v", g.hashes, tt.hash, want)
			}
			if !strings.HasPrefix(out, "ended: ") {
				t.Error(out)
			}
			// The driver reads an escaped name back.
			app, _, _ := strings.Cut(tt.field, "|")
			if _, err := url.PathUnescape(app); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRevokeUsage(t *testing.T) {
	_, address := newGatewayFake(t)
	for name, args := range map[string][]string{
		"nothing":               {"--admin", address},
		"both":                  {"--admin", address, "--jti", "a", "--app", "b"},
		"a whole token":         {"--admin", address, "--jti", "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJhIn0.c2ln", "--force"},
		"user of a token":       {"--admin", address, "--jti", "a", "--user", "b"},
		"at of a token":         {"--admin", address, "--jti", "a", "--at", "+1m"},
		"until of an app":       {"--admin", address, "--app", "a", "--until", "+1m"},
		"an empty user":         {"--admin", address, "--app", "a", "--user", ""},
		"no time":               {"--admin", address, "--app", "a", "--at", "soon"},
		"no address":            {"--app", "a"},
		"an address without //": {"--admin", "127.0.0.1:9400", "--app", "a"},
		"an argument":           {"--admin", address, "--app", "a", "b"},
	} {
		if r := (session{t: t}).run(append([]string{"revoke"}, args...)...); r.code != exitUsage {
			t.Errorf("%s: exit status %d, %s%s", name, r.code, r.out, r.err)
		}
	}
	for name, args := range map[string][]string{"nothing": nil, "another word": {"show"}, "two": {"list", "prune"}} {
		if r := (session{t: t}).run(append([]string{"revoked", "--admin", address}, args...)...); r.code != exitUsage {
			t.Errorf("revoked %s: exit status %d", name, r.code)
		}
	}
}

func TestRevokedListAndPrune(t *testing.T) {
	g, address := newGatewayFake(t)
	s := session{t: t, env: map[string]string{adminVariable: address}}
	if out := s.ok("revoked", "list"); out != "0 tokens, 0 applications and users\n" {
		t.Errorf("an empty list: %q", out)
	}
	if out := s.ok("revoked", "prune"); out != "0 dropped, 0 left\n" {
		t.Errorf("an empty list: %q", out)
	}
	at := testNow.Unix()
	g.hashes[hashRevoked] = map[string]string{
		"old": fmt.Sprint(at - 301), "just": fmt.Sprint(at - 300), "leeway": fmt.Sprint(at - 299), "live": fmt.Sprint(at + 10), "odd\x1b": "soon",
	}
	g.hashes[hashNotBefore] = map[string]string{"shop|ann": "1"}
	if out := s.ok("revoked", "list"); strings.Contains(out, "\x1b") || !strings.Contains(out, "token live, expires 2026-01-31T12:00:10Z\n") ||
		!strings.Contains(out, "tokens of shop|ann issued before 1970-01-01T00:00:01Z\n") || !strings.Contains(out, "(no time; always)") {
		t.Errorf("list:\n%s", out)
	}
	var listed map[string]map[string]string
	if err := json.Unmarshal([]byte(s.ok("revoked", "list", "--json")), &listed); err != nil || len(listed[hashRevoked]) != 5 {
		t.Errorf("list --json: %v, %v", listed, err)
	}
	if out := s.ok("revoked", "prune"); out != "2 dropped, 3 left\n" {
		t.Error(out)
	}
	for field, want := range map[string]bool{"old": false, "just": false, "leeway": true, "live": true, "odd\x1b": true} {
		if _, there := g.hashes[hashRevoked][field]; there != want {
			t.Errorf("%q is there: %v", field, there)
		}
	}
	if len(g.hashes[hashNotBefore]) != 1 {
		t.Error("what applies to users was dropped")
	}
}

// An admin API that refuses, or is not there, is an error that is fit for a terminal.
func TestAdminFails(t *testing.T) {
	g, address := newGatewayFake(t)
	g.status = http.StatusInternalServerError
	for _, args := range [][]string{{"revoke", "--jti", "a"}, {"revoked", "list"}, {"revoked", "prune"}} {
		r := session{t: t}.run(append(args, "--admin", address)...)
		if r.code != exitFailed || !strings.Contains(r.err, "status 500") || strings.Contains(r.err, "\x1b") {
			t.Errorf("%v: exit status %d, %q", args, r.code, r.err)
		}
		if r := (session{t: t}).run(append(args, "--admin", "http://127.0.0.1:1")...); r.code != exitFailed {
			t.Errorf("%v, nobody there: exit status %d, %q", args, r.code, r.err)
		}
	}
}
