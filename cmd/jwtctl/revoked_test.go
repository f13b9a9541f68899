package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"apinto-jwt/cmd/jwtctl/internal/admin"
)

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
	g.hashes[admin.HashRevoked] = map[string]string{
		"old": fmt.Sprint(at - 301), "just": fmt.Sprint(at - 300), "leeway": fmt.Sprint(at - 299), "live": fmt.Sprint(at + 10), "odd\x1b": "soon",
	}
	g.hashes[admin.HashNotBefore] = map[string]string{"shop|ann": "1"}
	if out := s.ok("revoked", "list"); strings.Contains(out, "\x1b") || !strings.Contains(out, "token live, expires 2026-01-31T12:00:10Z\n") ||
		!strings.Contains(out, "tokens of shop|ann issued before 1970-01-01T00:00:01Z\n") || !strings.Contains(out, "(no time; always)") {
		t.Errorf("list:\n%s", out)
	}
	var listed map[string]map[string]string
	if err := json.Unmarshal([]byte(s.ok("revoked", "list", "--json")), &listed); err != nil || len(listed[admin.HashRevoked]) != 5 {
		t.Errorf("list --json: %v, %v", listed, err)
	}
	if out := s.ok("revoked", "prune"); out != "2 dropped, 3 left\n" {
		t.Error(out)
	}
	for field, want := range map[string]bool{"old": false, "just": false, "leeway": true, "live": true, "odd\x1b": true} {
		if _, there := g.hashes[admin.HashRevoked][field]; there != want {
			t.Errorf("%q is there: %v", field, there)
		}
	}
	if len(g.hashes[admin.HashNotBefore]) != 1 {
		t.Error("what applies to users was dropped")
	}
}
