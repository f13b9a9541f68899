package mcp

import (
	"fmt"
	"strings"
	"testing"
)

// call is a tools/call of the revision 2025-11-25, with members of its parameters.
func call(params string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{` + params + `}}`
}

// ofVersion is a request that names its protocol version, with further members of its parameters.
func ofVersion(version, method, params string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"` + method + `","params":{"_meta":{"` + versionMember + `":"` + version + `"}` + params + `}}`
}

// readTests are bodies, with what they come to: methods and targets, or code and ID.
var readTests = []struct{ name, body, want string }{
	{"request", call(`"name":"get_file","arguments":{"name":"x"}`), "tools/call[get_file]"},
	{"members in another order", `{"params":{"name":"a"},"method":"tools/call","id":"x","jsonrpc":"2.0"}`, "tools/call[a]"},
	{"white space", " \r\n\t" + call(` "name" : "a" `) + "\n", "tools/call[a]"},
	{"escaped name", call(`"name":"\u0067et_file"`), "tools/call[get_file]"},
	{"escaped member", call(`"\u006eame":"a"`), "tools/call[a]"},
	{"escaped method", `{"jsonrpc":"2.0","id":1,"method":"\u0074ools\/call","params":{"name":"a"}}`, "tools/call[a]"},
	{"no parameters", `{"jsonrpc":"2.0","id":1,"method":"ping"}`, "ping"},
	{"notification", `{"jsonrpc":"2.0","method":"notifications/initialized"}`, "notifications/initialized"},
	{"response", `{"jsonrpc":"2.0","id":1,"result":{"Method":"x"}}`, ""},
	{"error response", `{"jsonrpc":"2.0","id":"1","error":{"code":1}}`, ""},
	{"prompt", `{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"a"}}`, "prompts/get[1:a]"},
	{"resource", `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"a:b","name":"c"}}`, "resources/read[2:a:b]"},
	{"subscription", `{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"a:b"}}`, "resources/subscribe[2:a:b]"},
	{"its end", `{"jsonrpc":"2.0","id":1,"method":"resources/unsubscribe","params":{"uri":"a:b"}}`, "resources/unsubscribe[2:a:b]"},
	{"subscription to nothing", `{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{}}`, "-32602 1"},
	{"subscription to nothing, of an older revision", ofVersion("2025-11-25", "resources/subscribe", ``), "-32602 1"},
	{"subscription to nothing, of a revision that has none", ofVersion("2026-07-28", "resources/subscribe", ``), "resources/subscribe"},
	{"its end, of a revision that has none", ofVersion("2026-07-28", "resources/unsubscribe", ``), "resources/unsubscribe"},
	{"subscription all the same", ofVersion("2026-07-28", "resources/subscribe", `,"uri":"a:b"`), "resources/subscribe[2:a:b]"},
	{"subscription to null", ofVersion("2026-07-28", "resources/subscribe", `,"uri":null`), "-32602 1"},
	{"subscription in another case", ofVersion("2026-07-28", "resources/subscribe", `,"Uri":"a:b"`), "-32602 1"},
	{"reading nothing", ofVersion("2026-07-28", "resources/read", ``), "-32602 1"},
	{"completion for a prompt", `{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"a"}}}`, "completion/complete[1:a]"},
	{"completion for a resource", `{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/resource","uri":"a:{b}","name":"c"}}}`, "completion/complete[2:a:{b}]"},
	{"completion for what", `{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/tool","name":"a"}}}`, "-32602 1"},
	{"completion for nothing", `{"jsonrpc":"2.0","id":1,"method":"completion/complete"}`, "-32602 1"},
	{"two types", `{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","Type":"ref/resource","name":"a","uri":"b:c"}}}`, "-32602 1"},
	{"listening", `{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":["a:b","a:c"]}}}`, "subscriptions/listen[2:a:b][2:a:c]"},
	{"listening to lists", `{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true}}}`, "subscriptions/listen"},
	{"listening to nothing", `{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{}}`, "-32602 1"},
	{"listening to what", `{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":["a:b",1]}}}`, "-32602 1"},
	{"listening to one", `{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":"a:b"}}}`, "-32602 1"},
	{"batch", ` [{"jsonrpc":"2.0","id":1,"method":"ping"}, ` + call(`"name":"a"`) + `]`, "ping tools/call[a]"},
	{"batch of one", `[` + call(`"name":"a"`) + `]`, "tools/call[a]"},
	{"as long a batch as may be", "[" + strings.Repeat(`{"jsonrpc":"2.0","id":1,"method":"p"},`, MaxBatch-1) + call(`"name":"a"`) + "]", strings.Repeat("p ", MaxBatch-1) + "tools/call[a]"},
	{"one more", "[" + strings.Repeat(`{"jsonrpc":"2.0","id":1,"method":"p"},`, MaxBatch) + call(`"name":"a"`) + "]", "-32600 "},
	{"empty batch", `[]`, "-32600 "},
	{"batch in a batch", `[[` + call(`"name":"a"`) + `]]`, "-32600 "},
	{"batch with one bad", `[` + call(`"name":"a"`) + `,{"jsonrpc":"2.0","id":1}]`, "-32600 "},
	{"batch that breaks off", `[` + call(`"name":"a"`), "-32700 "},
	{"batch with something behind", `[` + call(`"name":"a"`) + `]x`, "-32700 "},

	{"empty", ``, "-32700 "},
	{"no object", `"tools/call"`, "-32600 "},
	{"a number", ` 7 `, "-32600 "},
	{"a number in a batch", `[` + call(`"name":"a"`) + `,7]`, "-32600 "},
	{"a word that JSON does not have", `nul`, "-32700 "},
	{"two messages", call(`"name":"a"`) + call(`"name":"b"`), "-32700 "},
	{"byte order mark", "\ufeff" + call(`"name":"a"`), "-32700 "},
	{"not UTF-8", call("\"name\":\"\xff\""), "-32700 "},
	{"half a surrogate", call(`"name":"\ud800"`), "-32700 "},
	{"comment", `/**/` + call(`"name":"a"`), "-32700 "},
	{"comma behind the last", call(`"name":"a",`), "-32700 "},
	{"UTF-16", "{\x00}\x00", "-32700 "},
	{"method twice", `{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call","params":{"name":"a"}}`, "-32700 "},
	{"method twice, one escaped", `{"jsonrpc":"2.0","id":1,"method":"ping","\u006dethod":"tools/call","params":{"name":"a"}}`, "-32700 "},
	{"parameters twice", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"},"params":{"name":"b"}}`, "-32700 "},
	{"ID twice", `{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}`, "-32700 "},
	{"name twice", call(`"name":"a","name":"b"`), "-32602 1"},
	{"method in another case", `{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}`, "-32600 1"},
	{"parameters in another case", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"},"Params":{"name":"b"}}`, "-32600 1"},
	{"parameters with a long s", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"},"param` + "\u017f" + `":{"name":"b"}}`, "-32600 1"},
	{"a member of another kind", `{"jsonrpc":"2.0","id":1,"method":"ping","x":1}`, "-32600 1"},
	{"name in another case", call(`"name":"a","Name":"b"`), "-32602 1"},
	{"only in another case", call(`"NAME":"b"`), "-32602 1"},
	{"_meta in another case", call(`"name":"a","_Meta":{}`), "-32602 1"},
	{"taskId with a Kelvin sign", call(`"name":"a","tas` + "\u212a" + `Id":"b"`), "-32602 1"},
	{"name missing", call(`"arguments":{"name":"a"}`), "-32602 1"},
	{"name deeper", call(`"tool":{"name":"a"}`), "-32602 1"},
	{"name a number", call(`"name":1`), "-32602 1"},
	{"name a list", call(`"name":["a"]`), "-32602 1"},
	{"name null", call(`"name":null`), "-32602 1"},
	{"name empty", call(`"name":""`), "-32602 1"},
	{"uri for a tool", call(`"uri":"a:b"`), "-32602 1"},
	{"name for a resource", `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"name":"a"}}`, "-32602 1"},
	{"no parameters for a tool", `{"jsonrpc":"2.0","id":1,"method":"tools/call"}`, "-32602 1"},
	{"parameters by position", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["a"]}`, "-32602 1"},
	{"parameters null", `{"jsonrpc":"2.0","id":1,"method":"ping","params":null}`, "-32602 1"},
	{"_meta no object", call(`"name":"a","_meta":[]`), "-32602 1"},
	{"version twice", call(`"name":"a","_meta":{"io.modelcontextprotocol/protocolVersion":"a","io.modelcontextprotocol/protocolVersion":"b"}`), "-32602 1"},
	{"version in another case", call(`"name":"a","_meta":{"io.modelcontextprotocol/protocolversion":"a"}`), "-32602 1"},
	{"version a number", call(`"name":"a","_meta":{"io.modelcontextprotocol/protocolVersion":1}`), "-32602 1"},
	{"no version of JSON-RPC", `{"id":1,"method":"ping"}`, "-32600 1"},
	{"another version of JSON-RPC", `{"jsonrpc":2.0,"id":1,"method":"ping"}`, "-32600 1"},
	{"ID null", `{"jsonrpc":"2.0","id":null,"method":"ping"}`, "-32600 "},
	{"ID a fraction", `{"jsonrpc":"2.0","id":1.5,"method":"ping"}`, "-32600 "},
	{"ID with an exponent", `{"jsonrpc":"2.0","id":1e3,"method":"ping"}`, "-32600 "},
	{"ID an object", `{"jsonrpc":"2.0","id":{},"method":"ping"}`, "-32600 "},
	{"ID below nothing", `{"jsonrpc":"2.0","id":-7,"method":1}`, "-32600 -7"},
	{"ID huge", `{"jsonrpc":"2.0","id":"` + strings.Repeat("x", MaxID) + `","method":"ping"}`, "-32600 "},
	{"as long an ID as may be", `{"jsonrpc":"2.0","id":"` + strings.Repeat("x", MaxID-2) + `","method":1}`, "-32600 \"" + strings.Repeat("x", MaxID-2) + `"`},
	{"method missing", `{"jsonrpc":"2.0","id":1}`, "-32600 1"},
	{"method before the ID", `{"jsonrpc":"2.0","method":1,"id":2}`, "-32600 2"},
	{"method empty", `{"jsonrpc":"2.0","id":1,"method":""}`, "-32600 1"},
	{"request and response", `{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}`, "-32600 1"},
	{"result and error", `{"jsonrpc":"2.0","id":1,"result":{},"error":{}}`, "-32600 1"},
	{"response without an ID", `{"jsonrpc":"2.0","result":{}}`, "-32600 "},
}

// said returns what a body comes to.
func said(c *Call, f *Fault) string {
	if f != nil {
		return fmt.Sprint(f.Code, " ", f.ID)
	}
	var b strings.Builder
	for i := range c.Messages {
		m := &c.Messages[i]
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(m.Method)
		for _, target := range m.Targets {
			if target.Kind == Tool {
				fmt.Fprintf(&b, "[%s]", target.Name)
			} else {
				fmt.Fprintf(&b, "[%d:%s]", target.Kind, target.Name)
			}
		}
	}
	return b.String()
}

func TestRead(t *testing.T) {
	for _, test := range readTests {
		t.Run(test.name, func(t *testing.T) {
			var c Call
			f := c.Read(test.body)
			if got := said(&c, f); got != test.want {
				t.Errorf("got %q, want %q: %+v", got, test.want, f)
			}
			if f != nil && (f.Problem == "" || strings.ContainsAny(f.Problem, `"\`)) {
				t.Errorf("problem %q", f.Problem)
			}
		})
	}
}

// Arguments are the tool's: nothing in them is looked at.
func TestArgumentsAreNotLookedAt(t *testing.T) {
	var c Call
	if f := c.Read(call(`"name":"a","arguments":{"Name":1,"name":2,"a":1,"a":2}`)); f != nil {
		t.Errorf("%+v", f)
	}
}

func TestID(t *testing.T) {
	for body, want := range map[string]string{
		`{"jsonrpc":"2.0","id":12,"method":"ping"}`: "12", `{"jsonrpc":"2.0","id":"\u0061","method":"ping"}`: `"\u0061"`,
		`{"jsonrpc":"2.0","method":"notifications/x"}`: "", `[{"jsonrpc":"2.0","id":12,"method":"ping"}]`: "",
	} {
		var c Call
		if f := c.Read(body); f != nil || c.ID() != want {
			t.Errorf("%s: %q, %+v", body, c.ID(), f)
		}
	}
	if id := new(Call).ID(); id != "" {
		t.Errorf("nothing has the ID %q", id)
	}
}
