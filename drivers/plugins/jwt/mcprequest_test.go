package jwt

import (
	"fmt"
	"strings"
	"testing"

	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/jwttest/host"
)

// requestTests are requests with their headers.
var requestTests = []struct {
	name, request string
	want          string
}{
	{"media type with the charset", strings.Replace(post(tool("about"), "BEARER"), "json\n", "json; Charset=\"UTF-8\"\n", 1), "passed"},
	{"another charset", strings.Replace(post(tool("about"), "BEARER"), "json\n", "json; charset=utf-16\n", 1), "415 content_type_not_allowed"},
	{"another parameter", strings.Replace(post(tool("about"), "BEARER"), "json\n", "json; version=1\n", 1), "415 content_type_not_allowed"},
	{"another media type", strings.Replace(post(tool("about"), "BEARER"), "application/json", "text/plain", 1), "415 content_type_not_allowed"},
	{"a form", strings.Replace(post(tool("about"), "BEARER"), "application/json", "application/x-www-form-urlencoded", 1), "415 content_type_not_allowed"},
	{"no media type", strings.Replace(post(tool("about"), "BEARER"), "Content-Type: application/json\n", "", 1), "415 content_type_not_allowed"},
	{"two media types", post(tool("about"), "BEARER", "Content-Type: text/plain"), "400 header_mismatch"},
	{"compressed", post(tool("about"), "BEARER", "Content-Encoding: gzip"), "415 content_type_not_allowed"},
	{"compressed by two", post(tool("about"), "BEARER", "Content-Encoding: identity, gzip"), "415 content_type_not_allowed"},
	{"not compressed", post(tool("about"), "BEARER", "Content-Encoding: identity"), "passed"},
	{"true headers", post(tool("about"), "BEARER", "Mcp-Method: tools/call", "Mcp-Name: about"), "passed"},
	{"another name", post(tool("delete_file"), "BEARER", "Mcp-Name: about"), "400 header_mismatch"},
	{"two names", post(tool("about"), "BEARER", "Mcp-Name: about", "Mcp-Name: about"), "400 header_mismatch"},
	{"a name that some take for it", post(tool("about"), "BEARER", "Mcp_Name: delete_file"), "400 header_mismatch"},
	{"the newest without headers", post(tool("about"), "BEARER", "MCP-Protocol-Version: 2026-07-28"), "400 header_mismatch"},
	{"chunks", chunks(tool("about"), "", "BEARER"), "passed"},
	{"chunks with another tool", chunks(tool("put_file"), "", "BEARER"), "403 operation_not_allowed"},
	{"chunks with a field behind them", chunks(tool("about"), "X-A: b\r\n", "BEARER"), "400 message_malformed"},
	{"chunks with the name behind them", chunks(tool("about"), "Mcp-Name: delete_file\r\n", "BEARER"), "400 message_malformed"},
	{"a field behind them is announced", chunks(tool("about"), "", "BEARER", "Trailer: X-A"), "400 message_malformed"},
	{"two lengths", chunks(tool("about"), "", "BEARER", "Content-Length: 5"), "400 message_malformed"},
	{"the end is missing", strings.TrimSuffix(chunks(tool("about"), "", "BEARER"), "}\r\n0\r\n\r\n"), "400 token_malformed"},
	{"the end is missing behind a chunk", strings.TrimSuffix(chunks(tool("about"), "", "BEARER"), "0\r\n\r\n"), "400 token_malformed"},
	{"the end of the end is missing", strings.TrimSuffix(chunks(tool("about"), "", "BEARER"), "\r\n"), "400 token_malformed"},
	{"its origin", post(tool("about"), "BEARER", "Origin: https://app.example.com"), "passed"},
	{"another origin", post(tool("about"), "BEARER", "Origin: https://evil.example"), "403 origin_not_allowed"},
	{"the origin in another case", post(tool("about"), "BEARER", "Origin: https://APP.example.com"), "403 origin_not_allowed"},
	{"another port", post(tool("about"), "BEARER", "Origin: https://app.example.com:8443"), "403 origin_not_allowed"},
	{"another scheme", post(tool("about"), "BEARER", "Origin: http://app.example.com"), "403 origin_not_allowed"},
	{"no origin at all", post(tool("about"), "BEARER", "Origin: null"), "403 origin_not_allowed"},
	{"an empty origin", post(tool("about"), "BEARER", "Origin:"), "403 origin_not_allowed"},
	{"two origins", post(tool("about"), "BEARER", "Origin: https://app.example.com", "Origin: https://evil.example"), "400 header_mismatch"},
	{"another origin, no token", post(tool("about"), "Origin: https://evil.example"), "403 origin_not_allowed"},
	{"no token", post(tool("about")), "401 token_missing"},
	{"no token, nor a message", post(`x`), "401 token_missing"},
	{"a bad token", post(tool("about"), "BEARERx"), "401 signature_invalid"},
	{"a token in the query", strings.Replace(post(tool("about")), "/mcp", "/mcp?t=TOKEN", 1), "400 token_misplaced"},
	{"what says it is one", strings.Replace(post(tool("about"), "BEARER"), "/mcp", "/mcp?Access_Token=x", 1), "400 token_misplaced"},
	{"another parameter of the query", strings.Replace(post(tool("about"), "BEARER"), "/mcp", "/mcp?session=x", 1), "passed"},
	{"a token in a cookie", post(tool("about"), "Cookie: jwt=TOKEN"), "400 token_misplaced"},
	{"the token in a cookie too", post(tool("about"), "BEARER", "Cookie: jwt=TOKEN; a=b"), "passed"},
	{"GET", "GET /mcp HTTP/1.1\nHost: h\nBEARER\nAccept: text/event-stream\n\n", "405 http_method_not_allowed"},
	{"DELETE", "DELETE /mcp HTTP/1.1\nHost: h\nBEARER\n\n", "405 http_method_not_allowed"},
	{"HEAD", "HEAD /mcp HTTP/1.1\nHost: h\nBEARER\n\n", "405 http_method_not_allowed"},
	{"PUT", strings.Replace(post(tool("about"), "BEARER"), "POST", "PUT", 1), "405 http_method_not_allowed"},
	{"a method in another case", strings.Replace(post(tool("about"), "BEARER"), "POST", "Post", 1), "405 http_method_not_allowed"},
	{"OPTIONS", "OPTIONS /mcp HTTP/1.1\nHost: h\nBEARER\n\n", "405 http_method_not_allowed"},
	{"preflight", "OPTIONS /mcp HTTP/1.1\nHost: h\nOrigin: https://app.example.com\nAccess-Control-Request-Method: POST\n\n", "passed"},
	{"preflight of another origin", "OPTIONS /mcp HTTP/1.1\nHost: h\nOrigin: https://evil.example\nAccess-Control-Request-Method: POST\n\n", "403 origin_not_allowed"},
}

// chunks returns a request whose message comes in chunks.
func chunks(body, trailer string, headers ...string) string {
	return strings.Replace(post(fmt.Sprintf("%x\r\n%s\r\n0\r\n%s\r\n", len(body), body, trailer), append(headers, "Transfer-Encoding: chunked")...), "\n\n", "\n\n", 1)
}

// What readers could take in two ways is refused, and so is what MCP does not have; also where a rule has bodies read before.
func TestMCPRequests(t *testing.T) {
	for name, more := range map[string]string{
		"": "",
		"tokens in bodies": `{"auth":[{"type":"jwt","position":"body","token_name":"token","config":{"algorithm":"HS256","secret":"` + secretOf("form") +
			`","path":"sub"},"users":[{"pattern":{"username":"ann"}}]}]}`,
	} {
		t.Run(name, func(t *testing.T) { testMCPRequests(t, more) })
	}
}

func testMCPRequests(t *testing.T, more string) {
	r := newRig(t)
	if more != "" {
		r.gateway.MustPut("form", more)
	}
	r.gateway.MustPut("shop", `{"auth":[{"type":"jwt","position":"header","token_name":"Authorization","config":{"algorithm":"HS256","secret":"`+secretOf("shop")+
		`","path":"sub","cookie_name":"jwt"},"users":[{"pattern":{"username":"ann"}}]}]}`)
	f := r.filter(files + `}`)
	bearer := r.bearerOf("mcp")
	_, token, _ := strings.Cut(bearer, "Bearer ")
	for _, test := range requestTests {
		t.Run(test.name, func(t *testing.T) {
			o := r.send(host.Context(t, strings.NewReplacer("BEARER", bearer, "TOKEN", token).Replace(test.request)), f)
			o.expect(t, test.want)
			if strings.Contains(o.upstream(), token) && o.passed {
				t.Errorf("the upstream gets the token:\n%s", o.upstream())
			}
			if test.want != "passed" {
				_, reason, _ := strings.Cut(test.want, " ")
				o.label(t, "jwt_result", reason, "auth_status", "fail", "application_id", "")
			}
			if allow := o.Response().GetHeader("Allow"); (allow == "POST") != strings.HasPrefix(test.want, "405") {
				t.Errorf("Allow: %q", allow)
			}
		})
	}
}

// Streams and ends of sessions pass if the configuration says so, without a body.
func TestMCPSessions(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(`{"scopes":["mcp"],"mcp":{"sessions":true}}`)
	for request, want := range map[string]string{
		"GET /mcp HTTP/1.1\nHost: h\nBEARER\n\n":                                         "passed",
		"DELETE /mcp HTTP/1.1\nHost: h\nBEARER\nContent-Length: 0\n\n":                   "passed",
		"GET /mcp HTTP/1.1\nHost: h\n\n":                                                 "401 token_missing",
		"GET /mcp HTTP/1.1\nHost: h\nBEARER\n\n{}":                                       "400 message_malformed",
		"DELETE /mcp HTTP/1.1\nHost: h\nBEARER\n\n{}":                                    "400 message_malformed",
		"DELETE /mcp HTTP/1.1\nHost: h\nBEARER\nTransfer-Encoding: chunked\n\n0\r\n\r\n": "400 message_malformed",
		"HEAD /mcp HTTP/1.1\nHost: h\nBEARER\n\n":                                        "405 http_method_not_allowed",
		post(message("tools/list", ""), "BEARER"):                                        "passed",
		strings.Replace(post(message("tools/list", ""), "BEARER"), "POST", "PATCH", 1):   "405 http_method_not_allowed",
		"GET /mcp HTTP/1.1\nHost: h\nBEARER\nOrigin: https://a\n\n":                      "403 origin_not_allowed",
		"GET /mcp?access_token=x HTTP/1.1\nHost: h\nBEARER\n\n":                          "400 token_misplaced",
	} {
		o := r.send(host.Context(t, strings.Replace(request, "BEARER", r.bearerOf("mcp"), 1)), f)
		if got := o.said(); got != want {
			t.Errorf("%q: got %s, want %s", request, got, want)
		}
		if strings.HasPrefix(want, "405") && o.Response().GetHeader("Allow") != "DELETE, GET, POST" {
			t.Errorf("Allow: %q", o.Response().GetHeader("Allow"))
		}
		r.send(host.Context(t, strings.Replace(request, "BEARER", r.bearerOf("x"), 1)), f).label(t, "application_id", "")
	}
}

// A message of up to the driver's limit is read, however it comes, and goes on to the byte.
func TestMCPSize(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(files + `}`)
	limit := f.gate.driver.BodyLimit
	bearer := r.bearerOf("mcp")
	for size, want := range map[int]string{100: "passed", 8 << 10: "passed", 64 << 10: "passed", limit: "passed", limit + 1: "413 message_too_large"} {
		body := strings.Replace(tool("about"), "{}", `{"a":""}`, 1)
		body = strings.Replace(body, `""`, `"`+strings.Repeat("y", size-len(body))+`"`, 1)
		for _, request := range []string{post(body, bearer), chunks(body, "", bearer)} {
			o := r.send(host.Context(t, request), f)
			o.expect(t, want)
			if sent, err := o.Proxy().Body().RawBody(); o.passed && (err != nil || string(sent) != body) {
				t.Errorf("%d bytes: %d go on, %v", size, len(sent), err)
			}
		}
	}
}

// An application's own credential for the upstream takes the place of the client's token.
func TestMCPParameters(t *testing.T) {
	r := newRig(t)
	r.app("shop", `"additional":[{"key":"Authorization","value":"Basic b3Vycw==","position":"header","conflict":"error"}]`)
	o := r.ask(files+`}`, host.Context(t, post(tool("about"), r.bearerOf("mcp"))))
	o.expect(t, "passed")
	if !strings.Contains(o.upstream(), "Authorization: Basic b3Vycw==") || strings.Contains(o.upstream(), "Bearer") {
		t.Errorf("the upstream gets\n%s", o.upstream())
	}
}

// By the real server: several requests on one connection, with and without chunks.
func TestMCPServer(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	s := serve(t, r.filter(files+`}`), nil, func(ctx eocontext.EoContext) {
		request, err := http_service.Assert(ctx)
		if err != nil {
			t.Error(err)
			return
		}
		body := hosthttp.Raw(request.Proxy()).Body()
		request.Response().SetStatus(200, "")
		request.Response().SetBody(body)
	})
	bearer := r.bearerOf("mcp")
	wire := func(text string) string {
		head, body, _ := strings.Cut(text, "\n\n")
		if !strings.Contains(head, "chunked") {
			head += fmt.Sprint("\nContent-Length: ", len(body))
		}
		return strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n" + body
	}
	long := strings.Replace(tool("about"), "{}", `{"a":"`+strings.Repeat("z", 20<<10)+`"}`, 1)
	s.write(wire(post(tool("about"), bearer)) + wire(chunks(long, "", bearer)) + wire(post(long, bearer)) + wire(post(tool("put_file"), bearer)) + wire(post(tool("about"), bearer)))
	for i, want := range []string{tool("about"), long, long, "", tool("about")} {
		status, closes, body := s.answer("POST")
		if want == "" && status != 403 || want != "" && (status != 200 || body != want) || closes {
			t.Errorf("request %d: status %d, closes %t, %.200q", i, status, closes, body)
		}
	}
}

// The upstream's own token takes the place of the client's, and nothing does where the client is only observed.
func TestMCPUpstreamToken(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	for config, want := range map[string]bool{
		mintedWith("ES256", nil, `"mcp":{"tools":{"about":[]}}`):                                       true,
		mintedWith("ES256", nil, `"mcp":{"tools":{}}`, `"mode":"observe"`):                             false,
		mintedWith("ES256", nil, `"mcp":{"tools":{"about":[]}}`, `"scopes":["x"]`, `"mode":"observe"`): false,
	} {
		bearer := r.bearerOf("mcp")
		o := r.ask(config, host.Context(t, post(tool("about"), bearer)))
		o.expect(t, "passed")
		sent := o.sentIn("Authorization")
		if (len(sent) == 1) != want || want && ("Authorization: "+sent[0] == bearer || !strings.HasPrefix(sent[0], "Bearer ")) {
			t.Errorf("%s: the upstream gets %q", config, sent)
		}
	}
}
