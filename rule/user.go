package rule

import (
	"encoding/json"
	"reflect"
	"strings"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/keys"
)

// User is one entry of the "users" list: whom a token may name.
type User struct {
	Pattern Pattern `json:"pattern" label:"用户信息"`
	// Labels are those of the user's requests.
	Labels map[string]string `json:"labels" label:"用户标签"`
	// Expire is when the user ends, in seconds since 1970. 0: never.
	Expire int64 `json:"expire" label:"过期时间" format:"date-time"`
	// HideCredential removes the token from the request that goes to the upstream. Default false.
	HideCredential bool `json:"hide_credential" label:"是否隐藏证书"`

	decoded configjson.Findings `json:"-"`
	named   bool                `json:"-"` // The pattern has a username, be it empty.
}

// Pattern is how a user is recognised.
type Pattern struct {
	// Username must equal the name that the rule's path finds in the token. AnyUser, or nothing: any name that is not listed.
	Username string `json:"username" label:"用户名" required:"true" description:"与令牌中的用户名一致；* 表示任何用户"`
	// Password is the bcrypt hash of the password with which the user gets tokens of the gateway ("jwtctl password" makes
	// it). Default: the user gets none.
	Password keys.Secret `json:"password" label:"密码哈希" description:"bcrypt 哈希，由 jwtctl password 生成；仅用于由网关签发令牌"`
	// ClientKey has the keys with which a machine gets tokens of the gateway as this user (RFC 7523). Default: it gets none.
	ClientKey *ClientKey `json:"client_key" label:"客户端密钥" description:"private_key_jwt（RFC 7523）的公钥；仅用于由网关签发令牌"`
}

// Username returns the name that a token must give. The host asks for it.
func (u *User) Username() string { return u.Pattern.Username }

// UnmarshalJSON reads a user field by field, as a rule is read.
func (u *User) UnmarshalJSON(text []byte) error {
	*u = User{}
	pattern := json.RawMessage("{}")
	object := configjson.Object{Fields: map[string]reflect.Value{
		"pattern": reflect.ValueOf(&pattern).Elem(),
		"labels":  reflect.ValueOf(&u.Labels).Elem(), "expire": reflect.ValueOf(&u.Expire).Elem(), "hide_credential": reflect.ValueOf(&u.HideCredential).Elem(),
	}}
	object.Read(text, &u.decoded)
	if string(pattern) != "null" {
		u.readPattern(pattern)
	}
	return nil
}

// readPattern reads a user's pattern. It takes a password of any type: the builtin, which knows none, has stored it as it
// came, and what is no text is no hash.
func (u *User) readPattern(text []byte) {
	var password json.RawMessage
	object := configjson.Object{Path: "pattern", Fields: configjson.Fields(reflect.ValueOf(&u.Pattern).Elem())}
	object.Fields["password"] = reflect.ValueOf(&password).Elem()
	var found configjson.Findings
	object.Read(text, &found)
	u.decoded.Errors = append(u.decoded.Errors, found.Errors...)
	var members map[string]json.RawMessage
	_ = json.Unmarshal(text, &members) // what is no object is among the errors
	for name := range members {
		u.named = u.named || strings.EqualFold(name, "username")
	}
	for _, name := range found.Unknown {
		u.decoded.Unknown = append(u.decoded.Unknown, "pattern."+name)
	}
	if len(password) > 0 && json.Unmarshal(password, &u.Pattern.Password) != nil {
		u.Pattern.Password = keys.Secret(password)
	}
}
