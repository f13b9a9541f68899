package jwt

import (
	"github.com/eolinker/apinto/application"

	"apinto-jwt/keys"
)

// Config is one entry of type "jwt" in an application's "auth" list, as the admin API takes it. The dashboard's form is
// drawn from it.
type Config struct {
	application.Auth
	Config *Rule   `json:"config" label:"JWT配置"`
	Users  []*User `json:"users" label:"用户列表"`
}

// Rule is the entry's "config": what a token must be to count for the application. Names and types are those of the
// builtin driver, so that every stored configuration can be read; what the fields mean is written in the README.
type Rule struct {
	// Iss must equal the token's "iss" (RFC 7519 §4.1.1). Empty: any issuer or none. It is also the user's name where
	// Path is empty.
	Iss string `json:"iss" label:"签发机构" description:"与令牌的 iss 完全一致；为空则不校验"`
	// Algorithm is the one "alg" that is accepted (RFC 7518 §3.1, RFC 8037 §3.1).
	Algorithm string `json:"algorithm" label:"签名算法" enum:"HS256,HS384,HS512,RS256,RS384,RS512,ES256,ES384,ES512,PS256,PS384,PS512,EdDSA" required:"true"`
	// Secret is the shared secret of the HS algorithms.
	Secret keys.Secret `json:"secret" label:"密钥" switch:"algorithm==='HS256'||algorithm==='HS384'||algorithm==='HS512'"`
	// RsaPublicKey holds the public keys of all other algorithms in PEM, one block after another.
	RsaPublicKey string `json:"rsa_public_key" label:"RSA公钥" description:"PEM 格式的公钥或证书（RSA、EC、Ed25519），可多个" switch:"algorithm!=='HS256'&&algorithm!=='HS384'&&algorithm!=='HS512'"`
	// Path is where the user's name is in the payload: JSONPath, or a gjson path. Empty: Iss is the user's name.
	Path string `json:"path" label:"用户名JsonPath"`
	// ClaimsToVerify lists which of "exp" and "nbf" must be there and hold. Null: each is honoured where it is there.
	// Empty list: neither is looked at.
	ClaimsToVerify []string `json:"claims_to_verify" label:"检验字段" enum:"exp,nbf"`
	// SignatureIsBase64 says that Secret is base64.
	SignatureIsBase64 bool `json:"signature_is_base_64" label:"签名是否base64加密" switch:"algorithm==='HS256'||algorithm==='HS384'||algorithm==='HS512'"`

	decoded decoded `json:"-"`
}

// User is one entry of the "users" list: whom a token may name.
type User struct {
	Pattern Pattern `json:"pattern" label:"用户信息"`
	application.User
}

// Pattern is how a user is recognised.
type Pattern struct {
	// Username must equal the name that the rule's path finds in the token.
	Username string `json:"username" label:"用户名" required:"true"`
}

// Username is the name that a token must give. It implements application.IUser.
func (u *User) Username() string { return u.Pattern.Username }

var _ application.IUser = (*User)(nil)
