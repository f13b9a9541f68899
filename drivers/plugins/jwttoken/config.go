package jwttoken

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/eolinker/eosc"

	"apinto-jwt/internal/appid"
	"apinto-jwt/internal/configjson"
)

// ErrConfig is a configuration that cannot be used. The text lists every fault with its field.
var ErrConfig = errors.New("invalid token endpoint config")

// Config is the configuration of one endpoint. The dashboard's form is drawn from it.
type Config struct {
	// Endpoint is its kind: "token" gives out and refreshes tokens (RFC 6749), "revoke" ends them (RFC 7009),
	// "introspect" tells about them (RFC 7662), "jwks" publishes the public keys (RFC 7517 §5),
	// "resource" the metadata of the filters' resources (RFC 9728 §3), "metadata" that of the token service (RFC 8414).
	Endpoint string `json:"endpoint" label:"端点" enum:"token,revoke,jwks,introspect,resource,metadata" required:"true"`
	// Cache is the ID of a Redis output ("redis@output"), whose sessions, revocations and counters all nodes share. It is
	// for applications whose rules name no store in "issue", which goes before it.
	// Default: the process's own, which no other node sees and a restart ends.
	Cache eosc.RequireId `json:"cache" label:"缓存" skill:"github.com/eolinker/apinto/resources.resources.ICache" required:"false" description:"Redis 输出的 ID；为空则使用进程内存储"`
	// OnStoreFailure decides on requests with a token while Cache does not answer: with "deny", tokens that this
	// process knows to be revoked stay refused, with "allow" only those of the hashes jwt_revoked and jwt_not_before. All
	// others are accepted either way. Endpoints that name the same Cache share the setting: the last one saved counts.
	// Default "deny".
	OnStoreFailure string `json:"on_store_failure" label:"存储故障时" enum:"deny,allow" default:"deny"`
	// IntrospectFor lists the applications, by name or ID, whose tokens "introspect" describes to any client that
	// authenticates. Default: none, and each client is told about its own application's tokens.
	IntrospectFor []string `json:"introspect_for" label:"可自省的应用" description:"除客户端自身应用外，还可查询其令牌的应用"`
	// TrustRealIP counts failed logins by the header X-Real-IP instead of the address of the connection: right only
	// behind a proxy that sets the header, and where requests come by no other way. Default false.
	TrustRealIP bool `json:"trust_real_ip" label:"信任 X-Real-IP" description:"仅当前置代理会设置该请求头时开启"`
	// TrustedProxies are the addresses and networks of proxies, as "10.0.0.0/8": of a request from one of them the client's
	// address is the last in Forwarded (RFC 7239) or X-Forwarded-For that is not a proxy's. X-Real-IP, if it is trusted,
	// is taken from them alone. Default: none.
	TrustedProxies []string `json:"trusted_proxies" label:"受信代理" description:"代理的地址或 CIDR 网段；其转发头中的客户端地址用于统计失败登录"`
	// MaxSessions is how many sessions a user may have, 1 to 1000; one more ends the oldest. 0: the default, 100.
	MaxSessions int `json:"max_sessions" label:"每用户最大会话数" default:"100" minimum:"1" maximum:"1000"`
	// MaxLogins is how often a user may get tokens by password in a minute, 1 to 6000. 0: the default, 120.
	MaxLogins int `json:"max_logins" label:"每用户每分钟最大登录次数" default:"120" minimum:"1" maximum:"6000"`

	// The fields from here on are those of "metadata": what the gateway cannot know, as clients reach it from outside.

	// Issuer is the issuer's URL (RFC 8414 §2), the "iss" of the rules that clients get tokens of. Required.
	Issuer string `json:"issuer" label:"签发机构" description:"与规则的 iss 一致的 https 地址；仅用于 metadata" switch:"endpoint==='metadata'"`
	// TokenEndpoint is the URL of the endpoint "token". Required in "metadata". In "token", "revoke" and "introspect" it is
	// taken, beside the rule's "iss", as the "aud" of a client's assertion (RFC 7523 §3). Default there: none.
	TokenEndpoint string `json:"token_endpoint" label:"令牌端点地址" switch:"endpoint!=='jwks'"`
	// RevocationEndpoint, IntrospectionEndpoint and JWKSURI are the URLs of the other endpoints. Default: left out.
	RevocationEndpoint    string `json:"revocation_endpoint" label:"吊销端点地址" switch:"endpoint==='metadata'"`
	IntrospectionEndpoint string `json:"introspection_endpoint" label:"自省端点地址" switch:"endpoint==='metadata'"`
	JWKSURI               string `json:"jwks_uri" label:"JWK Set 地址" switch:"endpoint==='metadata'"`
	// AuthorizationEndpoint is a URL for clients that refuse a document without one; the gateway has no such endpoint.
	// Default: left out.
	AuthorizationEndpoint string `json:"authorization_endpoint" label:"授权端点地址" switch:"endpoint==='metadata'"`
	// ScopesSupported are scopes that clients may ask for. Default: left out.
	ScopesSupported []string `json:"scopes_supported" label:"可请求的范围" switch:"endpoint==='metadata'"`
	// ProtectedResources are the resources that the tokens are for (RFC 9728 §4). Default: left out.
	ProtectedResources []string `json:"protected_resources" label:"受保护资源" switch:"endpoint==='metadata'"`
	// ServiceDocumentation is the URL of a page for developers. Default: left out.
	ServiceDocumentation string `json:"service_documentation" label:"文档地址" switch:"endpoint==='metadata'"`

	decoded decoded `json:"-"`
}

// The bounds and defaults of what a user may have.
const (
	defaultSessions, maxSessions = 100, 1000
	defaultLogins, maxLogins     = 120, 6000
)

// orDefault returns the number, or the default if it is 0.
func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// check returns all faults of the configuration, by field. The error wraps ErrConfig.
func (c *Config) check() error {
	f := slices.Clone(c.decoded.fieldErrors)
	switch _, ok := endpoints[c.Endpoint]; {
	case ok:
	case c.Endpoint == "" && !f.Has("endpoint") && !f.Has("config"):
		f.Add("endpoint", "is missing: give one of %s", endpointNames)
	case c.Endpoint != "":
		f.Add("endpoint", "%q is not one of %s", c.Endpoint, endpointNames)
	}
	if c.Cache != "" && !isOutput(string(c.Cache)) {
		f.Add("cache", `%q is not the ID of a Redis output, as "sessions@output", nor empty for the store of the process`, c.Cache)
	}
	for i, app := range c.IntrospectFor {
		if !appid.Valid(appid.Of(app)) {
			f.Add(fmt.Sprintf("introspect_for[%d]", i), `%q is not the name or ID of an application, as "shop"`, app)
		}
	}
	if len(c.IntrospectFor) > 0 && c.Endpoint != "introspect" && c.Endpoint != "" {
		f.Add("introspect_for", "belongs to the endpoint introspect")
	}
	switch c.OnStoreFailure {
	case "", "deny", "allow":
	default:
		f.Add("on_store_failure", "%q is not one of deny, allow", c.OnStoreFailure)
	}
	if _, wrong := parseProxies(c.TrustedProxies); len(wrong) > 0 {
		f.Add("trusted_proxies", `%q is not an address or a network of proxies, as "10.0.0.7" or "10.0.0.0/8"`, wrong)
	}
	c.checkMetadata(&f)
	checkRange("max_sessions", c.MaxSessions, maxSessions, &f)
	checkRange("max_logins", c.MaxLogins, maxLogins, &f)
	return f.Err(ErrConfig)
}

// checkRange notes a number that is not 1 to most; 0 is the default.
func checkRange(field string, n, most int, f *configjson.FieldErrors) {
	if n < 0 || n > most {
		f.Add(field, "must be 1 to %d", most)
	}
}

// endpointNames are the values of "endpoint".
const endpointNames = "token, revoke, introspect, jwks, resource, metadata"

// isOutput reports whether this can be an output's ID. Whether there is such an output is not looked at: it may be saved
// after the endpoint.
func isOutput(id string) bool {
	name, profession, _ := strings.Cut(id, "@")
	return name != "" && strings.EqualFold(profession, "output") && !strings.ContainsFunc(name, func(c rune) bool { return c <= ' ' || c == 0x7f })
}

// store returns the ID of the output, as the host has it; empty for the store of the process.
func (c *Config) store() string { return strings.ToLower(string(c.Cache)) }
