package main

import (
	"strings"

	"apinto-jwt/test/corpus"
	"apinto-jwt/test/corpus/forge"
)

// mcpAudience: a token for one server is used at another (RFC 8707 §2). It is as bad there as one of another issuer.
func mcpAudience(b *builder) {
	for name, of := range ordered(map[string]struct {
		audience     string
		files, notes outcome
	}{
		"files":                 {jsonText(filesResource), passes, otherServer},
		"notes":                 {jsonText(notesResource), otherServer, passes},
		"a list with files":     {`["https://mcp.test",` + jsonText(filesResource) + `]`, passes, otherServer},
		"both":                  {`[` + jsonText(filesResource) + `,` + jsonText(notesResource) + `]`, passes, passes},
		"host in upper case":    {`"HTTPS://MCP.test/files"`, passes, otherServer},
		"the origin":            {`"https://mcp.test"`, otherServer, otherServer},
		"a path above":          {`"https://mcp.test/"`, otherServer, otherServer},
		"a path below":          {`"https://mcp.test/files/a"`, otherServer, otherServer},
		"slash behind":          {`"https://mcp.test/files/"`, otherServer, otherServer},
		"another scheme":        {`"http://mcp.test/files"`, otherServer, otherServer},
		"another port":          {`"https://mcp.test:8443/files"`, otherServer, otherServer},
		"another host":          {`"https://mcp.test.evil.test/files"`, otherServer, otherServer},
		"user before the host":  {`"https://mcp.test@evil.test/files"`, otherServer, otherServer},
		"path in another case":  {`"https://mcp.test/Files"`, otherServer, otherServer},
		"query behind":          {`"https://mcp.test/files?a"`, otherServer, otherServer},
		"fragment behind":       {`"https://mcp.test/files#a"`, otherServer, otherServer},
		"blank behind":          {`"https://mcp.test/files "`, otherServer, otherServer},
		"two in one":            {`"https://mcp.test/files https://mcp.test/notes"`, otherServer, otherServer},
		"the path":              {`"/files"`, otherServer, otherServer},
		"the metadata":          {`"https://mcp.test/.well-known/oauth-protected-resource/files"`, otherServer, otherServer},
		"an asterisk":           {`"*"`, otherServer, otherServer},
		"empty":                 {`""`, otherServer, otherServer},
		"an empty list":         {`[]`, otherServer, otherServer},
		"the issuer":            {jsonText(issuer), otherServer, otherServer},
		"a list of the servers": {`["mcp.test","files"]`, otherServer, otherServer},
	}) {
		bearer := b.bearer(`"sub":"alice","scope":"mcp files:read","aud":` + of.audience)
		b.route(name+", at files", "files", "alice", rpc(callsTool(`"get_file"`), bearer), of.files)
		b.route(name+", at notes", "notes", "alice", rpc(callsTool(`"get_file"`), bearer), of.notes)
	}
	none := b.bearer(`"sub":"alice","scope":"mcp files:read"`)
	b.route("none", "files", "", rpc(callsTool(`"get_file"`), none), otherServer)
	b.route("in the claim resource", "files", "", rpc(callsTool(`"get_file"`), b.bearer(`"sub":"alice","scope":"mcp","resource":`+jsonText(filesResource))), otherServer)
	b.route("another server's, not offered there", "notes", "", rpc(callsTool(`"format_disk"`), b.bearer(`"sub":"alice","aud":`+jsonText(filesResource))), otherServer)
}

// mcpUsers: one application takes every user, another lists its own. A name that is listed goes first, and nobody's "*" is
// for another's tokens.
func mcpUsers(b *builder) {
	rights := `,"scope":"mcp files:read","aud":` + jsonText(filesResource)
	call := callsTool(`"get_file"`)
	refusedAs := func(reason string) outcome { return outcome{401, 0, reason} }
	for name, o := range ordered(map[string]outcome{"alice": passes, "bob": passes, "Carol": passes, "carol": passes, "Old": passes, "*": passes, "old": refusedAs(ended), "": refusedAs(noUser), "a\nb": refusedAs(unknown)}) {
		b.route("every user, "+jsonText(name), "files", name, rpc(call, b.bearer(`"sub":`+jsonText(name)+rights)), o)
	}
	for name, o := range ordered(map[string]outcome{"alice": passes, "42": passes, "bob": refusedAs(unknown), "Alice": refusedAs(unknown), "*": refusedAs(unknown), "old": refusedAs(unknown)}) {
		b.route("users of a list, "+jsonText(name), "files", name, rpc(call, b.bearerRS(`"sub":`+jsonText(name)+rights)), o)
	}
	b.route("every user, without the scope", "files", "", rpc(callsTool(`"delete_file"`), b.bearer(`"sub":"bob"`+rights)), lacksScope)
	b.route("every user, no scope at all", "files", "", rpc(call, b.bearer(`"sub":"bob","aud":`+jsonText(filesResource))), lacksScopes)
	b.route("every user, the route's scope alone", "files", "", rpc(call, b.bearer(`"sub":"bob","scope":"mcp","aud":`+jsonText(filesResource))), lacksScope)
	b.route("every user, a broader scope", "files", "bob", rpc(call, b.bearer(`"sub":"bob","scope":"mcp files:write","aud":`+jsonText(filesResource))), passes)
	b.route("every user, another secret", "files", "", rpc(call, "Authorization: Bearer "+forge.Compact("HS256", b.keys.Other("HS256"), header, claims(`"sub":"bob"`+rights))), refusedAs(badSig))
	foreign := strings.Replace(claims(`"sub":"alice"`+rights), issuer, "https://other.test", 1)
	b.route("users of a list, another issuer", "files", "", rpc(call, "Authorization: Bearer "+forge.Compact("RS256", b.keys.RSA, headerOf("RS256"), foreign)), refusedAs(badIssuer))
	b.route("every user, no signature", "files", "", rpc(call, strings.TrimRight(b.bearer(`"sub":"bob"`+rights), "-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")), refusedAs(badSig))
}

// mcpRequests: where a token and a message stand, and who sends them.
func mcpRequests(b *builder) {
	good := b.bearer(`"sub":"alice","scope":"mcp files:read","aud":` + jsonText(filesResource))
	_, token, _ := strings.Cut(good, "Bearer ")
	about := callsTool(`"about"`)
	add := func(name string, o outcome, request string) { b.route(name, "files", "alice", request, o) }
	target := func(request, query string) string {
		return strings.Replace(request, " "+corpus.RoutePath+" ", " "+corpus.RoutePath+query+" ", 1)
	}
	add("no token", outcome{401, 0, corpus.NoToken}, rpc(about))
	add("token in the query", misplaced, target(rpc(about), "?access_token="+token))
	add("token in the query too", misplaced, target(rpc(about, good), "?access_token="+token))
	add("token under another name in the query", misplaced, target(rpc(about, good), "?q="+token))
	add("its name in the query", misplaced, target(rpc(about, good), "?Access_Token=x"))
	add("another query", passes, target(rpc(about, good), "?session=1"))
	add("two tokens", outcome{400, 0, malformed}, rpc(about, good, b.bearer(`"sub":"bob","scope":"mcp","aud":`+jsonText(filesResource))))
	for name, headers := range ordered(map[string][]string{
		"form": {"Content-Type: application/x-www-form-urlencoded"}, "text": {"Content-Type: text/plain"}, "another charset": {"Content-Type: application/json; charset=utf-16"},
		"like JSON": {"Content-Type: application/vnd.api+json"}, "compressed": {"Content-Encoding: gzip"}, "none": {"Content-Type:"},
	}) {
		add("media type, "+name, badMediaType, rpc(about, append(headers, good)...))
	}
	add("media type, charset", passes, rpc(about, good, "Content-Type: application/json; charset=UTF-8"))
	for name, value := range ordered(map[string]string{"another": "https://evil.test", "null": "null", "another scheme": "http://app.test", "another port": "https://app.test:8443", "a longer host": "https://app.test.evil.test", "empty": ""}) {
		add("origin, "+name, otherOrigin, rpc(about, good, "Origin: "+value))
	}
	add("origin, allowed", passes, rpc(about, good, "Origin: https://app.test"))
}
