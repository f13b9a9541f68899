package rule

import (
	"reflect"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/keys"
)

// IssueConfig is a rule's "issue": how the gateway makes tokens of its own under the rule. Without it, it makes none.
type IssueConfig struct {
	// PrivateKey signs, in PEM; its public half must be one of the rule's keys. Not for HS algorithms: the rule's secret
	// signs then.
	PrivateKey keys.Secret `json:"private_key" label:"私钥" description:"PEM 格式私钥，用于签发令牌；HS 算法使用规则的密钥"`
	// KeyID is the tokens' "kid". Default: the key's ID in the rule's key set, or else the JWK thumbprint (RFC 7638) of
	// a public key; none for a secret.
	KeyID string `json:"kid" label:"密钥 ID"`
	// AccessTTL is how long a token lives, in seconds, 10 to 86400. Default 900.
	AccessTTL int `json:"access_ttl" label:"访问令牌有效期（秒）" default:"900" minimum:"10" maximum:"86400"`
	// RefreshTTL is how long a refresh token lives, in seconds, up to a year; 0: none are given. Default 1209600, 14 days.
	RefreshTTL int `json:"refresh_ttl" label:"刷新令牌有效期（秒）" default:"1209600" minimum:"0" maximum:"31536000"`
	// Audience is the tokens' "aud". Default: the rule's audience, or else the application's name.
	Audience []string `json:"audience" label:"受众"`
	// Resources are the resources that clients may ask for with "resource" (RFC 8707), absolute URIs; those that one asks
	// for are the token's "aud". Default: what is in the tokens' audience.
	Resources []string `json:"resources,omitempty" label:"可请求的资源" description:"客户端可用 resource 参数请求的资源（RFC 8707），绝对 URI"`
	// Store is the ID of a Redis output ("sessions@output") that the sessions, revocations and counters of the rule's
	// tokens are in. Every worker that has the rule asks it, whether or not there are endpoints. Default: the endpoints'
	// "cache".
	Store string `json:"store" label:"存储" description:"Redis 输出的 ID，保存会话与吊销；为空则使用端点的 cache"`
	// Claims are further claims of every token, as {"scope":"read"}. Of a text "scope" a client may ask for a part. Default: none.
	Claims map[string]any `json:"claims" label:"附加声明"`

	decoded decoded `json:"-"`
}

// The bounds and defaults of "issue", in seconds.
const (
	defaultAccessTTL  = 900
	minAccessTTL      = 10
	maxAccessTTL      = 24 * 3600
	defaultRefreshTTL = 14 * 24 * 3600
	maxRefreshTTL     = 365 * 24 * 3600
)

// UnmarshalJSON reads the object field by field, as the rule's own is read.
func (i *IssueConfig) UnmarshalJSON(text []byte) error {
	*i = IssueConfig{AccessTTL: defaultAccessTTL, RefreshTTL: defaultRefreshTTL}
	object := configjson.Object{
		Path: "config.issue", Example: ", as in {\"access_ttl\":900,…}",
		Fields: configjson.Fields(reflect.ValueOf(i).Elem()), Adjust: lenient,
	}
	object.Read(text, &i.decoded.Findings)
	return nil
}
