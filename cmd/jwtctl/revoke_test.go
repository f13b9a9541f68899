package main

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"apinto-jwt/cmd/jwtctl/internal/admin"
	"apinto-jwt/jwttest"
)

// What is not there is not ended, and the tool says so; with --force it is listed for when it comes.
func TestRevokeUnknown(t *testing.T) {
	g, address := newGatewayFake(t)
	for name, tt := range map[string]struct {
		args []string
		says string
		hash string
	}{
		"an application":          {[]string{"--app", "shopp"}, `no application "shopp"`, admin.HashNotBefore},
		"a user":                  {[]string{"--app", "Shop", "--user", "Ann"}, `no user "Ann"`, admin.HashNotBefore},
		"a user of another type":  {[]string{"--app", "shop", "--user", "basil"}, `no user "basil"`, admin.HashNotBefore},
		"a user of no one":        {[]string{"--app", "mall", "--user", "ann"}, `no application "mall"`, admin.HashNotBefore},
		"a token":                 {[]string{"--jti", "a"}, "nobody lists tokens", admin.HashRevoked},
		"a token with its expiry": {[]string{"--jti", "a", "--until", "+15m"}, "nobody lists tokens", admin.HashRevoked},
		"a token that is given":   {[]string{unsignedToken(`{"jti":"a","exp":1767225600}`)}, "expired at 2026-01-01T00:00:00Z", admin.HashRevoked},
		"a token that has passed": {[]string{"--jti", "a", "--until", "2026-01-01T00:00:00Z"}, "expired at 2026-01-01T00:00:00Z", admin.HashRevoked},
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
		{"a token", []string{"--jti", "a.b-c_d", "--until", "+15m", "--force"}, admin.HashRevoked, "a.b-c_d", fmt.Sprint(testNow.Unix() + 900)},
		{"a token, expiry unknown", []string{"--jti", "a", "--force"}, admin.HashRevoked, "a", fmt.Sprint(testNow.Unix() + 366*24*3600)},
		{"an odd token", []string{"--jti", "a/b c|%", "--force"}, admin.HashRevoked, "a%2Fb%20c%7C%25", fmt.Sprint(testNow.Unix() + 366*24*3600)},
		{"a token that is given", []string{unsignedToken(`{"jti":"a/b","exp":` + fmt.Sprint(testNow.Unix()+60) + `}`)}, admin.HashRevoked, "a%2Fb", fmt.Sprint(testNow.Unix() + 60)},
		{"one with a scheme, without exp", []string{"Bearer " + unsignedToken(`{"jti":"a"}`)}, admin.HashRevoked, "a", fmt.Sprint(testNow.Unix() + 366*24*3600)},
		{"an application", []string{"--app", "shop"}, admin.HashNotBefore, "shop", now},
		{"an application by ID", []string{"--app", "shop@app"}, admin.HashNotBefore, "shop", now},
		{"an application in another case", []string{"--app", "SHOP@App"}, admin.HashNotBefore, "shop", now},
		{"a user", []string{"--app", "Shop", "--user", "ann"}, admin.HashNotBefore, "shop|ann", now},
		{"an odd user", []string{"--app", "sh|op", "--user", "a/n|n é"}, admin.HashNotBefore, "sh%7Cop|a%2Fn%7Cn%20%C3%A9", now},
		{"at a time", []string{"--app", "shop", "--at", "2026-01-01T00:00:00Z"}, admin.HashNotBefore, "shop", "1767225600"},
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

// unsignedToken returns a token with this payload, whose signature is nobody's.
func unsignedToken(payload string) string {
	return jwttest.Encode([]byte(`{"alg":"HS256"}`)) + "." + jwttest.Encode([]byte(payload)) + ".c2ln"
}

// A token is read from a file or standard input, too. Nothing of it but its jti is sent or shown.
func TestRevokeToken(t *testing.T) {
	g, address := newGatewayFake(t)
	raw := unsignedToken(`{"jti":"a","sub":"ann"}`)
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(raw+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, argument := range map[string]string{"file": "@" + file, "standard input": "-"} {
		clear(g.hashes)
		out := session{t: t, stdin: raw}.ok("revoke", "--admin", address, argument)
		if strings.Contains(out, "not known") || strings.Contains(out, "ann") || strings.Contains(out, raw) || g.hashes[admin.HashRevoked]["a"] == "" {
			t.Errorf("%s: %s, hashes %v", name, out, g.hashes)
		}
	}
	clear(g.hashes)
	for name, raw := range map[string]string{"no token": "rt_4Zk9", "no jti": unsignedToken(`{"sub":"ann"}`), "an empty jti": unsignedToken(`{"jti":""}`)} {
		r := session{t: t}.run("revoke", "--admin", address, "--force", raw)
		if r.code != exitFailed || strings.Contains(r.out+r.err, raw) || len(g.hashes) != 0 {
			t.Errorf("%s: exit status %d, %s%s, hashes %v", name, r.code, r.out, r.err, g.hashes)
		}
	}
}

func TestRevokeUsage(t *testing.T) {
	_, address := newGatewayFake(t)
	for name, args := range map[string][]string{
		"nothing":               {"--admin", address},
		"both":                  {"--admin", address, "--jti", "a", "--app", "b"},
		"a whole token":         {"--admin", address, "--jti", "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJhIn0.c2ln", "--force"},
		"a token and its ID":    {"--admin", address, "--jti", "a", unsignedToken(`{"jti":"a"}`)},
		"until of a token":      {"--admin", address, "--until", "+1m", unsignedToken(`{"jti":"a"}`)},
		"two tokens":            {"--admin", address, unsignedToken(`{"jti":"a"}`), unsignedToken(`{"jti":"b"}`)},
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
