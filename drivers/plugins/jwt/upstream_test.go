package jwt

import (
	"encoding/base64"
	"strings"
	"testing"

	http_context "github.com/eolinker/apinto/node/http-context"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
)

// spoofedHeadersCases are those of TestSpoofedHeaders.
var spoofedHeadersCases = map[string][]string{
	"as it is":             {"X-User: eve"},
	"small letters":        {"x-user: eve"},
	"capital letters":      {"X-USER: eve"},
	"underscore":           {"X_User: eve"},
	"underscore, small":    {"x_user: eve"},
	"dot":                  {"X.User: eve"},
	"other characters":     {"X~User: eve", "x+user: eve", "x'user: eve", "x`user: eve"},
	"repeated":             {"X-User: eve", "X-User: eve2", "x-user: eve3"},
	"repeated differently": {"X-User: eve", "X_User: eve", "x-USER: eve"},
	"empty, then not":      {"X-User:", "X-User: eve"},
	"in Connection":        {"X-User: eve", "Connection: keep-alive, X-User"},
	"in Trailer":           {"X-User: eve", "Trailer: X-User"},
	"payload header":       {"X-Payload: eve", "x_payload: eve"},
}

// The client cannot get a header of its own through under a name that an upstream may take for ours: however it is
// written, whatever the token and the mode.
func TestSpoofedHeaders(t *testing.T) {
	spellings := spoofedHeadersCases
	r := newRig(t)
	r.app("shop", `"anonymous":false`)
	const owned = `"claims_to_headers":{"sub":"X-User","nothing":"X-Nothing"},"forward_payload":"X-Payload"}`
	good, without := r.tokenOf("shop", claims{"sub": "bob"}), r.tokenOf("shop", claims{"sub": "eve"})
	payload := "X-Payload: " + strings.Split(good, ".")[1]
	cases := []struct{ name, config, token, user, payload string }{
		{"accepted", `{`, good, "X-User: bob", payload},
		{"no token", `{"required":false,`, "", "", ""},
		{"observed, accepted", `{"mode":"observe",`, good, "X-User: bob", payload},
		{"observed, bad", `{"mode":"observe",`, good + "x", "", ""},
		{"observed, unknown user", `{"mode":"observe",`, without, "", ""},
		{"observed, not sufficient", `{"mode":"observe","scopes":["x"],`, good, "", ""},
		{"observed, no token", `{"mode":"observe",`, "", "", ""},
	}
	for name, headers := range spellings {
		for _, c := range cases {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				o := r.ask(c.config+owned, r.get(c.token, append([]string{"X-Other: kept", "X-Users: kept", "Cookie: a=\"b\"; c"}, headers...)...))
				o.expect(t, "passed")
				sent := o.upstream()
				if strings.Contains(sent, "eve") || strings.Count(sent, "X-User:") > 1 || strings.Contains(sent, "Trailer") {
					t.Errorf("the upstream gets\n%s", sent)
				}
				for _, want := range []string{c.user, c.payload, "X-Other: kept", "X-Users: kept", "Cookie: a=\"b\"; c"} {
					if !strings.Contains(sent, want) {
						t.Errorf("%s is not in\n%s", want, sent)
					}
				}
				if strings.Contains(strings.ToLower(connectionOf(sent)), "x-user") {
					t.Errorf("Connection still names the header:\n%s", sent)
				}
				if values := o.Proxy().Header().Headers(); c.user == "" && values.Get("X-User") != "" || c.user != "" && values.Get("X-User") != "bob" {
					t.Errorf("the host's map has X-User %q", values["X-User"])
				}
			})
		}
	}
}

// connectionOf returns the Connection header's line.
func connectionOf(sent string) string {
	for line := range strings.Lines(sent) {
		if strings.HasPrefix(line, "Connection:") {
			return line
		}
	}
	return ""
}

// Other options of Connection stay, and other trailer fields.
func TestConnectionOptions(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	tests := map[string]struct{ sent, want []string }{
		"among others":      {[]string{"Connection: keep-alive, X_USER , X-Else"}, []string{"Connection: keep-alive, X-Else\r\n"}},
		"alone":             {[]string{"Connection: x-user"}, nil},
		"two lines":         {[]string{"Connection: X-Else", "Connection: X-User"}, []string{"Connection: X-Else\r\n"}},
		"with close":        {[]string{"Connection: close, X-User"}, []string{"Connection: close\r\n"}},
		"upgrade":           {[]string{"Connection: Upgrade, X-User", "Upgrade: websocket"}, []string{"Connection: Upgrade\r\n"}},
		"not ours":          {[]string{"Connection: X-Else,  X-More"}, []string{"Connection: X-Else,  X-More\r\n"}},
		"trailer not ours":  {[]string{"Trailer: X-Sum", "X-Sum: 1"}, []string{"Trailer: X-Sum\r\n"}},
		"trailer of both":   {[]string{"Trailer: X-Sum, x-user"}, []string{"Trailer: X-Sum\r\n"}},
		"trailer and value": {[]string{"Trailer: x-user", "X-User: eve"}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			o := r.ask(`{"claims_to_headers":{"sub":"X-User"}}`, r.get(r.tokenOf("shop", nil), test.sent...))
			sent := o.upstream()
			for _, want := range append(test.want, "X-User: ann\r\n") {
				if !strings.Contains(sent, want) {
					t.Errorf("%q is not in\n%s", want, sent)
				}
			}
			if strings.Count(strings.ToLower(strings.ReplaceAll(sent, "_", "-")), "x-user") != 1 {
				t.Errorf("the upstream gets\n%s", sent)
			}
			if test.want == nil && strings.Contains(sent, "Connection") {
				t.Errorf("an empty Connection:\n%s", sent)
			}
		})
	}
}

// Without headers of its own the filter touches none.
func TestNothingOwned(t *testing.T) {
	r := newRig(t)
	r.gateway.MustPut("shop", `{"auth":[{"type":"jwt","position":"header","token_name":"Authorization",
		"config":{"algorithm":"HS256","secret":"`+secretOf("shop")+`","path":"sub"},"users":[{"pattern":{"username":"ann"}}]}]}`)
	ctx := r.get(r.tokenOf("shop", nil), "X-User: eve", "x_user: eve", "Connection: X-User", "Trailer: X-User", "Cookie: a=\"b\"; c")
	before := hosthttp.Raw(ctx.Proxy()).Header.String()
	o := r.ask(`{}`, ctx)
	o.expect(t, "passed")
	if o.upstream() != before {
		t.Errorf("the upstream gets\n%s\nnot\n%s", o.upstream(), before)
	}
}

// A websocket's request is made from the host's own copy of the headers.
func TestSpoofedWebsocket(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	for _, warm := range []bool{false, true} {
		ctx := r.get(r.tokenOf("shop", nil), "x_user: eve", "X-User: eve", "Connection: Upgrade", "Upgrade: websocket")
		websocket, err := http_context.NewWebsocketContext(ctx)
		must.Succeed(t, err)
		if warm { // an earlier plugin has asked for a header
			websocket.Proxy().Header().Headers()["x-user"] = []string{"eve"} // as a host that leaves names alone would have it
		}
		o := r.send(websocket, r.filter(`{"claims_to_headers":{"sub":"X-User"}}`))
		o.expect(t, "passed")
		for name, values := range websocket.Proxy().Header().Headers() {
			if strings.Contains(strings.Join(values, ","), "eve") {
				t.Errorf("the host's copy has %s: %q", name, values)
			}
		}
		if got := websocket.Proxy().Header().Headers().Get("X-User"); got != "ann" {
			t.Errorf("X-User is %q", got)
		}
	}
	ctx, err := http_context.NewWebsocketContext(r.get("", "Connection: Upgrade", "Upgrade: websocket"))
	must.Succeed(t, err)
	if err := r.filter(`{}`).DoWebsocketFilter(ctx, nil); err != nil {
		t.Error(err)
	}
	outcome{ctx, false}.expect(t, "401 token_missing")
}

// A request that offers no more than the interface.
func TestPlainRequest(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	ctx := plainRequest{r.get(r.tokenOf("shop", nil), "x_user: eve", "X-User: eve")}
	o := r.send(ctx, r.filter(`{"claims_to_headers":{"sub":"X-User"}}`))
	o.expect(t, "passed")
	if sent := hosthttp.Raw(ctx.IHttpContext.Proxy()).Header.String(); strings.Contains(sent, "eve") || !strings.Contains(sent, "X-User: ann") {
		t.Errorf("the upstream gets\n%s", sent)
	}
	preflights := plainRequest{host.Context(t, "OPTIONS / HTTP/1.1\nHost: h\nOrigin: o\nAccess-Control-Request-Method: GET\n\n")}
	r.send(preflights, r.filter(`{}`)).expect(t, "passed")
}

type plainRequest struct{ http_service.IHttpContext }

func (p plainRequest) Proxy() http_service.IRequest {
	return struct{ http_service.IRequest }{p.IHttpContext.Proxy()}
}

func (p plainRequest) Request() http_service.IRequestReader {
	return struct{ http_service.IRequestReader }{p.IHttpContext.Request()}
}

// What a claim becomes.
func TestClaimValues(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	encoded := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	long := strings.Repeat("a", maxHeaderValue)
	tests := []struct {
		name  string
		claim any
		want  string // "-": no header; "!": no header, and a label
	}{
		{"string", "a b", "a b"},
		{"empty", "", ""},
		{"whole number", 12345678901, "12345678901"},
		{"fraction", 1.5, "1.5"},
		{"true", true, "true"},
		{"false", false, "false"},
		{"null", nil, "-"},
		{"list", []any{"a", 1, true}, "a,1,true"},
		{"list of one", []any{"a"}, "a"},
		{"empty list", []any{}, ""},
		{"list with a comma", []any{"users,admin", "x"}, "users%2Cadmin,x"},
		{"list with percent", []any{"a%2Cb"}, "a%252Cb"},
		{"list with blanks", []any{" a b ", "c"}, "%20a b%20,c"},
		{"comma in a string", "a,b", "a,b"},
		{"object", claims{"a": 1}, encoded(`{"a":1}`)},
		{"list of objects", []any{claims{"a": 1}, "b"}, encoded(`[{"a":1},"b"]`)},
		{"list of lists", []any{[]any{"a"}}, encoded(`[["a"]]`)},
		{"list with null", []any{nil}, encoded(`[null]`)},
		{"UTF-8", "李雷 é", "李雷 é"},
		{"line break", "a\r\nX-Admin: 1", "!"},
		{"line feed", "a\nb", "!"},
		{"NUL", "a\x00b", "!"},
		{"tab", "a\tb", "!"},
		{"DEL", "a\x7f", "!"},
		{"C1", "a\u0085b", "!"},
		{"control in a list", []any{"a", "b\nc"}, "!"},
		{"blank before", " admin", "!"},
		{"blank behind", "admin ", "!"},
		{"wide blank behind", "admin\u3000", "!"},
		{"longest", long, long},
		{"too long", long + "a", "!"},
		{"too long a list", []any{long, "a"}, "!"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := r.ask(`{"claims_to_headers":{"c":"X-C","$.sub":"X-User"}}`, r.get(r.tokenOf("shop", claims{"c": test.claim}), "X-C: eve"))
			o.expect(t, "passed")
			values := hosthttp.Raw(o.Proxy()).Header.PeekAll("X-C")
			absent := test.want == "-" || test.want == "!"
			if absent != (len(values) == 0) || !absent && (len(values) != 1 || string(values[0]) != test.want) {
				t.Errorf("got %q, want %q", values, test.want)
			}
			dropped := ""
			if test.want == "!" {
				dropped = "X-C"
			}
			o.label(t, LabelDropped, dropped)
			if !strings.Contains(o.upstream(), "X-User: ann\r\n") {
				t.Errorf("the upstream gets\n%s", o.upstream())
			}
		})
	}
	o := r.ask(`{"claims_to_headers":{"$.a.b":"x-deep","missing":"X-None"},"forward_payload":"x-payload"}`,
		r.get(r.tokenOf("shop", claims{"a": claims{"b": "deep"}})))
	payload, err := base64.RawURLEncoding.DecodeString(string(hosthttp.Raw(o.Proxy()).Header.Peek("X-Payload")))
	if err != nil || string(payload) != `{"a":{"b":"deep"},"sub":"ann"}` {
		t.Errorf("the payload is %q, %v", payload, err)
	}
	if sent := o.upstream(); !strings.Contains(sent, "X-Deep: deep\r\n") || strings.Contains(sent, "X-None") {
		t.Errorf("the upstream gets\n%s", sent)
	}
}
