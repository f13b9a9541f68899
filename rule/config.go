package rule

import "apinto-jwt/keys"

// Config is the entry's "config": what a token must be to count for the application. Names and types are those of the
// builtin driver, so that every stored configuration can be read; what the fields mean is written in the README.
type Config struct {
	// Iss must equal the token's "iss" (RFC 7519 §4.1.1). Empty: any issuer or none. It is also the user's name if
	// Path is empty.
	Iss string `json:"iss" label:"签发机构" description:"与令牌的 iss 完全一致；为空则不校验"`
	// Algorithm is the one "alg" that is accepted (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). With a key set it may be
	// several, separated by commas; without one, EdDSA and Ed25519, which are two names of one signature.
	Algorithm string `json:"algorithm" label:"签名算法" enum:"HS256,HS384,HS512,RS256,RS384,RS512,ES256,ES384,ES512,PS256,PS384,PS512,EdDSA,Ed25519" required:"true"`
	// Secret is the shared secret of the HS algorithms.
	Secret keys.Secret `json:"secret" label:"密钥" switch:"algorithm==='HS256'||algorithm==='HS384'||algorithm==='HS512'"`
	// RsaPublicKey holds the public keys of all other algorithms in PEM, one block after another. A URL is taken as JWKSURI.
	RsaPublicKey string `json:"rsa_public_key" label:"RSA公钥" description:"PEM 格式的公钥或证书（RSA、EC、Ed25519），可多个；也可填 JWK Set 地址" switch:"algorithm!=='HS256'&&algorithm!=='HS384'&&algorithm!=='HS512'"`
	// Path leads to the user's name in the payload: JSONPath, or a gjson path. Empty: Iss is the user's name; with a key set
	// and AnyUser, or without Iss, "sub" is the path.
	Path string `json:"path" label:"用户名JsonPath"`
	// ClaimsToVerify lists which of "exp" and "nbf" must be there and hold. Null: each is honoured if it is there.
	// Empty list: neither is looked at.
	ClaimsToVerify []string `json:"claims_to_verify" label:"检验字段" enum:"exp,nbf"`
	// SignatureIsBase64 says that Secret is base64.
	SignatureIsBase64 bool `json:"signature_is_base_64" label:"签名是否base64加密" switch:"algorithm==='HS256'||algorithm==='HS384'||algorithm==='HS512'"`

	// JWKS is a JWK Set (RFC 7517 §5) with the keys, as JSON text or as the object itself. With it, Secret and
	// RsaPublicKey have no effect. Default: none.
	JWKS keys.Secret `json:"jwks" label:"JWK Set" description:"JWK Set（RFC 7517）JSON；设置后密钥与公钥字段不生效"`
	// JWKSURI is the address of a key set that is fetched: the set itself, or the issuer's OpenID Connect discovery
	// document. Default: none.
	JWKSURI string `json:"jwks_uri" label:"JWK Set 地址" description:"https 地址，可为 JWK Set 或 OpenID 发现文档"`
	// JWKSRefresh is how often JWKSURI is fetched again, in seconds, 5 to 86400. Default 600. The answer's
	// Cache-Control goes before it.
	JWKSRefresh int `json:"jwks_refresh" label:"JWK Set 刷新间隔（秒）" default:"600" minimum:"5" maximum:"86400" switch:"jwks_uri!==''"`
	// JWKSMaxStale is how long the last good set is used while JWKSURI cannot be fetched, in seconds, 60 to 2592000.
	// Default 86400.
	JWKSMaxStale int `json:"jwks_max_stale" label:"JWK Set 最长沿用时间（秒）" default:"86400" minimum:"60" maximum:"2592000" switch:"jwks_uri!==''"`
	// JWKSCA is the certificate authority, in PEM, that must have signed the certificate of JWKSURI's server. Default:
	// those of the system.
	JWKSCA string `json:"jwks_ca" label:"JWK Set 服务器 CA 证书" switch:"jwks_uri!==''"`
	// JWKSAllowHTTP lets JWKSURI be http to a host other than loopback. Default false: whoever can change the answer
	// on its way can make tokens.
	JWKSAllowHTTP bool `json:"jwks_allow_http" label:"允许 http 地址" switch:"jwks_uri!==''"`

	// Audience lists who the token may be for: one of them must be in "aud" (RFC 7519 §4.1.3). Default: any or none.
	Audience []string `json:"audience" label:"受众" description:"令牌的 aud 须含其中之一；为空则不校验"`
	// Leeway is how far clocks may differ, in seconds, 0 to 300. Default 0.
	Leeway int `json:"leeway" label:"时钟偏差（秒）" default:"0" minimum:"0" maximum:"300"`
	// MaxLifetime is the longest "exp" − "iat", in seconds; both are required then. Default 0: any.
	MaxLifetime int `json:"max_lifetime" label:"令牌最长有效期（秒）" default:"0" minimum:"0"`
	// TokenType must equal the header's "typ" (RFC 8725 §3.11), as "at+jwt" (RFC 9068). Default: any JWT type.
	TokenType string `json:"token_type" label:"令牌类型" description:"与令牌头的 typ 一致，如 at+jwt；为空则不限"`
	// RequiredClaims maps a path in the payload to its allowed values: the claim equals one, or is a list that holds
	// one; an empty list: it is there. Default: none.
	RequiredClaims ClaimValues `json:"required_claims" label:"必需声明"`
	// CookieName is a cookie that is looked at after the position. Default: none.
	CookieName string `json:"cookie_name" label:"Cookie 名称" description:"除 token 位置外，还从该 Cookie 读取令牌"`
	// ClaimsToLabels maps a path in the payload to a label of the request, for logs and strategies. Default: none.
	ClaimsToLabels map[string]string `json:"claims_to_labels" label:"声明转标签"`

	// Issue makes the gateway issue tokens under the rule. Default: it issues none.
	Issue *IssueConfig `json:"issue" label:"签发" description:"由网关签发令牌；为空则不签发"`

	decoded decoded `json:"-"`
}
