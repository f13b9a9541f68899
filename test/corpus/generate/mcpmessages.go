package main

import "strings"

// mcpMembers: of a member that is there twice readers take the first or the last, and some find it in any case.
func mcpMembers(b *builder) {
	mcpTwice(b)
	mcpForeign(b)
	mcpParameters(b)
}

// head begins a message.
const head = `{"jsonrpc":"2.0","id":1,`

// mcpTwice: what is no JSON text, or has a member twice.
func mcpTwice(b *builder) {
	for name, body := range ordered(map[string]string{
		"method":                    head + `"method":"ping","method":"tools/call","params":{"name":"delete_file"}}`,
		"method, one escaped":       head + `"method":"ping","\u006dethod":"tools/call","params":{"name":"delete_file"}}`,
		"method, the same":          head + `"method":"ping","method":"ping"}`,
		"params":                    head + `"method":"tools/call","params":{"name":"about"},"params":{"name":"delete_file"}}`,
		"params, one escaped":       head + `"method":"tools/call","params":{"name":"about"},"p\u0061rams":{"name":"delete_file"}}`,
		"id":                        `{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}`,
		"jsonrpc":                   `{"jsonrpc":"2.0","jsonrpc":"1.0","id":1,"method":"ping"}`,
		"two messages":              callsTool(`"about"`) + callsTool(`"delete_file"`),
		"two messages, a line each": callsTool(`"about"`) + "\n" + callsTool(`"delete_file"`),
		"unfinished":                strings.TrimSuffix(callsTool(`"about"`), "}"),
		"byte order mark":           "\ufeff" + callsTool(`"about"`),
		"comment":                   "/**/" + callsTool(`"about"`),
		"half a surrogate pair":     callsTool(`"about\ud800"`),
		"nested 100 deep":           calls("tools/call", `"name":"about","arguments":`+strings.Repeat("[", 100)+strings.Repeat("]", 100)),
		"nothing":                   "",
	}) {
		b.message(name, body, noJSON)
	}
	b.message("no object", `"tools/call"`, badMessage)
}

// mcpForeign: what is not of JSON-RPC 2.0, or a member of it in another case.
func mcpForeign(b *builder) {
	for name, body := range ordered(map[string]string{
		"Method":           head + `"method":"ping","Method":"tools/call","params":{"name":"delete_file"}}`,
		"METHOD alone":     head + `"METHOD":"tools/call","params":{"name":"about"}}`,
		"Params":           head + `"method":"tools/call","params":{"name":"about"},"Params":{"name":"delete_file"}}`,
		"param, long s":    head + `"method":"tools/call","params":{"name":"about"},"paramſ":{"name":"delete_file"}}`,
		"member of none":   head + `"method":"ping","tool":"delete_file"}`,
		"result beside it": head + `"method":"tools/call","params":{"name":"about"},"result":{}}`,
		"no version":       `{"id":1,"method":"ping"}`,
		"another version":  `{"jsonrpc":"1.0","id":1,"method":"ping"}`,
		"id null":          `{"jsonrpc":"2.0","id":null,"method":"ping"}`,
		"id an object":     `{"jsonrpc":"2.0","id":{},"method":"ping"}`,
		"id a fraction":    `{"jsonrpc":"2.0","id":1.5,"method":"ping"}`,
		"id of 300 bytes":  `{"jsonrpc":"2.0","id":"` + strings.Repeat("1", 300) + `","method":"ping"}`,
	}) {
		b.message(name, body, badMessage)
	}
}

// mcpParameters: what a tool's name could be taken from.
func mcpParameters(b *builder) {
	for name, params := range ordered(map[string]string{
		"name": `"name":"about","name":"delete_file"`, "name, one escaped": `"name":"about","n\u0061me":"delete_file"`, "Name": `"name":"about","Name":"delete_file"`,
		"NAME alone": `"NAME":"about"`, "_Meta": `"name":"about","_Meta":{}`, "arguments": `"name":"about","arguments":{},"arguments":{"a":1}`,
		"uri in another case": `"name":"about","URI":"file:///a"`, "name a list": `"name":["about"]`, "name null": `"name":null`, "name empty": `"name":""`, "no name": `"arguments":{"name":"about"}`,
	}) {
		b.message("parameters, "+name, calls("tools/call", params), badParams)
	}
	b.message("parameters, a list", head+`"method":"tools/call","params":["about"]}`, badParams)
	b.message("twice in the arguments", calls("tools/call", `"name":"about","arguments":{"a":1,"a":2}`), passes)
	b.message("of another kind in the arguments", calls("tools/call", `"name":"about","arguments":{"name":"delete_file","NAME":1,"method":"ping"}`), passes)
}

// mcpNames: which pattern a name matches, however it is spelled.
func mcpNames(b *builder) {
	for name, of := range ordered(map[string]struct {
		tool string
		want outcome
	}{
		"pattern": {`"get_file"`, passes}, "pattern, nothing for the asterisk": {`"get_"`, passes}, "more specific pattern": {`"get_the_secret"`, lacksScope},
		"escaped": {`"\u0067et_file"`, passes}, "escaped, lacks a scope": {`"\u0064elete_file"`, lacksScope}, "none": {`"format_disk"`, notOffered},
		"another case": {`"About"`, notOffered}, "blank behind": {`"about "`, notOffered}, "NUL behind": {`"about\u0000"`, notOffered}, "line end behind": {`"about\n"`, notOffered},
		"before the pattern": {`"xget_file"`, notOffered}, "an asterisk": {`"*"`, notOffered}, "the pattern": {`"get_*"`, passes}, "full-width letters": {`"ａbout"`, notOffered},
		"combining mark": {`"about\u0301"`, notOffered}, "zero-width space": {`"about\u200b"`, notOffered}, "a path": {`"x/../about"`, notOffered}, "4,000 bytes": {`"` + strings.Repeat("a", 4000) + `"`, notOffered},
	}) {
		b.message("tool, "+name, callsTool(of.tool), of.want)
	}
	for name, of := range ordered(map[string]struct {
		method, params string
		want           outcome
	}{
		"free": {"tools/list", ``, passes}, "that the configuration allows": {"logging/setLevel", `"level":"debug"`, passes}, "that needs a scope": {"tasks/cancel", `"taskId":"1"`, lacksScope},
		"none": {"tasks/get", `"taskId":"1"`, notOffered}, "another case": {"Tools/Call", `"name":"about"`, notOffered}, "blank behind": {"tools/call ", `"name":"about"`, notOffered},
		"escaped": {`tools\/call`, `"name":"delete_file"`, lacksScope}, "prompt": {"prompts/get", `"name":"greet"`, passes}, "prompt, lacks a scope": {"prompts/get", `"name":"about"`, lacksScope},
		"prompt by its completion": {"completion/complete", `"ref":{"type":"ref/prompt","name":"about"}`, lacksScope}, "resource": {"resources/read", `"uri":"file:///a"`, passes},
		"resource of none": {"resources/read", `"uri":"note:a"`, notOffered}, "dots": {"resources/read", `"uri":"file:///public/../a"`, notOffered}, "encoded dots": {"resources/read", `"uri":"file:///public/%2e%2e/a"`, notOffered},
		"encoded slash": {"resources/read", `"uri":"file:///public/..%2fa"`, notOffered}, "backslash": {"resources/read", `"uri":"file:///public\\..\\a"`, notOffered}, "scheme in upper case": {"resources/read", `"uri":"FILE:///a"`, notOffered},
		"one resource of two": {"subscriptions/listen", `"notifications":{"resourceSubscriptions":["file:///public/a","note:a"]}`, notOffered},
	}) {
		b.message("method, "+name, calls(of.method, of.params), of.want)
	}
}
