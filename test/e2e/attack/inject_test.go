package attack

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// A header that a claim fills cannot be sent by a client by way of bytes that an upstream may take for the end of a line, for
// white space or for nothing: the request is refused, or the field does not go on in a form that is one.
func TestInjectedNames(t *testing.T) {
	e := rig.SharedFilter(t)
	raw := startRawUpstream(t)
	if err := e.Node.Create(t.Context(), gateway.Service{Name: "accinject", Nodes: []string{raw.address()}}); err != nil {
		t.Fatal(err)
	}
	body := rig.WithFilter("a-inject", map[string]any{"required": false, "claims_to_headers": map[string]any{"sub": "X-User"}}, true).Body()
	body["service"] = "accinject@service"
	if _, err := e.Node.Call(t.Context(), http.MethodPost, "/api/router", body); err != nil {
		t.Fatal(err)
	}
	good := rig.FilterToken(t, "shop", nil)
	head := "GET /a-inject/1 HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + good + "\r\nConnection: close\r\n"
	rig.Within(t, rig.Settle, func() error {
		if status, text := e.Ask(t, head+"\r\n"); status != 200 {
			return fmt.Errorf("%d %s", status, text)
		}
		return nil
	})
	for name, field := range map[string]string{
		"bare CR in a value": "X-A: b\rX-User: eve\r\n", "CR CR LF": "X-A: b\r\r\nX-User: eve\r\n", "bare LF": "X-A: b\nX-User: eve\n",
		"LF and blank": "X-A: b\n X-User: eve\r\n", "vertical tab behind": "X-User\x0b: eve\r\n", "form feed behind": "X-User\x0c: eve\r\n",
		"NUL behind": "X-User\x00: eve\r\n", "NUL before": "\x00X-User: eve\r\n", "NUL in a value": "X-A: b\x00X-User: eve\r\n",
		"vertical tab before": "\x0bX-User: eve\r\n", "no-break space behind": "X-User\xa0: eve\r\n", "UTF-8 space behind": "X-User\u00a0: eve\r\n",
		"next line behind": "X-User\x85: eve\r\n", "CR behind": "X-User\r: eve\r\n", "CR before": "\rX-User: eve\r\n", "quoted": "\"X-User\": eve\r\n",
		"comma": "X-User,: eve\r\n", "colon twice": "X-User:: eve\r\n", "DEL": "X-User\x7f: eve\r\n", "CR in a query": "X-A: c\r\nX-User\r: eve\r\n",
		"in Connection, small": "x-user: eve\r\nconnection: x-USER\r\n", "in Connection, quoted": "Connection: \"X-User\"\r\n", "hyphen as underscore": "x__user: eve\r\nX_User: eve\r\n",
		"Keep-Alive": "Connection: Keep-Alive , x-user,\r\n", "Nominated by proxy": "Proxy-Connection: X-User\r\n", "TE": "TE: trailers\r\nTrailer: x-USER\r\n",
		"space of Unicode": "X-User\u2003: eve\r\n", "fullwidth": "X-Uſer: eve\r\n",
	} {
		for _, credential := range []string{"with", "without"} {
			t.Run(name+" "+credential+" a token", func(t *testing.T) {
				raw.take()
				text := strings.Replace(head, "\r\nConnection: close", "", 1)
				if credential == "without" {
					text = "GET /a-inject/1 HTTP/1.1\r\nHost: h\r\n"
				}
				answers, _ := e.Converse(t, text+field+"\r\n")
				seen := raw.take()
				t.Logf("%.12s, %d requests", answers, len(seen))
				for _, got := range seen {
					// As lenient a reader as there is: CR, LF and NUL end a line, and what is no token is not of a name.
					lines := strings.FieldsFunc(got, func(r rune) bool { return r == '\r' || r == '\n' || r == 0 })
					for _, line := range lines {
						field, value, _ := strings.Cut(line, ":")
						clean := strings.Map(func(r rune) rune {
							if r <= ' ' || r >= 0x7f || strings.ContainsRune(`",`, r) {
								return -1
							}
							return r
						}, field)
						if strings.EqualFold(clean, "X-User") && strings.Contains(value, "eve") || strings.EqualFold(field, "Connection") && strings.Contains(strings.ToLower(value), "x-user") {
							t.Errorf("the upstream gets %q: %q", line, got)
						}
					}
				}
			})
		}
	}
}
