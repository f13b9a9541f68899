package filter

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/test/e2e/rig"
)

// messagesConfig is a filter before an MCP server, with patterns that overlap.
func messagesConfig() map[string]any {
	return map[string]any{"mcp": map[string]any{
		"tools": map[string]any{
			"get_*": []string{"files:read"}, "get_secret_*": []string{"admin"}, "get_secret_public": []string{}, "delete_file": []string{"files:write"}, "about": []string{},
			"*_file": []string{"admin"}, "get_*_x": []string{"files:write"}, "naïve": []string{}, "=?base64?YWJvdXQ=?=": []string{},
		},
		"prompts":   map[string]any{"hello": []string{}, "secret": []string{"admin"}},
		"resources": map[string]any{"file:///pub/*": []string{"files:read"}, "file:///pub/priv/*": []string{"admin"}, "https://a.test/*": []string{}},
		"methods":   map[string]any{"logging/setLevel": []string{"admin"}, "tasks/*": []string{}, "tasks/cancel": []string{"admin"}},
		"origins":   []string{"https://app.test"},
	}}
}

// call is a message that calls a tool.
func call(tool string) string {
	name, _ := json.Marshal(tool)
	return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":` + string(name) + `}}`
}

// with is a message of this method with these parameters.
func with(method, params string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"` + method + `","params":` + params + `}`
}

// rpc is what came of a message: "upstream", or the status and the code of the JSON-RPC error.
func rpc(t *testing.T, e *rig.Filter, path, body string, lines ...string) (said string, id json.RawMessage) {
	t.Helper()
	got := ask(t, e, http.MethodPost, path, body, lines...)
	seen := e.Upstream.Seen(path)
	if got.status == http.StatusOK && got.body == "upstream" && len(seen) == 1 {
		if string(seen[0].Body) != body || seen[0].Header.Get("Authorization") != "" {
			t.Errorf("%s: the upstream gets %q %v, want %q", path, seen[0].Body, seen[0].Header, body)
		}
		return "upstream", nil
	}
	var answer struct {
		JSONRPC string
		ID      json.RawMessage
		Error   struct {
			Code    int
			Message string
		}
	}
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil || answer.JSONRPC != "2.0" || answer.Error.Message == "" || len(seen) != 0 {
		return fmt.Sprintf("%d %q, and %d requests upstream", got.status, got.body, len(seen)), nil
	}
	return fmt.Sprint(got.status, " ", answer.Error.Code), answer.ID
}

// What a message asks for is decided by what every reader of it would find there; where they could differ it is refused.
func TestMCPMessages(t *testing.T) {
	e := rig.SharedFilter(t)
	e.MustPut(t, rig.WithFilter("m-messages", messagesConfig(), true))
	bearer := "Authorization: Bearer " + rig.FilterToken(t, "shop", rig.Claims{"scope": "files:read"})
	const kind = "Content-Type: application/json"
	e.Settles(t, "m-messages", rig.Call{Method: http.MethodPost, Body: []byte("{}")}, "401 token_missing")
	v26, v25 := "MCP-Protocol-Version: 2026-07-28", "MCP-Protocol-Version: 2025-11-25"
	type row struct {
		name, want, body string
		lines            []string
	}
	rows := []row{
		// Patterns: the most specific counts.
		{"a pattern", "upstream", call("get_file_list"), nil},
		{"a longer pattern", "403 403", call("get_secret_plan"), nil},
		{"the name itself", "upstream", call("get_secret_public"), nil},
		{"more beside the star", "403 403", call("get_file"), nil}, // get_* has four characters, *_file five
		{"both ends", "403 403", call("get_a_x"), nil},
		{"shorter than both ends", "upstream", call("get_x"), nil},
		{"nothing matches", "403 403", call("format_disk"), nil},
		{"case", "403 403", call("About"), nil},
		{"a blank behind", "403 403", call("about "), nil},
		{"a star", "403 403", call("*"), nil},
		{"a letter that looks alike", "403 403", call("аbout"), nil},
		{"composed", "upstream", call("naïve"), nil},
		{"decomposed", "403 403", call("nai\u0308ve"), nil},
		{"NUL", "403 403", call("about\x00"), nil},
		{"empty", "400 -32602", call(""), nil},

		// The same member in other words.
		{"escaped name", "upstream", with("tools/call", `{"name":"\u0061bout"}`), nil},
		{"escaped name of another", "403 403", with("tools/call", `{"name":"\u0064elete_file"}`), nil},
		{"escaped method", "403 403", with(`tools\/\u0063all`, `{"name":"delete_file"}`), nil},
		{"name twice", "400 -32602", with("tools/call", `{"name":"about","name":"delete_file"}`), nil},
		{"name twice, escaped", "400 -32602", with("tools/call", `{"name":"about","\u006eame":"delete_file"}`), nil},
		{"Name too", "400 -32602", with("tools/call", `{"name":"about","Name":"delete_file"}`), nil},
		{"params twice", "400 -32700", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"about"},"params":{"name":"delete_file"}}`, nil},
		{"Params too", "400 -32600", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"about"},"Params":{"name":"delete_file"}}`, nil},
		{"param and U+017F too", "400 -32600", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"about"},"param` + "\u017f" + `":{"name":"delete_file"}}`, nil},
		{"method twice", "400 -32700", `{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call","params":{"name":"delete_file"}}`, nil},
		{"METHOD too", "400 -32600", `{"jsonrpc":"2.0","id":1,"method":"ping","METHOD":"tools/call","params":{"name":"delete_file"}}`, nil},
		{"id twice", "400 -32700", `{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}`, nil},
		{"a member that is not JSON-RPC's", "400 -32600", `{"jsonrpc":"2.0","id":1,"method":"ping","auth":"x"}`, nil},
		{"arguments twice", "400 -32602", with("tools/call", `{"name":"about","arguments":{},"arguments":{}}`), nil},
		{"twice in arguments", "upstream", with("tools/call", `{"name":"about","arguments":{"a":1,"a":2}}`), nil}, // the tool's business

		// What is no message.
		{"nothing", "400 -32700", "", nil},
		{"blanks", "400 -32700", " \n", nil},
		{"BOM", "400 -32700", "\ufeff" + call("about"), nil},
		{"NUL behind", "400 -32700", call("about") + "\x00", nil},
		{"two values", "400 -32700", call("about") + call("delete_file"), nil},
		{"two lines", "400 -32700", call("about") + "\n" + call("delete_file"), nil},
		{"a comma behind", "400 -32700", `{"jsonrpc":"2.0","id":1,"method":"ping",}`, nil},
		{"a comment", "400 -32700", `{"jsonrpc":"2.0",/**/"id":1,"method":"ping"}`, nil},
		{"single quotes", "400 -32700", `{'jsonrpc':'2.0','id':1,'method':'ping'}`, nil},
		{"NaN", "400 -32700", with("tools/call", `{"name":"about","arguments":{"a":NaN}}`), nil},
		{"a leading zero", "400 -32700", with("tools/call", `{"name":"about","arguments":{"a":01}}`), nil},
		{"a tab in a text", "400 -32700", with("tools/call", "{\"name\":\"about\",\"arguments\":{\"a\":\"\t\"}}"), nil},
		{"bad UTF-8", "400 -32700", with("tools/call", "{\"name\":\"about\",\"arguments\":{\"a\":\"\xff\"}}"), nil},
		{"overlong UTF-8", "400 -32700", with("tools/call", "{\"name\":\"about\",\"arguments\":{\"a\":\"\xc0\xaf\"}}"), nil},
		{"UTF-16", "400 -32700", "{\x00}\x00", nil},
		{"half a surrogate", "400 -32700", with("tools/call", `{"name":"about","name\ud800":"x"}`), nil},
		{"cut off", "400 -32700", call("about")[:40], nil},
		{"deep", "400 -32700", with("tools/call", `{"name":"about","arguments":`+strings.Repeat("[", 100000)+strings.Repeat("]", 100000)+`}`), nil},
		{"deep objects", "400 -32700", with("tools/call", `{"name":"about","arguments":`+strings.Repeat(`{"a":`, 50000)+"1"+strings.Repeat("}", 50000)+`}`), nil},
		{"a text", "400 -32600", `"tools/call"`, nil},
		{"a number", "400 -32600", `7`, nil},
		{"null", "400 -32600", `null`, nil},
		{"no members", "400 -32600", `{}`, nil},
		{"no jsonrpc", "400 -32600", `{"id":1,"method":"ping"}`, nil},
		{"1.0", "400 -32600", `{"jsonrpc":"1.0","id":1,"method":"ping"}`, nil},
		{"2.0 as a number", "400 -32600", `{"jsonrpc":2.0,"id":1,"method":"ping"}`, nil},
		{"no method", "400 -32600", `{"jsonrpc":"2.0","id":1,"params":{}}`, nil},
		{"method is a number", "400 -32600", `{"jsonrpc":"2.0","id":1,"method":7}`, nil},
		{"method is empty", "400 -32600", `{"jsonrpc":"2.0","id":1,"method":""}`, nil},
		{"params is a text", "400 -32602", with("tools/call", `"about"`), nil},
		{"params by position", "400 -32602", with("tools/call", `["about"]`), nil},
		{"no params", "400 -32602", `{"jsonrpc":"2.0","id":1,"method":"tools/call"}`, nil},
		{"params null", "400 -32602", with("tools/call", `null`), nil},
		{"no name", "400 -32602", with("tools/call", `{}`), nil},
		{"name null", "400 -32602", with("tools/call", `{"name":null}`), nil},
		{"name a list", "400 -32602", with("tools/call", `{"name":["about"]}`), nil},

		// Messages of other kinds.
		{"a notification that calls", "403 403", `{"jsonrpc":"2.0","method":"tools/call","params":{"name":"delete_file"}}`, nil},
		{"a notification", "upstream", `{"jsonrpc":"2.0","method":"notifications/initialized"}`, nil},
		{"a response", "upstream", `{"jsonrpc":"2.0","id":1,"result":{}}`, nil},
		{"an error response", "upstream", `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}`, nil},
		{"a response that calls", "400 -32600", `{"jsonrpc":"2.0","id":1,"result":{},"method":"tools/call","params":{"name":"delete_file"}}`, nil},
		{"an error that calls", "400 -32600", `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"},"method":"tools/call","params":{"name":"delete_file"}}`, nil},
		{"result and error", "400 -32600", `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"},"result":{}}`, nil},
		{"a response without an id", "400 -32600", `{"jsonrpc":"2.0","result":{}}`, nil},
		{"initialize", "upstream", with("initialize", `{"protocolVersion":"2025-11-25"}`), nil},
		{"another method", "403 403", with("server/reset", `{}`), nil},
		{"rpc.discover", "403 403", with("rpc.discover", `{}`), nil},
		{"tools/Call", "403 403", with("tools/Call", `{"name":"about"}`), nil},
		{"a blank behind the method", "403 403", with("tools/call ", `{"name":"delete_file"}`), nil},
		{"a slash before the method", "403 403", with("/tools/call", `{"name":"delete_file"}`), nil},
		{"a method of methods", "403 403", with("logging/setLevel", `{"level":"debug"}`), nil},
		{"a pattern of methods", "upstream", with("tasks/get", `{"taskId":"1"}`), nil},
		{"a method beside its pattern", "403 403", with("tasks/cancel", `{"taskId":"1"}`), nil},

		// Prompts, resources, completion.
		{"a prompt", "upstream", with("prompts/get", `{"name":"hello"}`), nil},
		{"a prompt of others", "403 403", with("prompts/get", `{"name":"secret"}`), nil},
		{"a tool's name as a prompt", "403 403", with("prompts/get", `{"name":"about"}`), nil},
		{"completion of a prompt", "403 403", with("completion/complete", `{"ref":{"type":"ref/prompt","name":"secret"},"argument":{"name":"a","value":""}}`), nil},
		{"completion with both", "400 -32602", with("completion/complete", `{"ref":{"type":"ref/prompt","name":"hello","type":"ref/resource","uri":"file:///pub/priv/a"},"argument":{"name":"a","value":""}}`), nil},
		{"completion of neither", "400 -32602", with("completion/complete", `{"ref":{"type":"ref/tool","name":"about"},"argument":{"name":"a","value":""}}`), nil},
		{"a resource", "upstream", with("resources/read", `{"uri":"file:///pub/a"}`), nil},
		{"a resource of others", "403 403", with("resources/read", `{"uri":"file:///pub/priv/a"}`), nil},
		{"URI twice", "400 -32602", with("resources/read", `{"uri":"file:///pub/a","uri":"file:///pub/priv/a"}`), nil},
		{"a subscription", "403 403", with("resources/subscribe", `{"uri":"file:///pub/priv/a"}`), nil},

		// Batches: every message must pass.
		{"a batch", "upstream", "[" + call("about") + "," + call("get_a") + "]", nil},
		{"a batch with one too much", "403 403", "[" + call("about") + "," + call("delete_file") + "]", nil},
		{"the last of a hundred", "403 403", "[" + strings.Repeat(call("about")+",", 99) + call("delete_file") + "]", nil},
		{"a hundred and one", "400 -32600", "[" + strings.Repeat(call("about")+",", 100) + call("about") + "]", nil},
		{"an empty batch", "400 -32600", "[]", nil},
		{"a batch in a batch", "400 -32600", "[[" + call("about") + "]]", nil},
		{"no message in a batch", "400 -32600", "[" + call("about") + ",7]", nil},
		{"a batch in 2026", "400 -32600", "[" + call("about") + "]", []string{v26, "Mcp-Method: tools/call", "Mcp-Name: about"}},
		{"a batch with a name", "400 -32020", "[" + call("about") + "]", []string{"Mcp-Name: about"}},

		// Headers that repeat the body.
		{"2026", "upstream", call("about"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: about"}},
		{"2026, names in other cases", "upstream", call("about"), []string{"mcp-protocol-VERSION: 2026-07-28", "mCP-mETHOD: tools/call", "MCP-NAME: about"}},
		{"2026, base64", "upstream", call("about"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: =?base64?YWJvdXQ=?="}},
		{"2026, UTF-8 in base64", "upstream", call("naïve"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: =?base64?bmHDr3Zl?="}},
		{"2026, a name like a sentinel", "upstream", call("=?base64?YWJvdXQ=?="), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: =?base64?PT9iYXNlNjQ/WVdKdmRYUT0/PQ==?="}},
		{"2026, a name that is a sentinel", "400 -32020", call("=?base64?YWJvdXQ=?="), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: =?base64?YWJvdXQ=?="}},
		{"2026, BASE64", "400 -32020", call("about"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: =?BASE64?YWJvdXQ=?="}},
		{"2026, base64 without padding", "400 -32020", call("about"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: =?base64?YWJvdXQ?="}},
		{"2026, base64 with other bits", "400 -32020", call("about"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: =?base64?YWJvdXR=?="}},
		{"2026, base64url", "400 -32020", call("naïve?>"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: =?base64?bmHDr3ZlPz4_?="}},
		{"2026, empty base64", "400 -32020", call("about"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: =?base64??="}},
		{"2026, another tool", "400 -32020", call("delete_file"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: about"}},
		{"2026, another in base64", "400 -32020", call("delete_file"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: =?base64?YWJvdXQ=?="}},
		{"2026, another case", "400 -32020", call("about"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: About"}},
		{"2026, another method", "400 -32020", call("about"), []string{v26, "Mcp-Method: ping", "Mcp-Name: about"}},
		{"2026, no method", "400 -32020", call("about"), []string{v26, "Mcp-Name: about"}},
		{"2026, no name", "400 -32020", call("about"), []string{v26, "Mcp-Method: tools/call"}},
		{"2026, an empty name", "400 -32020", call("about"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: "}},
		{"2026, name twice", "400 -32020", call("about"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: about", "Mcp-Name: about"}},
		{"2026, names in two cases", "400 -32020", call("about"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: about", "mcp-name: delete_file"}},
		{"2026, Mcp_Name", "400 -32020", call("about"), []string{v26, "Mcp-Method: tools/call", "Mcp_Name: about"}},
		{"2026, Mcp_Name too", "400 -32020", call("about"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: about", "Mcp_Name: delete_file"}},
		{"2026, two names in one", "400 -32020", call("about"), []string{v26, "Mcp-Method: tools/call", "Mcp-Name: about, about"}},
		{"2026, resource", "upstream", with("resources/read", `{"uri":"file:///pub/a"}`), []string{v26, "Mcp-Method: resources/read", "Mcp-Name: file:///pub/a"}},
		{"2026, another resource", "400 -32020", with("resources/read", `{"uri":"file:///pub/a"}`), []string{v26, "Mcp-Method: resources/read", "Mcp-Name: file:///pub/b"}},
		{"2026, prompt", "upstream", with("prompts/get", `{"name":"hello"}`), []string{v26, "Mcp-Method: prompts/get", "Mcp-Name: hello"}},
		{"2026, a method without a name", "upstream", with("tools/list", `{}`), []string{v26, "Mcp-Method: tools/list"}},
		{"2026, a name where there is none", "400 -32020", with("tools/list", `{}`), []string{v26, "Mcp-Method: tools/list", "Mcp-Name: about"}},
		{"two versions", "400 -32020", call("about"), []string{v26, v25, "Mcp-Method: tools/call", "Mcp-Name: about"}},
		{"a version of tomorrow", "400 -32020", call("about"), []string{"MCP-Protocol-Version: 2099-01-01"}},
		{"no version", "400 -32020", call("about"), []string{"MCP-Protocol-Version: latest"}},
		{"an empty version", "upstream", call("about"), []string{"MCP-Protocol-Version: "}},
		{"2025", "upstream", call("about"), []string{v25}},
		{"2025, another tool", "400 -32020", call("delete_file"), []string{v25, "Mcp-Name: about"}},
		{"2025, the same tool", "upstream", call("about"), []string{v25, "Mcp-Method: tools/call", "Mcp-Name: about"}},
		{"none, another tool", "400 -32020", call("about"), []string{"Mcp-Name: delete_file"}},

		// HTTP.
		{"charset", "upstream", call("about"), []string{"Content-Type: application/json; charset=utf-8"}},
		{"CHARSET", "upstream", call("about"), []string{`Content-Type: Application/JSON;Charset="UTF-8"`}},
		{"another charset", "415 415", call("about"), []string{"Content-Type: application/json; charset=utf-16"}},
		{"no type", "415 415", call("about"), []string{"Content-Type: "}},
		{"a text", "415 415", call("about"), []string{"Content-Type: text/plain"}},
		{"a form", "415 415", call("about"), []string{"Content-Type: application/x-www-form-urlencoded"}},
		{"another JSON", "415 415", call("about"), []string{"Content-Type: application/vnd.api+json"}},
		{"begins alike", "415 415", call("about"), []string{"Content-Type: application/jsonp"}},
		{"two types in one", "415 415", call("about"), []string{"Content-Type: application/json, text/plain"}},
		{"gzip", "415 415", call("about"), []string{"Content-Encoding: gzip"}},
		{"GZIP", "415 415", call("about"), []string{"content-encoding: GZIP"}},
		{"br", "415 415", call("about"), []string{"Content-Encoding: br"}},
		{"an origin", "upstream", call("about"), []string{"Origin: https://app.test"}},
	}
	for _, test := range rows {
		lines := append([]string{bearer}, test.lines...)
		if !strings.Contains(strings.ToLower(strings.Join(test.lines, "\n")), "content-type: ") {
			lines = append(lines, kind)
		}
		got, id := rpc(t, e, rig.NewPath("/m-messages/"), test.body, lines...)
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		} else if strings.HasPrefix(got, "403") && strings.HasPrefix(test.body, `{"jsonrpc":"2.0","id":1,"method`) && string(id) != "1" {
			t.Errorf("%s: the answer has the id %s", test.name, id)
		}
	}
	for name, uri := range map[string]string{
		"dots": "file:///pub/../pub/priv/a", "dots, escaped": "file:///pub/%2e%2e/etc", "a dot": "file:///pub/./priv/a", "two slashes": "file:///pub//priv/a",
		"another case": "FILE:///pub/priv/a", "case of a host": "https://A.test/x", "a letter, escaped": "file:///pub/%70riv/a", "a slash, escaped": "file:///pub/priv%2Fa",
		"a host": "file://localhost/pub/a", "a slash less": "file:/pub/a", "the other slash": `file:///pub/..\..\etc`, "a tab": "file:///pub/\t../etc", "a line": "file:///pub/a\n",
		"a user": "https://a.test/@b.test/../x", "NUL": "file:///pub/\x00", "no URI": "/pub/a", "a blank": " file:///pub/a",
		"dots at the end": "file:///pub/..",
	} {
		encoded, _ := json.Marshal(map[string]string{"uri": uri})
		if got, _ := rpc(t, e, rig.NewPath("/m-messages/"), with("resources/read", string(encoded)), bearer, kind); got != "403 403" {
			t.Errorf("%s: %s: got %s", name, uri, got)
		}
	}
}
