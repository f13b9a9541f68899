package jwt

import (
	"mime"
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"

	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/drivers/plugins/jwt/internal/mcp"
	"apinto-jwt/internal/printable"
	"apinto-jwt/token"
)

// The labels of a request to an MCP server.
const (
	// LabelMCPMethod is the JSON-RPC method, "response" for a client's response; of a batch all, separated by commas.
	LabelMCPMethod = "mcp_method"
	// LabelMCPName is what the method acts on: a tool, a prompt, the URI of a resource.
	LabelMCPName = "mcp_name"
)

// exchange is a request to an MCP server, as far as it has been read.
type exchange struct {
	head   mcp.Head
	call   mcp.Call
	posts  bool       // It has a message.
	judged bool       // The message is being judged: refusals are JSON-RPC errors.
	fields int        // How many header fields a chunked request had before its body was read.
	fault  *mcp.Fault // What is wrong with the message; nil if nothing is.
	grants []*grant   // What its patterns require.
	few    [2]*grant  // Room for those of nearly all messages.
}

// begin looks at what is known of a request before its token is.
func (m *mcpRoute) begin(ctx http_service.IHttpContext) (*exchange, *refusal) {
	x := new(exchange)
	r := hosthttp.Raw(ctx.Request())
	if _, websocket := ctx.(http_service.IWebsocketContext); websocket || r == nil {
		return x, refusalHTTPMethod
	}
	x.head = mcp.ReadHead(r.Header.RawHeaders())
	if proxy := hosthttp.Raw(ctx.Proxy()); proxy != nil && x.head.TransferEncoding.There {
		x.fields = countFields(proxy) // now: the body is read early if a rule looks for tokens in bodies
	}
	switch {
	case x.head.Doubtful:
		x.judged = r.Header.IsPost() // the message is known to differ, whatever it says
		return x, refusalDoubtful
	case x.head.Origin.There && !m.anyOrigin && !m.origins[x.head.Origin.Value]:
		return x, refusalOrigin
	case tokenInQuery(r):
		return x, refusalInQuery
	case r.Header.IsOptions() && preflight(ctx): // whether it passes is not said here
	case r.Header.IsPost():
		x.posts = true
	case !m.sessions || !r.Header.IsGet() && !r.Header.IsDelete():
		return x, refusalHTTPMethod
	case x.head.HasBody():
		return x, refusalUnexpectedBody
	}
	return x, nil
}

// tokenInQuery reports whether there is a token in the query, or what says that it is one (RFC 6750 §2.3).
func tokenInQuery(r *fasthttp.Request) bool {
	if len(r.URI().QueryString()) == 0 {
		return false
	}
	for name, value := range r.URI().QueryArgs().All() {
		if strings.EqualFold(string(name), "access_token") || token.HasForm(string(value)) {
			return true
		}
	}
	return false
}

// permit decides whether a request may do what its message asks for. Its token, if it has one, is good for the route.
func (x *exchange) permit(ctx http_service.IHttpContext, p *policy, v *verdict, bodyLimit int) *refusal {
	if v.matched && !v.result.InAuthorization() {
		return refusalMisplaced
	}
	if x.posts {
		x.judged = true
		if refused := x.read(ctx, bodyLimit); refused != nil {
			return refused
		}
		x.label(ctx)
		x.grants = x.few[:0]
		if x.fault = x.call.Check(&x.head); x.fault != nil {
			return refusalOfFault(x.fault)
		}
		for i := range x.call.Messages {
			if !x.ask(p.mcp, &x.call.Messages[i]) {
				return refusalOperation
			}
		}
	}
	return x.demand(p, v)
}

// read reads the message.
func (x *exchange) read(ctx http_service.IHttpContext, limit int) *refusal {
	switch h := &x.head; {
	case h.Trailer.There, h.TransferEncoding.There && h.ContentLength.There:
		return refusalFraming
	case h.ContentEncoding.There && !strings.EqualFold(h.ContentEncoding.Value, "identity"), !isJSON(h.ContentType.Value):
		return refusalMediaType
	}
	r := hosthttp.Raw(ctx.Proxy())
	if r == nil {
		return refusalFault
	}
	body, f := bearer.Body(ctx, limit)
	switch {
	case f.Damaged:
		return refusalDamaged
	case f.Spent:
		return refusalSpent
	case f.Large:
		return refusalMessageSize
	case x.head.TransferEncoding.There && x.trailed(r):
		return refusalFraming
	}
	if x.fault = x.call.Read(body); x.fault != nil {
		return refusalOfFault(x.fault)
	}
	return nil
}

// trailed reports whether trailer fields have come: the host puts them among the headers when the body has been read. If a
// plugin before this one has read it, those that repeat the message tell.
func (x *exchange) trailed(r *fasthttp.Request) bool {
	if countFields(r) != x.fields {
		return true
	}
	now := mcp.ReadHead(r.Header.AppendBytes(nil))
	return now.Doubtful || now.Version != x.head.Version || now.Method != x.head.Method || now.Name != x.head.Name || now.Origin != x.head.Origin
}

// countFields returns how many header fields the request has, beside those that say where its body ends.
func countFields(r *fasthttp.Request) int {
	n := 0
	lines := fieldScanner(r.Header.AppendBytes(nil))
	lines.next() // the request line
	for {
		name, _, ok := lines.next()
		if !ok {
			return n
		}
		if !sameHeader(name, "content-length") && !sameHeader(name, "transfer-encoding") {
			n++
		}
	}
}

// isJSON reports whether a media type is JSON in UTF-8, which is the only one there is (RFC 8259 §8.1).
func isJSON(contentType string) bool {
	const media = "application/json"
	if contentType == media {
		return true
	}
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || kind != media {
		return false
	}
	for name, value := range parameters {
		if name != "charset" || !strings.EqualFold(value, "utf-8") {
			return false
		}
	}
	return true
}

// label writes what the messages ask for into labels.
func (x *exchange) label(ctx http_service.IHttpContext) {
	first := &x.call.Messages[0]
	methods, names := methodOf(first), ""
	if len(first.Targets) > 0 {
		names = first.Targets[0].Name
	}
	if len(x.call.Messages) > 1 || len(first.Targets) > 1 {
		methods, names = joined(x.call.Messages)
	}
	ctx.SetLabel(LabelMCPMethod, printable.Text(methods))
	if names != "" {
		ctx.SetLabel(LabelMCPName, printable.Text(names))
	}
}

// methodOf returns the label of a message's method.
func methodOf(m *mcp.Message) string {
	if m.Method == "" {
		return "response"
	}
	return m.Method
}

// joined returns the methods of the messages and what they act on, each separated by commas.
func joined(messages []mcp.Message) (methods, names string) {
	var allMethods, allNames []string
	for i := range messages {
		allMethods = append(allMethods, methodOf(&messages[i]))
		for _, target := range messages[i].Targets {
			allNames = append(allNames, target.Name)
		}
	}
	return strings.Join(allMethods, ","), strings.Join(allNames, ",")
}

// ask notes what a message requires; false if it is not allowed at all.
func (x *exchange) ask(m *mcpRoute, message *mcp.Message) bool {
	switch g, named := m.methods.Find(message.Method); {
	case message.Method == "": // a response calls nothing
	case named:
		x.grants = append(x.grants, g)
	case mcp.Free(message.Method):
	case m.others != nil:
		x.grants = append(x.grants, m.others)
	default:
		return false
	}
	for _, target := range message.Targets {
		var g *grant
		var ok bool
		switch target.Kind {
		case mcp.Tool:
			g, ok = m.tools.Find(target.Name)
		case mcp.Prompt:
			g, ok = m.prompts.Find(target.Name)
		case mcp.Resource:
			g, ok = m.resources.FindURI(target.Name)
		}
		if !ok {
			return false
		}
		x.grants = append(x.grants, g)
	}
	return true
}

// demand returns nil if the token grants the scopes of the route and of the message. Without a token, which the route
// may not require, the message's alone are asked for.
func (x *exchange) demand(p *policy, v *verdict) *refusal {
	if !v.matched {
		for _, g := range x.grants {
			if len(*g) > 0 {
				return refusals[token.TokenMissing]
			}
		}
		return nil
	}
	claim, there := scopeClaim(v.result.Token())
	if reason := grantedBy(claim, there, p.scopes); reason != token.Accepted {
		return p.refusalOfClaims(reason)
	}
	for _, g := range x.grants {
		if reason := grantedBy(claim, there, *g); reason != token.Accepted {
			return p.refusalOfClaims(reason)
		}
	}
	return nil
}

// scope returns the scopes that the request needs, separated by blanks: those of the route, and those of its message.
func (x *exchange) scope(route string) string {
	list := strings.Fields(route)
	seen := make(map[string]bool, len(list))
	for _, scope := range list {
		seen[scope] = true
	}
	for _, g := range x.grants {
		for _, required := range *g {
			if !seen[required[0]] {
				seen[required[0]] = true
				list = append(list, required[0])
			}
		}
	}
	return strings.Join(list, " ")
}
