package main

import (
	"net/http"
	"strings"
	"testing"
)

// An admin API that refuses, or is not there, is an error that is fit for a terminal.
func TestAdminFails(t *testing.T) {
	g, address := newGatewayFake(t)
	g.status = http.StatusInternalServerError
	for _, args := range [][]string{{"revoke", "--jti", "a", "--force"}, {"revoked", "list"}, {"revoked", "prune"}} {
		r := session{t: t}.run(append(args, "--admin", address)...)
		if r.code != exitFailed || !strings.Contains(r.err, "status 500") || strings.Contains(r.err, "\x1b") {
			t.Errorf("%v: exit status %d, %q", args, r.code, r.err)
		}
		if r := (session{t: t}).run(append(args, "--admin", "http://127.0.0.1:1")...); r.code != exitFailed {
			t.Errorf("%v, nobody there: exit status %d, %q", args, r.code, r.err)
		}
	}
}
