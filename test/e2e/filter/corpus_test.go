package filter

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/test/corpus"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// The corpus's requests to the routes of MCP servers, byte by byte.
func TestCorpus(t *testing.T) {
	e := rig.SharedFilter(t)
	for _, name := range corpus.RouteRules() {
		e.Add(t, corpusApp(t, name))
	}
	for name, text := range corpus.Routes() {
		var config map[string]any
		if err := json.Unmarshal(text, &config); err != nil {
			t.Fatal(err)
		}
		e.MustPut(t, rig.WithFilter("corpus-"+name, config, true))
		e.Settles(t, "corpus-"+name, rig.Call{Method: http.MethodPost, Body: []byte("{}")}, "401 token_missing")
	}
	for _, c := range corpus.RouteCases() {
		t.Run(c.Name, func(t *testing.T) {
			path := rig.NewPath("/corpus-" + c.Route + "/")
			status, body := e.Ask(t, strings.Replace(c.Request, " "+corpus.RoutePath, " "+path, 1))
			seen := e.Upstream.Seen(path)
			if c.Want != corpus.Accepted {
				if got, want := refusal(body), fmt.Sprint(c.Code, " ", c.Want); status != c.Status || got != want || len(seen) > 0 {
					t.Errorf("got %d %s, %d requests upstream, want %d %s\n%s", status, got, len(seen), c.Status, want, c.Request)
				}
				return
			}
			if status != http.StatusOK || len(seen) != 1 {
				t.Fatalf("status %d, %d requests upstream: %s\n%s", status, len(seen), body, c.Request)
			}
			_, message, _ := strings.Cut(c.Request, "\r\n\r\n")
			if user := seen[0].Header.Get(corpus.UserHeader); user != c.User || string(seen[0].Body) != message || seen[0].Header.Get("Authorization") != "" {
				t.Errorf("the upstream gets, of %q,\n%s", user, seen[0].Text())
			}
		})
	}
}

// corpusApp is the application of a rule, with its users.
func corpusApp(t *testing.T, name string) gateway.App {
	t.Helper()
	var rule gateway.Rule
	if err := json.Unmarshal(corpus.Rules()[name], &rule); err != nil {
		t.Fatal(err)
	}
	var users []gateway.User
	for _, user := range corpus.UsersOf(name) {
		users = append(users, gateway.User{Name: user.Name, Expire: user.Expire})
	}
	return gateway.JWTApp("corpus-"+name, gateway.Auth{Position: "header", TokenName: "Authorization", Config: rule, Users: users})
}

// refusal returns code and reason of an answer, be it a JSON-RPC error or not.
func refusal(body string) string {
	type reason struct{ Reason string }
	var answer struct {
		reason
		Error json.RawMessage
	}
	var rpc struct {
		Code int
		Data reason
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		return fmt.Sprintf("%q", body)
	}
	if json.Unmarshal(answer.Error, &rpc) == nil {
		return fmt.Sprint(rpc.Code, " ", rpc.Data.Reason)
	}
	return fmt.Sprint(0, " ", answer.Reason)
}
