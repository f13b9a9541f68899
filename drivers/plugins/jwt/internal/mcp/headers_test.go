package mcp

import (
	"fmt"
	"strings"
	"testing"
)

// modern is a message of the revision 2026-07-28.
func modern(method, params string) string {
	return `{"jsonrpc":"2.0","id":7,"method":"` + method + `","params":{` + params + `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}`
}

const newest = "MCP-Protocol-Version: 2026-07-28\n"

// checkTests are heads with bodies, and the code of what is wrong.
var checkTests = []struct {
	name, head, body string
	want             int
}{
	{"all agree", newest + "Mcp-Method: tools/call\nMcp-Name: a", modern("tools/call", `"name":"a",`), 0},
	{"names in another case, blanks", "mcp-protocol-version:2026-07-28 \nMCP-METHOD:\ttools/call\nmcp-name:  a ", modern("tools/call", `"name":"a",`), 0},
	{"another tool", newest + "Mcp-Method: tools/call\nMcp-Name: b", modern("tools/call", `"name":"a",`), HeaderMismatch},
	{"the tool in another case", newest + "Mcp-Method: tools/call\nMcp-Name: A", modern("tools/call", `"name":"a",`), HeaderMismatch},
	{"another method", newest + "Mcp-Method: tools/list\nMcp-Name: a", modern("tools/call", `"name":"a",`), HeaderMismatch},
	{"the method in another case", newest + "Mcp-Method: Tools/call\nMcp-Name: a", modern("tools/call", `"name":"a",`), HeaderMismatch},
	{"no method", newest + "Mcp-Name: a", modern("tools/call", `"name":"a",`), HeaderMismatch},
	{"no name", newest + "Mcp-Method: tools/call", modern("tools/call", `"name":"a",`), HeaderMismatch},
	{"no version, and the body has one", "Mcp-Method: tools/call\nMcp-Name: a", modern("tools/call", `"name":"a",`), HeaderMismatch},
	{"an older version, and the body has one", "MCP-Protocol-Version: 2025-11-25\nMcp-Method: tools/call\nMcp-Name: a", modern("tools/call", `"name":"a",`), HeaderMismatch},
	{"a version, and the body has none", newest + "Mcp-Method: tools/call\nMcp-Name: a", call(`"name":"a"`), 0},
	{"a version, the body has none, another tool", newest + "Mcp-Method: tools/call\nMcp-Name: b", call(`"name":"a"`), HeaderMismatch},
	{"no name is needed", newest + "Mcp-Method: tools/list", modern("tools/list", ``), 0},
	{"a name of nothing", newest + "Mcp-Method: tools/list\nMcp-Name: a", modern("tools/list", ``), HeaderMismatch},
	{"a resource", newest + "Mcp-Method: resources/read\nMcp-Name: file:///a b", modern("resources/read", `"uri":"file:///a b",`), 0},
	{"a resource by its name", newest + "Mcp-Method: resources/read\nMcp-Name: b", modern("resources/read", `"uri":"a:b","name":"b",`), HeaderMismatch},
	{"a task", newest + "Mcp-Method: tasks/get\nMcp-Name: t1", modern("tasks/get", `"taskId":"t1",`), 0},
	{"another task", newest + "Mcp-Method: tasks/get\nMcp-Name: t2", modern("tasks/get", `"taskId":"t1",`), HeaderMismatch},
	{"a task without a name", newest + "Mcp-Method: tasks/get", modern("tasks/get", `"taskId":"t1",`), 0},
	{"Base64", newest + "Mcp-Method: tools/call\nMcp-Name: =?base64?SGVsbG8sIOS4lueVjA==?=", modern("tools/call", `"name":"Hello, 世界",`), 0},
	{"Base64 of an escaped name", newest + "Mcp-Method: tools/call\nMcp-Name: =?base64?w6k=?=", modern("tools/call", `"name":"\u00e9",`), 0},
	{"Base64 of another", newest + "Mcp-Method: tools/call\nMcp-Name: =?base64?w6g=?=", modern("tools/call", `"name":"\u00e9",`), HeaderMismatch},
	{"Base64 of what needs none", newest + "Mcp-Method: tools/call\nMcp-Name: =?base64?YQ==?=", modern("tools/call", `"name":"a",`), 0},
	{"Base64 without padding", newest + "Mcp-Method: tools/call\nMcp-Name: =?base64?YQ?=", modern("tools/call", `"name":"a",`), HeaderMismatch},
	{"Base64 with other bits", newest + "Mcp-Method: tools/call\nMcp-Name: =?base64?YR==?=", modern("tools/call", `"name":"a",`), HeaderMismatch},
	{"Base64 of no UTF-8", newest + "Mcp-Method: tools/call\nMcp-Name: =?base64?/w==?=", modern("tools/call", `"name":"a",`), HeaderMismatch},
	{"the mark in another case", newest + "Mcp-Method: tools/call\nMcp-Name: =?BASE64?YQ==?=", modern("tools/call", `"name":"a",`), HeaderMismatch},
	{"the mark as a name", newest + "Mcp-Method: tools/call\nMcp-Name: =?base64?literal?=", modern("tools/call", `"name":"=?base64?literal?=",`), HeaderMismatch},
	{"the mark as a name, in Base64", newest + "Mcp-Method: tools/call\nMcp-Name: =?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=", modern("tools/call", `"name":"=?base64?literal?=",`), 0},
	{"half the mark", newest + "Mcp-Method: tools/call\nMcp-Name: =?base64?=", modern("tools/call", `"name":"=?base64?=",`), 0},
	{"Base64 for the method", newest + "Mcp-Method: =?base64?dG9vbHMvY2FsbA==?=\nMcp-Name: a", modern("tools/call", `"name":"a",`), HeaderMismatch},
	{"UTF-8 as it is", newest + "Mcp-Method: tools/call\nMcp-Name: é", modern("tools/call", `"name":"é",`), HeaderMismatch},
	{"an unknown version", "MCP-Protocol-Version: draft", call(`"name":"a"`), HeaderMismatch},
	{"a later version", "MCP-Protocol-Version: 2027-01-01", call(`"name":"a"`), HeaderMismatch},
	{"no version for a long time", "MCP-Protocol-Version: 2025-11-251", call(`"name":"a"`), HeaderMismatch},
	{"a response", newest, `{"jsonrpc":"2.0","id":1,"result":{}}`, InvalidRequest},
	{"a notification", newest, `{"jsonrpc":"2.0","method":"notifications/x"}`, 0},
	{"a notification with a header", newest + "Mcp-Method: notifications/x", `{"jsonrpc":"2.0","method":"notifications/x"}`, 0},
	{"a notification with another", newest + "Mcp-Method: notifications/y", `{"jsonrpc":"2.0","method":"notifications/x"}`, HeaderMismatch},

	{"older", "MCP-Protocol-Version: 2025-11-25", call(`"name":"a"`), 0},
	{"older, the version in the body too", "MCP-Protocol-Version: 2025-11-25", strings.ReplaceAll(modern("tools/call", `"name":"a",`), "2026-07-28", "2025-11-25"), 0},
	{"none", "", call(`"name":"a"`), 0},
	{"none, with true headers", "Mcp-Method: tools/call\nMcp-Name: a", call(`"name":"a"`), 0},
	{"none, with another tool", "Mcp-Method: tools/call\nMcp-Name: b", call(`"name":"a"`), HeaderMismatch},
	{"older, with another method", "MCP-Protocol-Version: 2025-06-18\nMcp-Method: ping", call(`"name":"a"`), HeaderMismatch},
	{"older, a response", "MCP-Protocol-Version: 2025-06-18", `{"jsonrpc":"2.0","id":1,"result":{}}`, 0},
	{"older, a response that calls", "Mcp-Method: tools/call", `{"jsonrpc":"2.0","id":1,"result":{}}`, HeaderMismatch},
	{"batch", "", `[` + call(`"name":"a"`) + `]`, 0},
	{"batch of its version", "MCP-Protocol-Version: 2025-03-26", `[` + call(`"name":"a"`) + `]`, 0},
	{"batch of another version", "MCP-Protocol-Version: 2025-06-18", `[` + call(`"name":"a"`) + `]`, InvalidRequest},
	{"batch of the newest", newest + "Mcp-Method: tools/call\nMcp-Name: a", `[` + modern("tools/call", `"name":"a",`) + `]`, InvalidRequest},
	{"batch with a header", "Mcp-Method: tools/call", `[` + call(`"name":"a"`) + `]`, HeaderMismatch},
	{"batch with a message of the newest", "", `[` + call(`"name":"a"`) + `,` + modern("ping", "") + `]`, HeaderMismatch},
}

func TestCheck(t *testing.T) {
	for _, test := range checkTests {
		t.Run(test.name, func(t *testing.T) {
			var c Call
			if f := c.Read(test.body); f != nil {
				t.Fatalf("%+v", f)
			}
			head := ReadHead([]byte("Host: h\r\n" + strings.ReplaceAll(test.head, "\n", "\r\n") + "\r\n\r\nMcp-Name: behind the head\r\n"))
			if head.Doubtful {
				t.Error("doubtful")
			}
			f := c.Check(&head)
			if f == nil {
				f = &Fault{ID: c.ID()}
			}
			if f.Code != test.want || f.ID != c.ID() {
				t.Errorf("got %+v, want %d", f, test.want)
			}
		})
	}
}

func TestReadHead(t *testing.T) {
	for head, want := range map[string]string{
		"Mcp-Name: a\nX: b": "a false", "X-Mcp-Name: a": " false", "Mcp-Names: a": " false", "Mcp-Name:": " false", "Mcp.Names: a": " false",
		"Mcp-Name: a\nMcp-Name: a": "a true", "Mcp-Name: a\nMCP-NAME: b": "b true", "Mcp_Name: a": "a true", "Mcp-Name: a\nmcp.name: b": "b true",
		"Mcp-Name: a\n b": "a true", "Mcp-Name: a\nX: c\n b": "a false", " b\nMcp-Name: a": "a false", "Mcp0Name: a": " false", "McpaName: a": " false",
		"Origin: a\nOrigin: a": " true", "Content-Type: a\nContent_Type: b": " true", "Content-Length: 1\nContent-Length: 1": " true",
		"Content-Encoding: a\n\tb": " true", "Trailer: a\nTrailer: b": " true", "Transfer-Encoding: a\ntransfer-encoding: a": " true",
		"MCP-Protocol-Version: a\nMCP_Protocol_Version: a": " true", "Mcp-Method: a\nmcp-method: a": " true", "Mcp-Name: a\r\n\r\nMcp-Name: b": "a false",
	} {
		h := ReadHead([]byte(head))
		if got := fmt.Sprint(h.Name.Value, " ", h.Doubtful); got != want {
			t.Errorf("%q: got %q, want %q", head, got, want)
		}
	}
	for head, want := range map[string]bool{"": false, "Content-Length: 0": false, "Content-Length: 1": true, "Transfer-Encoding: chunked": true, "Content-Length: 00": true} {
		if h := ReadHead([]byte(head)); h.HasBody() != want {
			t.Errorf("%q: a body: %t", head, !want)
		}
	}
}
