package jwt

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/corpus"
)

// The project's own attacks on the route of an MCP server, and what must be accepted, with the gateway's own request
// contexts; each three times, as a token is remembered from its second time on.
func TestCorpus(t *testing.T) {
	r := newRig(t)
	for _, name := range corpus.RouteRules() {
		r.gateway.MustPut(name, corpusApp(t, name))
	}
	filters := make(map[string]*filter)
	for name, config := range corpus.Routes() {
		filters[name] = r.filter(string(config))
	}
	for _, c := range corpus.RouteCases() {
		t.Run(c.Name, func(t *testing.T) {
			for range 3 {
				r.send(host.Context(t, c.Request), filters[c.Route]).verdict(t, c)
			}
		})
	}
}

// corpusApp is the application of a rule, with its users.
func corpusApp(t *testing.T, name string) string {
	t.Helper()
	var users []map[string]any
	for _, user := range corpus.UsersOf(name) {
		users = append(users, map[string]any{"pattern": map[string]any{"username": user.Name}, "expire": user.Expire})
	}
	text, err := json.Marshal(map[string]any{"auth": []map[string]any{{
		"type": "jwt", "position": "header", "token_name": "Authorization", "config": corpus.Rules()[name], "users": users,
	}}})
	must.Succeed(t, err)
	return string(text)
}

// verdict compares what came of a request with what the case wants. An accepted message goes on to the byte, with the
// user's name and without the token.
func (o outcome) verdict(t *testing.T, c corpus.RouteCase) {
	t.Helper()
	_, token, _ := strings.Cut(c.Request, "Bearer ")
	token, _, _ = strings.Cut(token, "\r\n")
	_, message, _ := strings.Cut(c.Request, "\r\n\r\n")
	if c.Want != corpus.Accepted {
		var answer rpcError
		_ = json.Unmarshal(o.Response().GetBody(), &answer) // another answer has no code
		got := fmt.Sprint(o.Response().StatusCode(), " ", answer.Error.Code, " ", o.body().Reason)
		if want := fmt.Sprint(c.Status, " ", c.Code, " ", c.Want); o.passed || got != want {
			t.Errorf("got %s, passed %t, want %s\n%s", got, o.passed, want, c.Request)
		}
		return
	}
	if !o.passed {
		t.Fatalf("got %s %s\n%s", o.said(), o.body().Message, c.Request)
	}
	sent, err := o.Proxy().Body().RawBody()
	if err != nil || string(sent) != message || strings.Contains(o.upstream(), token) {
		t.Errorf("%v: the upstream gets\n%s%s", err, o.upstream(), sent)
	}
	if user := o.Proxy().Header().GetHeader(corpus.UserHeader); user != c.User || o.GetLabel("token") != c.User {
		t.Errorf("the user is %q, label %q, want %q", user, o.GetLabel("token"), c.User)
	}
}
