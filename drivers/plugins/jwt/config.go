package jwt

import (
	"encoding/json"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/rule"
)

// Config is the configuration of the filter: the requirements of a route, or of all routes. Every field is optional. The dashboard's form is drawn from it.
type Config struct {
	// Required refuses a request without a token. False lets it pass on to the next plugin, as "app" with its anonymous
	// application, and one with what has not the form of a token too. A bad token is refused either way. Default true.
	Required bool `json:"required" label:"必须携带令牌" default:"true" description:"关闭后，无令牌的请求交给后续插件（如 app 的匿名应用）；错误的令牌始终拒绝"`
	// Apps lists the applications that may come in, by ID or name ("shop@app" or "shop"). Default: all. An
	// empty list is a fault.
	Apps []string `json:"apps" label:"允许的应用" description:"应用的 ID 或名称；缺省则全部允许"`
	// Audience lists who the token may be for: one of them must be in "aud" (RFC 7519 §4.1.3). Default: any or none.
	Audience []string `json:"audience" label:"受众" description:"令牌的 aud 须含其中之一；为空则不校验"`
	// Scopes must all be granted by "scope" (RFC 8693 §4.2), or by "scp" if there is no "scope". Default: none.
	Scopes []string `json:"scopes" label:"权限范围" description:"令牌的 scope（或 scp）须包含全部；为空则不校验"`
	// ScopeImplies maps a scope to those that it grants too, as {"files:write":["files:read"]}; what those imply counts too.
	// Default: none.
	ScopeImplies map[string][]string `json:"scope_implies" label:"权限范围的包含关系" description:"某个 scope 同时包含的其他 scope"`
	// ACRValues lists the authentication context classes of which the token must have one in "acr" (RFC 9470 §4). Default:
	// any or none.
	ACRValues []string `json:"acr_values" label:"认证级别" description:"令牌的 acr 须为其中之一；为空则不校验"`
	// MaxAge is the greatest time since the user logged in, in seconds: since "auth_time" (RFC 9470 §4). Default 0: not
	// looked at.
	MaxAge int `json:"max_age" label:"登录最长时效（秒）" minimum:"0" description:"自 auth_time 起的秒数；0 表示不校验"`
	// Claims maps a path in the payload to its allowed values: the claim equals one, or is a list that holds one; an
	// empty list: it is there. Default: none.
	Claims rule.ClaimValues `json:"claims" label:"必需声明" description:"路径对应允许的值；空列表表示只需存在"`
	// ClaimsToHeaders maps a path in the payload to a header of the request that goes to the upstream. The client's own
	// header of that name is removed from every request. Default: none.
	ClaimsToHeaders map[string]string `json:"claims_to_headers" label:"声明转请求头" description:"路径对应转发给上游的请求头；客户端自带的同名请求头总会被移除"`
	// ForwardPayload names a header that carries the whole payload to the upstream, base64url without padding. The
	// client's own header of that name is removed from every request. Default: none.
	ForwardPayload string `json:"forward_payload" label:"转发载荷的请求头" description:"以 base64url 携带整个载荷的请求头名称；为空则不转发"`
	// UpstreamToken has the upstream get a token of the gateway's own, by which it can verify who is asking. Default: none.
	UpstreamToken *UpstreamToken `json:"upstream_token" label:"上游令牌" description:"由网关签发、上游可验证的短期令牌；为空则不签发"`
	// Resource is the URI of the protected resource that the route is (RFC 9728 §1.2): https, or http of a loopback host.
	// The token must name it in "aud" (RFC 8707 §2), or else one of Audience. Refusals say where its metadata stands.
	// Default: none.
	Resource string `json:"resource" label:"受保护资源" description:"资源的绝对 URI；令牌的 aud 须为该 URI 或受众之一"`
	// AuthorizationServers lists the issuers of tokens for the resource (RFC 9728 §2), in its metadata. Default: none.
	AuthorizationServers []string `json:"authorization_servers" label:"授权服务器" description:"签发令牌的授权服务器的 issuer"`
	// ScopesSupported lists the scopes that a client may ask for, in the metadata. Default: none.
	ScopesSupported []string `json:"scopes_supported" label:"可申请的权限范围"`
	// ResourceName is the resource's name for people, in the metadata. Default: none.
	ResourceName string `json:"resource_name" label:"资源名称"`
	// ResourceDocumentation is the URL of a page for developers, in the metadata. Default: none.
	ResourceDocumentation string `json:"resource_documentation" label:"资源文档地址"`
	// ResourcePolicyURI is the URL of a page about the use of data, in the metadata. Default: none.
	ResourcePolicyURI string `json:"resource_policy_uri" label:"资源的数据政策地址"`
	// ResourceTOSURI is the URL of the terms of service, in the metadata. Default: none.
	ResourceTOSURI string `json:"resource_tos_uri" label:"资源的服务条款地址"`
	// MCP says what messages to an MCP server need. Default: the route is no such server, and no body is looked at.
	MCP *MCPConfig `json:"mcp" label:"MCP 服务器" description:"按 JSON-RPC 消息逐个工具校验权限范围"`
	// Mode is "enforce", or "observe": nothing is refused, and the label "jwt_would" says what would have been. Default
	// "enforce".
	Mode string `json:"mode" label:"模式" enum:"enforce,observe" default:"enforce" description:"observe 只记录不拒绝，结果见标签 jwt_would"`
	// Preflight is "skip": a CORS preflight request, which a browser sends without a token, passes; or "check". Default
	// "skip".
	Preflight string `json:"preflight" label:"CORS预检请求" enum:"skip,check" default:"skip" description:"skip 放行预检请求"`
	// Realm stands in the header WWW-Authenticate (RFC 9110 §11.5). Default "apinto".
	Realm string `json:"realm" label:"认证域" default:"apinto" description:"WWW-Authenticate 中的 realm"`
	// Body is the form of a refusal's body: "json" or "text". Default "json".
	Body string `json:"body" label:"拒绝时的响应体" enum:"json,text" default:"json"`
	// Detail is "public", or "hidden": a refusal says nothing of its reason, which labels and logs still have. Default
	// "public".
	Detail string `json:"detail" label:"拒绝原因" enum:"public,hidden" default:"public" description:"hidden 不向客户端说明原因，仅见于标签与日志"`

	decoded decoded `json:"-"`
}

// decoded holds the results of reading a configuration beside its values.
type decoded struct {
	text        json.RawMessage // as it was read; null and nothing are an empty object
	fieldErrors configjson.FieldErrors
}

// defaults returns the values of fields that are not there.
func defaults() Config {
	return Config{Required: true, Mode: "enforce", Preflight: "skip", Realm: "apinto", Body: "json", Detail: "public"}
}

// MarshalJSON returns the text that the configuration was read from: the host passes configurations on in this way, and a
// field's default must not become a value, nor a fault be lost.
func (c Config) MarshalJSON() ([]byte, error) {
	if len(c.decoded.text) == 0 {
		return []byte("{}"), nil
	}
	return c.decoded.text, nil
}
