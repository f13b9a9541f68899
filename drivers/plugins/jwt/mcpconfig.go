package jwt

import (
	"encoding/json"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"apinto-jwt/drivers/plugins/jwt/internal/mcp"
	"apinto-jwt/internal/configjson"
)

// MCPConfig is what the route of an MCP server requires of the messages in requests. A pattern is a name, or has one
// asterisk for any text; of several that match, the most specific counts. What none matches is refused.
type MCPConfig struct {
	// Tools maps a pattern of tools' names to the scopes that calling one needs. Default: no tool may be called.
	Tools map[string][]string `json:"tools" label:"工具" description:"工具名称的模式（可含一个 *）对应所需的 scope；未匹配的一律拒绝"`
	// Prompts maps a pattern of prompts' names to scopes. Default: none may be had.
	Prompts map[string][]string `json:"prompts" label:"提示" description:"提示名称的模式对应所需的 scope"`
	// Resources maps a pattern of resources' URIs to scopes. Default: none may be had.
	Resources map[string][]string `json:"resources" label:"资源" description:"资源 URI 的模式对应所需的 scope"`
	// Methods maps a pattern of JSON-RPC methods to scopes, beside those of what the method acts on. "*" is for methods
	// that are not allowed already. Default: those alone.
	Methods map[string][]string `json:"methods" label:"方法" description:"JSON-RPC 方法的模式对应所需的 scope"`
	// Origins lists whose scripts may send requests, as "https://app.example.com"; "*": anybody's. Default: no request that
	// has the header Origin.
	Origins []string `json:"origins" label:"允许的来源" description:"浏览器请求的 Origin；缺省则带 Origin 的请求一律拒绝"`
	// Sessions lets GET (a stream) and DELETE (the session's end) pass, which revisions until 2025-11-25 have. Default false.
	Sessions bool `json:"sessions" label:"会话" description:"放行 2025-11-25 及更早版本的 GET 与 DELETE"`
}

// decodeMCP reads "mcp" field by field.
func (c *Config) decodeMCP(value json.RawMessage) {
	if len(value) == 0 || string(value) == "null" {
		return
	}
	c.MCP = new(MCPConfig)
	types := map[string]string{"origins": "a list of origins", "sessions": "true or false"}
	for _, field := range []string{"tools", "prompts", "resources", "methods"} {
		types[field] = "an object of lists of scopes"
	}
	var found configjson.Findings
	configjson.Object{
		Path: "mcp", Example: `, as {"tools":{"get_*":["files:read"]}}`, Exact: true, Adjust: lenient,
		Fields: configjson.Fields(reflect.ValueOf(c.MCP).Elem()), Types: types,
	}.Read(value, &found)
	for _, name := range found.Unknown {
		found.Errors.Add("mcp."+name, "is not a field of mcp, which has %s", strings.Join(configjson.FieldNames[MCPConfig](), ", "))
	}
	c.decoded.fieldErrors = append(c.decoded.fieldErrors, found.Errors...)
}

// mcpRoute is an MCPConfig that has been compiled.
type mcpRoute struct {
	tools, prompts, resources, methods mcp.Patterns[*grant]

	others    *grant // Of methods that no pattern matches; nil: they are refused.
	origins   map[string]bool
	anyOrigin bool
	sessions  bool
}

// grant is what a pattern requires.
type grant []requiredScope

// compileMCP reads what the route of an MCP server requires; nil if it is none.
func compileMCP(config *Config, f *configjson.FieldErrors) *mcpRoute {
	if config.MCP == nil {
		return nil
	}
	m := &mcpRoute{origins: map[string]bool{}, sessions: config.MCP.Sessions}
	methods := maps.Clone(config.MCP.Methods)
	if scopes, ok := methods[mcp.All]; ok {
		m.others = compileGrant(member("mcp.methods", mcp.All), scopes, config, f)
		delete(methods, mcp.All)
	}
	for _, table := range []struct {
		field    string
		patterns map[string][]string
		compiled *mcp.Patterns[*grant]
	}{
		{"mcp.tools", config.MCP.Tools, &m.tools},
		{"mcp.prompts", config.MCP.Prompts, &m.prompts},
		{"mcp.resources", config.MCP.Resources, &m.resources},
		{"mcp.methods", methods, &m.methods},
	} {
		for _, pattern := range slices.Sorted(maps.Keys(table.patterns)) {
			field := member(table.field, pattern)
			if err := table.compiled.Add(pattern, compileGrant(field, table.patterns[pattern], config, f)); err != nil {
				f.Add(field, "%s", err)
			}
		}
	}
	for i, origin := range config.MCP.Origins {
		m.allow(item("mcp.origins", i), origin, f)
	}
	for _, header := range append(slices.Collect(maps.Values(config.ClaimsToHeaders)), config.ForwardPayload) {
		switch foldHeader(header) {
		case "mcp-method", "mcp-name", "mcp-protocol-version":
			f.Add("mcp", "the header %q repeats the message, and no claim can be written to it", header)
		}
	}
	return m
}

// compileGrant reads the scopes of a pattern.
func compileGrant(field string, scopes []string, config *Config, f *configjson.FieldErrors) *grant {
	checkScopes(field, scopes, f)
	g := make(grant, 0, len(scopes))
	for _, scope := range scopes {
		g = append(g, requireScope(scope, config.ScopeImplies))
	}
	return &g
}

// allow adds an origin, in the form that browsers send (RFC 6454 §6.2).
func (m *mcpRoute) allow(field, origin string, f *configjson.FieldErrors) {
	if origin == mcp.All {
		m.anyOrigin = true
		return
	}
	u, err := url.Parse(strings.ToLower(origin))
	if err != nil || u.Scheme == "" || u.Host == "" || strings.Contains(u.Host, "*") || u.Scheme+"://"+u.Host != strings.ToLower(origin) {
		f.Add(field, `%q is not an origin, as "https://app.example.com", or "*"`, origin)
		return
	}
	if u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80" {
		u.Host = strings.TrimSuffix(u.Host, ":"+u.Port())
	}
	m.origins[u.Scheme+"://"+u.Host] = true
}

// allowed returns the HTTP methods of the route, for the header Allow; empty if it takes all.
func (m *mcpRoute) allowed() string {
	switch {
	case m == nil:
		return ""
	case m.sessions:
		return "DELETE, GET, POST"
	}
	return "POST"
}
