package main

import (
	"encoding/base64"
	"slices"
	"strings"
)

// The newest revision demands headers that repeat the message.
const (
	newest = "MCP-Protocol-Version: 2026-07-28"
	older  = "MCP-Protocol-Version: 2025-11-25"

	callsHeader = "Mcp-Method: tools/call"
)

// mcpHeaders: a header names one thing and the body another. Who looks at the header alone lets a client call one tool and
// name another.
func mcpHeaders(b *builder) {
	about, getFile, deleteFile := callsTool(`"about"`), callsTool(`"get_file"`), callsTool(`"delete_file"`)
	for name, version := range ordered(map[string]string{
		"": "", "older, ": older, "newest, ": newest, "later, ": "MCP-Protocol-Version: 2027-01-01", "unknown, ": "MCP-Protocol-Version: draft",
	}) {
		add := func(of, body string, o outcome, headers ...string) {
			if version != "" {
				headers = append(headers, version)
			}
			b.message(name+of, body, o, headers...)
		}
		missing := passes // What revisions that know no such headers say to one that is missing.
		if version != "" && version != older {
			missing = mismatch
		}
		add("both true", getFile, passes, callsHeader, "Mcp-Name: get_file")
		add("another tool", deleteFile, mismatch, callsHeader, "Mcp-Name: get_file")
		add("another tool, which is free", getFile, mismatch, callsHeader, "Mcp-Name: about")
		add("another method", deleteFile, mismatch, "Mcp-Method: tools/list", "Mcp-Name: delete_file")
		add("another method, no name", deleteFile, mismatch, "Mcp-Method: tools/list")
		add("name in another case", about, mismatch, callsHeader, "Mcp-Name: About")
		add("method in another case", about, mismatch, "Mcp-Method: Tools/Call", "Mcp-Name: about")
		add("name empty", about, mismatch, callsHeader, "Mcp-Name:")
		add("a name of nothing", calls("tools/list", ""), mismatch, "Mcp-Method: tools/list", "Mcp-Name: about")
		add("no name", about, missing, callsHeader)
		add("no method", about, missing, "Mcp-Name: about")
		add("neither", about, missing)
		add("neither, without the scope", deleteFile, map[bool]outcome{true: lacksScope, false: mismatch}[missing == passes])
		add("both true, without the scope", deleteFile, lacksScope, callsHeader, "Mcp-Name: delete_file")
		add("both true, not offered", callsTool(`"format_disk"`), notOffered, callsHeader, "Mcp-Name: format_disk")
	}
	mcpRepeatedHeaders(b, about)
	mcpVersions(b)
}

// mcpRepeatedHeaders: of two values readers take the first, the last, or both joined; and some take one name for another.
func mcpRepeatedHeaders(b *builder, about string) {
	for name, headers := range ordered(map[string][]string{
		"name twice":                {"Mcp-Name: about", "Mcp-Name: delete_file"},
		"name twice, the same":      {"Mcp-Name: about", "Mcp-Name: about"},
		"name twice, another case":  {"Mcp-Name: about", "MCP-NAME: delete_file"},
		"method twice":              {callsHeader, "Mcp-Method: tools/list"},
		"version twice":             {newest, older},
		"underscore for the hyphen": {"Mcp_Name: delete_file"},
		"underscore beside it":      {"Mcp-Name: about", "Mcp_Name: delete_file"},
		"dot for the hyphen":        {"Mcp.Name: delete_file"},
		"method with an underscore": {"Mcp_Method: tools/list"},
		"media type twice":          {"Content-Type: application/json", "Content-Type: text/plain"},
	}) {
		b.message("repeated, "+name, about, mismatch, headers...)
	}
	b.message("repeated, two names in one", about, mismatch, "Mcp-Name: about, delete_file")
	b.message("repeated, a longer name", about, passes, "X-Mcp-Name: delete_file", "Mcp-Names: delete_file")
}

// mcpVersions: the version stands in a header and in the message.
func mcpVersions(b *builder) {
	versioned := func(version string) string {
		return calls("tools/call", `"name":"about","_meta":{"io.modelcontextprotocol/protocolVersion":"`+version+`"}`)
	}
	both := []string{callsHeader, "Mcp-Name: about"}
	b.message("version, both true", versioned("2026-07-28"), passes, append(both, newest)...)
	b.message("version, in the body alone", versioned("2026-07-28"), mismatch, both...)
	b.message("version, older in the header", versioned("2026-07-28"), mismatch, append(both, older)...)
	b.message("version, older in the body", versioned("2025-11-25"), mismatch, append(both, newest)...)
	b.message("version, older in both", versioned("2025-11-25"), passes, older)
	b.message("version, twice in the body", calls("tools/call", `"name":"about","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",`+
		`"io.modelcontextprotocol/protocolVersion":"2025-11-25"}`), badParams, append(both, newest)...)
	b.message("version, a number", calls("tools/call", `"name":"about","_meta":{"io.modelcontextprotocol/protocolVersion":20260728}`), badParams)
}

// mcpSentinels: names that a header carries in Base64 (MCP 2026-07-28), and names that look as if it did.
func mcpSentinels(b *builder) {
	encoded := func(text string) string {
		return "Mcp-Name: =?base64?" + base64.StdEncoding.EncodeToString([]byte(text)) + "?="
	}
	add := func(name, tool string, o outcome, header string) {
		b.message(name, callsTool(jsonText(tool)), o, newest, callsHeader, header)
	}
	add("true", calendar, passes, encoded(calendar))
	add("true, of what needs none", "about", passes, encoded("about"))
	add("true, leading blank", " about", passes, encoded(" about"))
	add("true, of what looks like it", sentinel, passes, encoded(sentinel))
	add("another tool", "delete_file", mismatch, encoded("about"))
	add("the name as it is", calendar, mismatch, "Mcp-Name: "+calendar)
	add("leading blank as it is", " about", mismatch, "Mcp-Name:  about")
	add("what looks like it, as it is", sentinel, mismatch, "Mcp-Name: "+sentinel)
	add("what looks like it, twice", "about", mismatch, encoded(sentinel))
	for name, value := range ordered(map[string]string{
		"mark in upper case": "=?BASE64?YWJvdXQ=?=", "no end": "=?base64?YWJvdXQ=", "no mark": "YWJvdXQ=", "no padding": "=?base64?YWJvdXQ?=",
		"blank inside": "=?base64?YWJv dXQ=?=", "stray bits": "=?base64?YWJvdXR=?=", "MIME": "=?utf-8?B?YWJvdXQ=?=", "two": "=?base64?YWJv?==?base64?dXQ=?=",
		"quoted": `"=?base64?YWJvdXQ=?="`, "something behind": "=?base64?YWJvdXQ=?= x", "percent": "about%20", "empty": "=?base64??=", "no UTF-8": "=?base64?/w==?=",
		"NUL behind": "=?base64?YWJvdXQA?=", "line end behind": "=?base64?YWJvdXQK?=",
	}) {
		add("spelling, "+name, "about", mismatch, "Mcp-Name: "+value)
	}
	add("URL alphabet", "~~~?", mismatch, "Mcp-Name: =?base64?fn5-Pw==?=")
	b.message("of the method", callsTool(`"about"`), mismatch, newest, "Mcp-Method: =?base64?dG9vbHMvY2FsbA==?=", "Mcp-Name: about")
	b.message("older, true", callsTool(jsonText(calendar)), passes, older, encoded(calendar))
	b.message("older, another tool", callsTool(jsonText(calendar)), mismatch, older, encoded("about"))
	b.message("no version, another tool", callsTool(`"delete_file"`), mismatch, encoded("about"))
}

// mcpBatches: one message of several is looked at, and all are carried out.
func mcpBatches(b *builder) {
	about, getFile, deleteFile := callsTool(`"about"`), callsTool(`"get_file"`), callsTool(`"delete_file"`)
	notice := `{"jsonrpc":"2.0","method":"notifications/initialized"}`
	list := func(messages ...string) string { return "[" + strings.Join(messages, ",") + "]" }
	batched := "MCP-Protocol-Version: 2025-03-26"
	b.message("two that pass", list(about, getFile), passes)
	b.message("two that pass, its version", list(about, getFile), passes, batched)
	b.message("white space", " \r\n[ "+about+" ,\t"+notice+" ]\n", passes)
	b.message("a response among them", list(about, `{"jsonrpc":"2.0","id":1,"result":{}}`), passes)
	b.message("the last lacks a scope", list(about, getFile, deleteFile), lacksScope)
	b.message("the first lacks a scope", list(deleteFile, about), lacksScope)
	b.message("one of 100 lacks a scope", list(append(slices.Repeat([]string{about}, 99), deleteFile)...), lacksScope)
	b.message("one is not offered", list(about, callsTool(`"format_disk"`)), notOffered)
	b.message("a notification that calls", list(about, `{"jsonrpc":"2.0","method":"tools/call","params":{"name":"delete_file"}}`), lacksScope)
	b.message("101", list(slices.Repeat([]string{about}, 101)...), badMessage)
	b.message("empty", "[]", badMessage)
	b.message("in a batch", list(about, list(deleteFile)), badMessage)
	b.message("unfinished", "["+about, noJSON)
	b.message("comma behind the last", "["+about+",]", noJSON)
	b.message("something behind", list(about)+deleteFile, noJSON)
	b.message("a batch behind", list(about)+list(deleteFile), noJSON)
	b.message("no message among them", list(about, "1"), badMessage)
	b.message("another version", list(about), badMessage, older)
	b.message("newest", list(about), badMessage, newest, callsHeader, "Mcp-Name: about")
	b.message("a header names the first", list(about, getFile), mismatch, callsHeader, "Mcp-Name: about")
	b.message("a header names the method", list(about, getFile), mismatch, callsHeader)
	b.message("a header names a batch of one", list(about), mismatch, "Mcp-Name: about")
	b.message("a member twice in the last", list(about, strings.Replace(about, `"name":"about"`, `"name":"about","name":"delete_file"`, 1)), badParams)
}
