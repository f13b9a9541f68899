package jwt

import (
	"strings"
	"testing"

	"apinto-jwt/jwttest/host"
)

// files is the configuration of the tests' MCP server, without its last brace.
const files = `{"resource":"https://a/mcp","scopes":["mcp"],"scope_implies":{"files:write":["files:read"]},"mcp":{
	"tools":{"get_*":["files:read"],"delete_file":["files:write","files:audit"],"about":[]},
	"prompts":{"*":["prompts"]},"resources":{"file:///public/*":[],"file:///*":["files:read"]},
	"methods":{"resources/subscribe":["watch"],"logging/*":[]},"origins":["https://App.example.com:443"]}`

// post returns a request with a message, as text.
func post(body string, headers ...string) string {
	return "POST /mcp HTTP/1.1\nHost: h\n" + strings.Join(append(headers, ""), "\n") + "Content-Type: application/json\n\n" + body
}

// tool returns a tools/call.
func tool(name string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + name + `","arguments":{}}}`
}

// message returns a message of a method.
func message(method, params string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"` + method + `","params":{` + params + `}}`
}

// bearerOf returns the header with a token for the server that grants scopes.
func (r *rig) bearerOf(scope string) string {
	return "Authorization: Bearer " + r.tokenOf("shop", claims{"aud": "https://a/mcp", "scope": scope})
}

// operationTests are messages with the scopes of the token.
var operationTests = []struct{ name, body, scope, want string }{
	{"tool", tool("get_file"), "mcp files:read", "passed"},
	{"tool, by a broader scope", tool("get_file"), "mcp files:write", "passed"},
	{"tool without its scope", tool("get_file"), "mcp", "403 claim_mismatch"},
	{"tool without the route's scope", tool("get_file"), "files:read", "403 claim_mismatch"},
	{"tool that needs two", tool("delete_file"), "mcp files:write files:audit", "passed"},
	{"tool with one of two", tool("delete_file"), "mcp files:write", "403 claim_mismatch"},
	{"tool that needs nothing", tool("about"), "mcp", "passed"},
	{"tool that nothing allows", tool("put_file"), "mcp files:write", "403 operation_not_allowed"},
	{"tool in another case", tool("Get_file"), "mcp files:read", "403 operation_not_allowed"},
	{"tool with an escape", tool(`\u0064elete_file`), "mcp files:read", "403 claim_mismatch"},
	{"prompt", message("prompts/get", `"name":"get_x"`), "mcp prompts", "passed"},
	{"prompt without its scope", message("prompts/get", `"name":"get_x"`), "mcp files:read", "403 claim_mismatch"},
	{"resource", message("resources/read", `"uri":"file:///a"`), "mcp files:read", "passed"},
	{"resource without its scope", message("resources/read", `"uri":"file:///a"`), "mcp", "403 claim_mismatch"},
	{"public resource", message("resources/read", `"uri":"file:///public/a"`), "mcp", "passed"},
	{"public resource that is another", message("resources/read", `"uri":"file:///public/../a"`), "mcp files:read", "403 operation_not_allowed"},
	{"resource of another kind", message("resources/read", `"uri":"note:a"`), "mcp files:read", "403 operation_not_allowed"},
	{"subscription needs both", message("resources/subscribe", `"uri":"file:///a"`), "mcp files:read", "403 claim_mismatch"},
	{"subscription", message("resources/subscribe", `"uri":"file:///a"`), "mcp files:read watch", "passed"},
	{"listening to two", message("subscriptions/listen", `"notifications":{"resourceSubscriptions":["file:///public/a","file:///a"]}`), "mcp", "403 claim_mismatch"},
	{"listening to lists", message("subscriptions/listen", `"notifications":{"toolsListChanged":true}`), "mcp", "passed"},
	{"completion", message("completion/complete", `"ref":{"type":"ref/prompt","name":"x"}`), "mcp", "403 claim_mismatch"},
	{"log-in to the protocol", message("initialize", `"protocolVersion":"2025-11-25"`), "mcp", "passed"},
	{"list", message("tools/list", ``), "mcp", "passed"},
	{"list without the route's scope", message("tools/list", ``), "x", "403 claim_mismatch"},
	{"notification", `{"jsonrpc":"2.0","method":"notifications/initialized"}`, "mcp", "passed"},
	{"notification that calls", `{"jsonrpc":"2.0","method":"tools/call","params":{"name":"delete_file"}}`, "mcp", "403 claim_mismatch"},
	{"response", `{"jsonrpc":"2.0","id":1,"result":{}}`, "mcp", "passed"},
	{"method that the configuration allows", message("logging/setLevel", `"level":"debug"`), "mcp", "passed"},
	{"method that nothing allows", message("tasks/list", ``), "mcp", "403 operation_not_allowed"},
	{"method in another case", message("Tools/call", `"name":"about"`), "mcp", "403 operation_not_allowed"},
	{"method with a blank", message("tools/call ", `"name":"about"`), "mcp", "403 operation_not_allowed"},
	{"batch", "[" + tool("about") + "," + tool("get_file") + "]", "mcp files:read", "passed"},
	{"batch with one too much", "[" + tool("about") + "," + tool("get_file") + "," + tool("delete_file") + "]", "mcp files:read", "403 claim_mismatch"},
	{"batch with one that nothing allows", "[" + tool("put_file") + "," + tool("about") + "]", "mcp", "403 operation_not_allowed"},
	{"name twice", message("tools/call", `"name":"about","name":"delete_file"`), "mcp", "400 message_malformed"},
	{"parameters in another case", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"about"},"PARAMS":{"name":"delete_file"}}`, "mcp", "400 message_malformed"},
	{"no JSON", `tools/call`, "mcp", "400 message_malformed"},
	{"nothing", ``, "mcp", "400 message_malformed"},
}

// Each message needs the scopes of what it asks for, beside those of the route.
func TestMCPOperations(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(files + `}`)
	for _, test := range operationTests {
		t.Run(test.name, func(t *testing.T) {
			for range 3 { // the third time the driver remembers the token
				o := r.send(host.Context(t, post(test.body, r.bearerOf(test.scope))), f)
				o.expect(t, test.want)
				if body, err := o.Proxy().Body().RawBody(); err != nil || string(body) != test.body {
					t.Errorf("the upstream gets %q, %v", body, err)
				}
				if strings.Contains(o.upstream(), "Bearer") {
					t.Errorf("the upstream gets the token:\n%s", o.upstream())
				}
			}
		})
	}
}

// The answers, to the letter.
func TestMCPAnswers(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	const metadata = `, resource_metadata="https://a/.well-known/oauth-protected-resource/mcp"`
	for _, test := range []struct{ name, config, request, challenge, body string }{
		{
			"all scopes at once", files + `}`,
			post(tool("delete_file"), r.bearerOf("x")),
			`Bearer realm="apinto", error="insufficient_scope", error_description="a claim or scope of the token is not what this route requires", scope="mcp files:write files:audit"` + metadata,
			`{"jsonrpc":"2.0","id":1,"error":{"code":403,"message":"a claim or scope of the token is not what this route requires","data":{"error":"insufficient_scope","reason":"claim_mismatch","message":"a claim or scope of the token is not what this route requires","request_id":"ID"}}}`,
		},
		{
			"the batch's too", files + `}`,
			post("["+tool("get_file")+","+tool("delete_file")+"]", r.bearerOf("mcp")),
			`Bearer realm="apinto", error="insufficient_scope", error_description="a claim or scope of the token is not what this route requires", scope="mcp files:read files:write files:audit"` + metadata,
			`{"jsonrpc":"2.0","error":{"code":403,"message":"a claim or scope of the token is not what this route requires","data":{"error":"insufficient_scope","reason":"claim_mismatch","message":"a claim or scope of the token is not what this route requires","request_id":"ID"}}}`,
		},
		{
			"no token", files + `}`, post(tool("delete_file")), `Bearer realm="apinto", scope="mcp"` + metadata,
			`{"error":"unauthorized","reason":"token_missing","message":"a token is required","request_id":"ID"}`,
		},
		{
			"header mismatch, in text", files + `,"body":"text"}`,
			post(strings.Replace(tool("about"), `"id":1`, `"id":"\u0061<"`, 1), r.bearerOf("mcp"), "Mcp-Name: x"),
			"",
			`{"jsonrpc":"2.0","id":"\u0061\u003c","error":{"code":-32020,"message":"the header Mcp-Name does not match the body","data":{"error":"invalid_request","reason":"header_mismatch","message":"the header Mcp-Name does not match the body","request_id":"ID"}}}`,
		},
		{
			"a header twice", files + `}`, post(tool("about"), r.bearerOf("mcp"), "Mcp-Name: about", "Mcp-Name: about"), "",
			`{"jsonrpc":"2.0","error":{"code":-32020,"message":"a header is there twice, or under a name that is taken for its own","data":{"error":"invalid_request","reason":"header_mismatch","message":"a header is there twice, or under a name that is taken for its own","request_id":"ID"}}}`,
		},
		{
			"hidden", files + `,"detail":"hidden"}`,
			post(tool("about"), r.bearerOf("mcp"), "Mcp-Name: x"),
			"",
			`{"jsonrpc":"2.0","id":1,"error":{"code":-32020,"message":"the request is not valid","data":{"error":"invalid_request","reason":"invalid_request","message":"the request is not valid","request_id":"ID"}}}`,
		},
		{
			"no JSON", files + `}`, post("{", r.bearerOf("mcp")), "",
			`{"jsonrpc":"2.0","error":{"code":-32700,"message":"the body is not a JSON-RPC message","data":{"error":"invalid_request","reason":"message_malformed","message":"the body is not a JSON-RPC message","request_id":"ID"}}}`,
		},
		{
			"what nothing allows", files + `}`, post(tool("x"), r.bearerOf("mcp")), "",
			`{"jsonrpc":"2.0","id":1,"error":{"code":403,"message":"this route does not offer what the message asks for","data":{"error":"forbidden","reason":"operation_not_allowed","message":"this route does not offer what the message asks for","request_id":"ID"}}}`,
		},
		{
			"origin", files + `}`, post(tool("x"), "Origin: x:"), "",
			`{"error":"forbidden","reason":"origin_not_allowed","message":"scripts of this origin may not use this route","request_id":"ID"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := r.ask(test.config, host.Context(t, test.request))
			if o.challenge() != test.challenge {
				t.Errorf("WWW-Authenticate:\n%s\nwant\n%s", o.challenge(), test.challenge)
			}
			if got := strings.ReplaceAll(string(o.Response().GetBody()), o.RequestId(), "ID"); got != test.body {
				t.Errorf("body:\n%s\nwant\n%s", got, test.body)
			}
			if kind := o.Response().GetHeader("Content-Type"); kind != "application/json" {
				t.Errorf("Content-Type: %s", kind)
			}
		})
	}
}

// "*" stands for the methods that nothing else allows; every other pattern goes before what is always allowed.
func TestMCPMethods(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(`{"mcp":{"tools":{"*":[]},"methods":{"*":["x"],"tools/*":["t"],"ping":["p"]},"origins":["*"]}}`)
	for method, want := range map[string]string{"initialize": "", "prompts/list": "", "tools/list": "t", "tools/call": "t", "ping": "p", "tasks/get": "x", "roots/list": "x"} {
		for _, scope := range []string{"t", "p", "x", "y"} {
			o := r.send(host.Context(t, post(message(method, `"name":"a"`), r.bearerOf(scope), "Origin: null")), f)
			if o.passed != (want == "" || want == scope) {
				t.Errorf("%s with the scope %s: %s", method, scope, o.said())
			}
		}
	}
}

// Where no token is required, what needs no scope is open, and nothing else.
func TestMCPWithoutToken(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(`{"required":false,"scopes":["mcp"],"mcp":{"tools":{"about":[],"get_*":["files:read"]}}}`)
	for body, want := range map[string]string{
		tool("about"): "passed", tool("get_file"): "401 token_missing", tool("x"): "403 operation_not_allowed", message("tools/list", ""): "passed",
	} {
		r.send(host.Context(t, post(body)), f).expect(t, want)
		o := r.send(host.Context(t, post(body, "Authorization: Basic YTpi")), f)
		o.expect(t, want)
		if strings.Contains(o.upstream(), "Basic") {
			t.Errorf("the upstream gets\n%s", o.upstream())
		}
	}
	r.send(host.Context(t, post(tool("get_file"), r.bearerOf("mcp files:read"))), f).expect(t, "passed")
	r.send(host.Context(t, post(tool("about"), r.bearerOf("x"))), f).expect(t, "403 claim_mismatch")
}

func TestMCPLabels(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(files + `}`)
	for _, test := range []struct{ body, method, name string }{
		{tool("get_file"), "tools/call", "get_file"},
		{tool("put_file"), "tools/call", "put_file"},
		{tool(`\u001b[31m\n` + strings.Repeat("é", 200)), "tools/call", "?[31m?" + strings.Repeat("é", 61)},
		{message("tools/list", ""), "tools/list", ""},
		{`{"jsonrpc":"2.0","id":1,"result":{}}`, "response", ""},
		{"[" + tool("about") + "," + message("resources/read", `"uri":"file:///a"`) + "]", "tools/call,resources/read", "about,file:///a"},
		{"{", "", ""},
	} {
		r.send(host.Context(t, post(test.body, r.bearerOf("mcp"))), f).label(t, LabelMCPMethod, test.method, LabelMCPName, test.name)
	}
	r.send(host.Context(t, post(tool("get_file"))), f).label(t, LabelMCPMethod, "", LabelMCPName, "")
}

// In the mode "observe" nothing is refused, and the token goes no further all the same.
func TestMCPObserve(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(files + `,"mode":"observe"}`)
	bearer := r.bearerOf("mcp")
	for request, want := range map[string]string{
		post(tool("about"), bearer):                                "accepted",
		post(tool("put_file"), bearer):                             "operation_not_allowed",
		post(tool("get_file"), bearer):                             "claim_mismatch",
		post(tool("about"), bearer, "Mcp-Name: x"):                 "header_mismatch",
		post(tool("about"), bearer, "Origin: x:"):                  "origin_not_allowed",
		post("{", bearer):                                          "message_malformed",
		post(tool("about"), bearer+"x"):                            "signature_invalid",
		"GET /mcp HTTP/1.1\nHost: h\n" + bearer + "\n\n":           "http_method_not_allowed",
		post(strings.Repeat("x", 2<<20), bearer):                   "message_too_large",
		chunks(strings.Repeat("x", 2<<20), "", bearer):             "message_too_large",
		post(tool("about"), bearer, "Authorization: Bearer x.y.z"): "token_malformed",
	} {
		o := r.send(host.Context(t, request), f)
		o.expect(t, "passed")
		o.label(t, "jwt_would", want)
		if strings.Contains(o.upstream(), "Bearer") {
			t.Errorf("%s: the upstream gets the token", want)
		}
		if body, err := o.Proxy().Body().RawBody(); err != nil || want == "message_too_large" && len(body) != 2<<20 {
			t.Errorf("%s: %d bytes, %v", want, len(body), err)
		}
	}
	o := r.send(host.Context(t, strings.Replace(post(tool("about")), "/mcp", "/mcp?token="+strings.TrimPrefix(bearer, "Authorization: Bearer "), 1)), f)
	o.expect(t, "400 token_misplaced") // it would reach the upstream
	o.label(t, "jwt_would", "token_misplaced")
}
