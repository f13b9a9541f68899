package main

import (
	"strconv"
	"strings"

	"apinto-jwt/test/corpus"
	"apinto-jwt/test/corpus/forge"
)

// The resources of the routes.
const (
	filesResource = "https://mcp.test/files"
	notesResource = "https://mcp.test/notes"
)

// Tools that the routes offer, beside "about".
const (
	calendar = "日历"                  // A header can carry it in Base64 alone.
	sentinel = "=?base64?YWJvdXQ=?=" // Its name looks as if it stood for "about".
)

// routes returns the configurations of the routes, in the form of the filter.
func routes() object {
	server := func(resource string) object {
		return object{
			"resource": resource, "scopes": []string{"mcp"}, "scope_implies": object{"files:write": []string{"files:read"}},
			"claims_to_headers": object{"sub": corpus.UserHeader},
			"mcp": object{
				"tools": object{
					"about": []string{}, calendar: []string{}, sentinel: []string{}, " about": []string{"files:read"},
					"get_*": []string{"files:read"}, "get_*_secret": []string{"secrets"}, "delete_file": []string{"files:write"},
				},
				"prompts":   object{"greet": []string{}, "*": []string{"prompts"}},
				"resources": object{"file:///public/*": []string{}, "file:///*": []string{"files:read"}},
				"methods":   object{"logging/*": []string{}, "tasks/cancel": []string{"tasks"}},
				"origins":   []string{"https://app.test"},
			},
		}
	}
	return object{"files": server(filesResource), "notes": server(notesResource)}
}

// outcome is what must come of a request to a route.
type outcome struct {
	status, code int
	want         string
}

// What most requests come to.
var (
	passes       = outcome{want: corpus.Accepted}
	mismatch     = outcome{400, -32020, "header_mismatch"}
	noJSON       = outcome{400, -32700, "message_malformed"}
	badMessage   = outcome{400, -32600, "message_malformed"}
	badParams    = outcome{400, -32602, "message_malformed"}
	notOffered   = outcome{403, 403, "operation_not_allowed"}
	lacksScope   = outcome{403, 403, badClaim}
	lacksScopes  = outcome{403, 403, missing}
	otherServer  = outcome{401, 0, badAud}
	badMediaType = outcome{415, 415, "content_type_not_allowed"}
	misplaced    = outcome{400, 0, "token_misplaced"}
	otherOrigin  = outcome{403, 0, "origin_not_allowed"}
)

// route notes a request to a route; an accepted one is the user's.
func (b *builder) route(name, route, user, request string, o outcome) {
	c := corpus.RouteCase{Name: b.class + "/" + name, Class: b.class, Route: route, Request: request, Want: o.want, Status: o.status, Code: o.code}
	if o == passes {
		c.User = user
	}
	for _, other := range b.routeCases {
		if other.Name == c.Name {
			panic("twice: " + c.Name)
		}
	}
	b.routeCases = append(b.routeCases, c)
}

// message notes a message for the route "files" with more headers. The token is alice's, and grants files:read.
func (b *builder) message(name, body string, o outcome, headers ...string) {
	bearer := b.bearer(`"sub":"alice","aud":` + jsonText(filesResource) + `,"scope":"mcp files:read"`)
	b.route(name, "files", "alice", rpc(body, append(headers, bearer)...), o)
}

// bearer returns the header with a token of these claims.
func (b *builder) bearer(members string) string {
	return "Authorization: Bearer " + b.hs(header, claims(members+`,"exp":4102444800`))
}

// bearerRS is bearer with a token of the rule that lists its users.
func (b *builder) bearerRS(members string) string {
	return "Authorization: Bearer " + forge.Compact("RS256", b.keys.RSA, headerOf("RS256"), claims(members+`,"exp":4102444800`))
}

// rpc returns a request with a message, and its media type unless the headers have one.
func rpc(body string, headers ...string) string {
	if !strings.Contains(strings.Join(headers, "\n"), "Content-Type") {
		headers = append(headers, "Content-Type: application/json")
	}
	headers = append(headers, "Content-Length: "+strconv.Itoa(len(body)))
	return "POST " + corpus.RoutePath + " HTTP/1.1\r\nHost: mcp.test\r\n" + strings.Join(headers, "\r\n") + "\r\n\r\n" + body
}

// calls returns a request of a method; the parameters are the members of an object.
func calls(method, params string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"` + method + `","params":{` + params + `}}`
}

// callsTool returns a tools/call of a tool, whose name is given as JSON text.
func callsTool(name string) string { return calls("tools/call", `"name":`+name+`,"arguments":{}`) }
