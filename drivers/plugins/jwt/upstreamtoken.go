package jwt

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"apinto-jwt/drivers/plugins/jwt/internal/upstreamtoken"
	"apinto-jwt/internal/configjson"
	"apinto-jwt/issuer"
	"apinto-jwt/keys"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// UpstreamToken is the filter's "upstream_token": a token of the gateway's own by which the upstream can verify who is asking.
type UpstreamToken struct {
	// Header carries the token: "Authorization", behind "Bearer", or another one, which has the token alone. The client's own
	// header of that name is removed from every request. Default "Authorization".
	Header string `json:"header" label:"请求头" default:"Authorization" description:"Authorization 以 Bearer 方式携带；客户端自带的同名请求头总会被移除"`
	// PrivateKey signs, in PEM. Its public half is published by the endpoint "jwks" under its JWK thumbprint (RFC 7638).
	PrivateKey keys.Secret `json:"private_key" label:"私钥" description:"PEM 格式私钥；公钥由 jwks 端点发布"`
	// Algorithm is that of the signature. Default: RS256 for an RSA key, the one of the curve for any other.
	Algorithm string `json:"algorithm" label:"签名算法" description:"缺省时由密钥决定：RSA 为 RS256"`
	// Issuer is "iss": the gateway, as the upstream knows it.
	Issuer string `json:"issuer" label:"签发者"`
	// Audience is "aud": the upstream.
	Audience []string `json:"audience" label:"受众" description:"上游服务的标识"`
	// TTL is how long a token lives, in seconds, 10 to 3600; it never outlives the client's. Default 60.
	TTL int `json:"ttl" label:"有效期（秒）" default:"60" minimum:"10" maximum:"3600" description:"不会晚于客户端令牌到期"`
	// Claims maps a claim of the token to a path in the client's payload, as {"tenant":"$.tenant"}. "sub" is the user's name if
	// it is not here. Default: none.
	Claims map[string]string `json:"claims" label:"声明" description:"声明名称对应客户端令牌载荷中的路径"`

	found configjson.Findings `json:"-"`
}

// The header that carries a token by default, and the bounds of its life in seconds.
const (
	authorization      = "Authorization"
	defaultUpstreamTTL = 60
	minUpstreamTTL     = 10
	maxUpstreamTTL     = 3600
)

// upstreamField is the name of the object in faults.
const upstreamField = "upstream_token"

// UnmarshalJSON reads the object field by field, as the filter's own is read.
func (u *UpstreamToken) UnmarshalJSON(text []byte) error {
	*u = UpstreamToken{Header: authorization, TTL: defaultUpstreamTTL}
	object := configjson.Object{
		Path: upstreamField, Example: `, as in {"issuer":"https://gateway.example","audience":"orders","private_key":"…"}`, Exact: true, Adjust: lenient,
		Fields: configjson.Fields(reflect.ValueOf(u).Elem()), Types: map[string]string{"claims": "an object of strings"},
	}
	object.Read(text, &u.found)
	for _, name := range u.found.Unknown {
		u.found.Errors.Add(upstreamField+"."+name, "is not a field of %s, which has %s", upstreamField, strings.Join(configjson.FieldNames[UpstreamToken](), ", "))
	}
	return nil
}

// compileUpstreamToken reads how the upstream's tokens are made, and adds their header to those that the policy owns.
func compileUpstreamToken(config *Config, p *policy, f *configjson.FieldErrors) {
	u := config.UpstreamToken
	if u == nil {
		return
	}
	before := len(*f)
	*f = append(*f, u.found.Errors...)
	p.upstream.ownToken(upstreamField+".header", u.Header, f)
	terms := upstreamtoken.Terms{
		Key: u.key(f), Issuer: u.Issuer, Audience: u.Audience, Lifetime: time.Duration(u.TTL) * time.Second, Claims: u.claims(f), MaxLength: maxHeaderValue,
	}
	if p.upstream.tokenHeader() == authorization {
		terms.Prefix = "Bearer "
	}
	if u.Issuer == "" && !u.found.Errors.Has(upstreamField+".issuer") {
		f.Add(upstreamField+".issuer", "is missing: tokens must name their issuer (RFC 9068 §2.2): give one, as https://gateway.example")
	}
	if len(u.Audience) == 0 && !u.found.Errors.Has(upstreamField+".audience") {
		f.Add(upstreamField+".audience", "is missing: a token must name the upstream that it is for (RFC 9068 §2.2), or any other that gets it can use it")
	}
	compileTexts(upstreamField+".audience", u.Audience, f)
	if u.TTL < minUpstreamTTL || u.TTL > maxUpstreamTTL {
		f.Add(upstreamField+".ttl", "must be %d to %d seconds", minUpstreamTTL, maxUpstreamTTL)
	}
	if len(*f) == before {
		p.minter = upstreamtoken.NewMinter(terms)
	}
}

// key reads the key that signs. Its ID is its thumbprint, so that no two keys have the same one.
func (u *UpstreamToken) key(f *configjson.FieldErrors) *issuer.SigningKey {
	algorithms := []keys.Algorithm{keys.RS256, keys.ES256, keys.ES384, keys.ES512, keys.EdDSA}
	if u.Algorithm != "" {
		algorithm, err := keys.ParseAlgorithm(u.Algorithm)
		switch {
		case err != nil:
			f.Add(upstreamField+".algorithm", "%s", err)
		case algorithm.Kind() == keys.KindSecret:
			f.Add(upstreamField+".algorithm", "%s signs with a secret, by which the upstream could make tokens too: choose one with a key pair, as ES256", algorithm)
		default:
			algorithms = []keys.Algorithm{algorithm}
		}
	}
	if u.PrivateKey == "" {
		if !u.found.Errors.Has(upstreamField + ".private_key") {
			f.Add(upstreamField+".private_key", "is missing: give a private key in PEM (-----BEGIN PRIVATE KEY-----)")
		}
		return nil
	}
	key, err := rule.PrivateKey(u.PrivateKey, algorithms, func(k *issuer.SigningKey) string { return k.Verifier().JWKThumbprint() })
	if err != nil {
		f.Add(upstreamField+".private_key", "%s", err)
	}
	return key
}

// claims reads the claims that are taken from the client's token, in the order of their names.
func (u *UpstreamToken) claims(f *configjson.FieldErrors) []upstreamtoken.Claim {
	list := make([]upstreamtoken.Claim, 0, len(u.Claims))
	for _, name := range slices.Sorted(maps.Keys(u.Claims)) {
		field := member(upstreamField+".claims", name)
		switch {
		case name == "":
			f.Add(field, "has no name")
		case upstreamtoken.Reserved(name):
			f.Add(field, "is set by the gateway: choose another name")
		}
		path, err := token.ParsePath(u.Claims[name])
		if err != nil {
			f.Add(field, "%s", err)
		}
		list = append(list, upstreamtoken.Claim{Name: name, Path: path})
	}
	return list
}
