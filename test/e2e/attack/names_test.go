package attack

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// White space in or before the colon of a header's name: refused by the filter in every mode, never forwarded by any route.
// The stock host forwards it where there is no filter.
func TestBlankBeforeColon(t *testing.T) {
	e := rig.SharedFilter(t)
	edited := rig.Edited(t, e.Node)
	raw := startRawUpstream(t)
	must.Succeed(t, e.Node.Create(t.Context(), gateway.Service{Name: "accraw", Nodes: []string{raw.address()}}))
	put := func(name string, plugins map[string]any) {
		body := rig.Route{Name: name, Plugins: plugins}.Body()
		body["service"] = "accraw@service"
		if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/router", body); err != nil {
			t.Fatal(err)
		}
	}
	put("a-colon", map[string]any{"jwt": rig.Plugin(map[string]any{})})
	put("a-colon-open", map[string]any{"jwt": rig.Plugin(map[string]any{"required": false}), "app": rig.SwitchedOff()})
	put("a-colon-observe", map[string]any{"jwt": rig.Plugin(map[string]any{"mode": "observe"}), "app": rig.SwitchedOff()})
	put("a-colon-app", map[string]any{})
	put("a-colon-none", map[string]any{"app": rig.SwitchedOff()})
	good := rig.FilterToken(t, "shop", nil)
	rig.Within(t, rig.Settle, func() error {
		for _, name := range []string{"a-colon", "a-colon-open", "a-colon-observe", "a-colon-app", "a-colon-none"} {
			if status, body := e.Ask(t, "GET /"+name+"/ HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "+good+"\r\n\r\n"); status != 200 {
				return fmt.Errorf("%s: %d %s", name, status, body)
			}
		}
		return nil
	})
	raw.forget()
	fields := map[string]string{
		"blank": "X-Role : eve\r\n", "blanks": "X-Role   : eve\r\n", "tab": "X-Role\t: eve\r\n", "inside": "X Role: eve\r\n",
		"tab inside": "X\tRole: eve\r\n", "empty value": "X-Role :\r\n", "known": "User-Agent : eve\r\n", "cookie": "Cookie : a=eve\r\n",
		"authorization": "Authorization : Bearer eve\r\n", "forwarded": "X-Forwarded-For : 1.1.1.1\r\n", "connection": "Connection : close\r\n",
		"expect": "Expect : 100-continue\r\n", "coding": "Transfer-Encoding : chunked\r\n", "type": "Content-Type : application/json\r\n",
		"host": "Host : eve\r\n", "trailer": "Trailer : X-Role\r\n", "upgrade": "Upgrade : websocket\r\n", "first": "LEAD X-Role : eve\r\n",
		"twice": "X-Role: a\r\nX-Role : eve\r\n", "no name": ": eve\r\n",
	}
	for name, field := range fields {
		for _, where := range []string{"a-colon", "a-colon-open", "a-colon-observe", "a-colon-app", "a-colon-none"} {
			for _, method := range []string{"GET", "POST"} {
				t.Run(name+" "+method+" "+where, func(t *testing.T) {
					raw.take()
					body := ""
					if method == "POST" {
						body = "Content-Length: 3\r\n"
					}
					head := "Host: h\r\nAuthorization: Bearer " + good + "\r\n" + field + body + "\r\n"
					if rest, first := strings.CutPrefix(field, "LEAD "); first {
						head = rest + "Host: h\r\nAuthorization: Bearer " + good + "\r\n" + body + "\r\n"
					}
					if method == "POST" {
						head += "a=b"
					}
					answers, _ := e.Converse(t, method+" /"+where+"/1 HTTP/1.1\r\n"+head)
					status := fmt.Sprintf("%.12s", answers)
					filter := !strings.HasSuffix(where, "-app") && !strings.HasSuffix(where, "-none")
					if filter && status != "HTTP/1.1 400" {
						t.Errorf("%s: %s", where, answers)
					}
					for _, text := range raw.take() {
						if filter || edited && malformed(text) {
							t.Errorf("the upstream got %q", text)
						}
					}
				})
			}
		}
	}
}

// malformed tells of a field with white space in its name.
func malformed(text string) bool {
	head, _, _ := strings.Cut(text, "\r\n\r\n")
	for _, line := range strings.Split(head, "\r\n")[1:] {
		name, _, _ := strings.Cut(line, ":")
		if name == "" || strings.ContainsAny(name, " \t") {
			return true
		}
	}
	return false
}

// What has not the form of a token passes if none is required, and whoever knows it accepts it; with "required" it does not.
func TestOtherCredentials(t *testing.T) {
	e := rig.SharedFilter(t)
	keys := []string{"acc-key", "a.b", "v1.acc.key.4", "..acc", "acc..", "acc..key", ".acc.key", "acc.key.+/=", "acc key", "e30x", "sk_live.acc"}
	users := []any{}
	for _, key := range keys {
		users = append(users, map[string]any{"pattern": map[string]any{"apikey": key}})
	}
	for name, position := range map[string]string{"X-Acc-Key": "header", "acckey": "query"} {
		_, err := e.Node.Call(t.Context(), http.MethodPost, "/api/app", map[string]any{"name": "acckeys" + position, "driver": "app", "auth": []any{map[string]any{
			"type": "apikey", "position": position, "token_name": name, "config": map[string]any{}, "users": users,
		}}})
		must.Succeed(t, err)
		t.Cleanup(func() { _, _ = e.Node.Call(t.Context(), http.MethodDelete, "/api/app/acckeys"+position, nil) })
		rule := rig.FilterApp("acctok" + position)
		rule.Auth[0].Position, rule.Auth[0].TokenName = position, name
		e.Add(t, rule)
	}
	e.MustPut(t, rig.WithFilter("a-keys", map[string]any{"required": false}, false))
	e.MustPut(t, rig.WithFilter("a-keys-must", map[string]any{}, false))
	e.MustPut(t, rig.Route{Name: "a-keys-app", Plugins: map[string]any{}})
	e.Settles(t, "a-keys", rig.InHeader("X-Acc-Key", "acc-key"), "upstream")
	e.Settles(t, "a-keys", rig.InQuery("acckey", "acc-key"), "upstream")
	e.Settles(t, "a-keys-app", rig.InQuery("acckey", "acc-key"), "upstream")
	for _, key := range keys {
		for place, c := range map[string]rig.Call{"header": rig.InHeader("X-Acc-Key", key), "query": rig.InQuery("acckey", key)} {
			t.Run(place+" "+key, func(t *testing.T) {
				alone, open, required := e.On(t, "a-keys-app", c).Said(), e.On(t, "a-keys", c).Said(), e.On(t, "a-keys-must", c).Said()
				if open != alone || alone != "upstream" {
					t.Errorf("app alone: %s, filter before it: %s", alone, open)
				}
				if required == "upstream" {
					t.Errorf("required: %s", required)
				}
			})
		}
	}
	// Of the form of a token: refused though none is required.
	forged := rig.FilterToken(t, "nobody", nil)
	for _, text := range []string{"a.b.c", "a.b.", "e30.", "x.e30", forged, "Bearer " + forged, strings.TrimRight(forged, "=") + "."} {
		if got := e.On(t, "a-keys", rig.InHeader("X-Acc-Key", text)).Said(); !strings.HasPrefix(got, "401 ") || strings.HasSuffix(got, "token_missing") || strings.Contains(got, `"`) {
			t.Errorf("%q: %s", text, got)
		}
	}
}
