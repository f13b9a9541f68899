package rule

import (
	"fmt"
	"reflect"
	"strings"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/internal/printable"
	"apinto-jwt/keys"
)

// ClientKey is a user's "client_key": the keys by which a machine proves to be that user when it asks for a token of the
// gateway ("private_key_jwt", RFC 7523 §2.2). Its fields mean what those of a rule mean.
type ClientKey struct {
	// Algorithm is the one "alg" of the client's assertions; with a key set, one or more, separated by commas. None of the HS
	// algorithms.
	Algorithm string `json:"algorithm" label:"签名算法" enum:"RS256,RS384,RS512,ES256,ES384,ES512,PS256,PS384,PS512,EdDSA,Ed25519" required:"true"`
	// PublicKey holds public keys in PEM, one block after another.
	PublicKey string `json:"public_key" label:"公钥" description:"PEM 格式的公钥或证书，可多个"`
	// JWKS is a JWK Set (RFC 7517 §5), as JSON text or as the object itself. Default: none.
	JWKS keys.Secret `json:"jwks" label:"JWK Set"`
	// JWKSURI is the address of a key set that is fetched. Default: none.
	JWKSURI string `json:"jwks_uri" label:"JWK Set 地址"`
	// JWKSRefresh, JWKSMaxStale, JWKSCA and JWKSAllowHTTP are a rule's.
	JWKSRefresh   int    `json:"jwks_refresh" label:"JWK Set 刷新间隔（秒）" default:"600" minimum:"5" maximum:"86400" switch:"jwks_uri!==''"`
	JWKSMaxStale  int    `json:"jwks_max_stale" label:"JWK Set 最长沿用时间（秒）" default:"86400" minimum:"60" maximum:"2592000" switch:"jwks_uri!==''"`
	JWKSCA        string `json:"jwks_ca" label:"JWK Set 服务器 CA 证书" switch:"jwks_uri!==''"`
	JWKSAllowHTTP bool   `json:"jwks_allow_http" label:"允许 http 地址" switch:"jwks_uri!==''"`

	decoded configjson.Findings `json:"-"`
}

// UnmarshalJSON reads the object field by field. What is wrong with it is kept for ReadUsers.
func (k *ClientKey) UnmarshalJSON(text []byte) error {
	*k = ClientKey{}
	object := configjson.Object{
		Path: "config", Example: `, as {"algorithm":"ES256","public_key":"-----BEGIN PUBLIC KEY-----…"}`,
		Fields: configjson.Fields(reflect.ValueOf(k).Elem()), Adjust: lenient,
	}
	object.Read(text, &k.decoded)
	return nil
}

// compile reads the keys. Faults and warnings begin with the place, as "users[0].pattern.client_key".
func (k *ClientKey) compile(place string) (source *KeySource, faults, warnings []string) {
	var slips configjson.FieldErrors
	unknown := configjson.UnknownFields{Refused: &slips, Warnings: &warnings}
	unknown.Add(place, k.decoded.Unknown, configjson.FieldNames[ClientKey](), clientKeyNames)
	f, r := append(configjson.FieldErrors(nil), k.decoded.Errors...), new(Rule)
	cfg := &Config{
		Algorithm: k.Algorithm, RsaPublicKey: k.PublicKey, JWKS: k.JWKS, JWKSURI: k.JWKSURI, JWKSRefresh: k.JWKSRefresh,
		JWKSMaxStale: k.JWKSMaxStale, JWKSCA: k.JWKSCA, JWKSAllowHTTP: k.JWKSAllowHTTP,
	}
	switch name, unfit := unfitForClients(k.Algorithm); {
	case !unfit:
		source = compileKeys(cfg, r, &f)
	case !f.Has("config.algorithm") && !f.Has("config"):
		f.Add("config.algorithm", "%q is not one of %s: a client signs with a private key", printable.Text(name), fitForClients())
		fallthrough
	default:
		cfg.Algorithm = ""
		checkKeys(cfg, &f)
	}
	f = append(f, r.objections...)
	named := strings.NewReplacer("config.rsa_public_key", place+".public_key", "config.", place+".", "config:", place+":")
	faults = slips
	for _, fault := range f {
		faults = append(faults, named.Replace(fault))
	}
	for _, warning := range r.Warnings {
		warnings = append(warnings, named.Replace(warning))
	}
	if len(faults) > 0 {
		return nil, faults, warnings
	}
	return source, nil, warnings
}

// unfitForClients returns the first of the listed names that is no algorithm with key pairs; false if all are.
func unfitForClients(algorithms string) (string, bool) {
	for name := range strings.SplitSeq(algorithms, ",") {
		if a, err := keys.ParseAlgorithm(strings.TrimSpace(name)); err != nil || isSecret(a) {
			return name, true
		}
	}
	return "", false
}

// fitForClients lists the algorithms with key pairs.
func fitForClients() string {
	var names []string
	for _, a := range keys.KeyPairAlgorithms() {
		names = append(names, string(a))
	}
	return strings.Join(names, ", ")
}

// readClientKey reads the i-th user's client key. The user of a faulty one has none.
func (m *Users) readClientKey(i int, user *User) {
	if user.Pattern.ClientKey == nil {
		return
	}
	if name := user.Username(); name == "" || name == AnyUser {
		m.fault(i, "pattern.client_key", "belongs to one user: give its name in pattern.username")
		return
	}
	source, faults, warnings := user.Pattern.ClientKey.compile(fmt.Sprintf("users[%d].pattern.client_key", i))
	m.Faults = append(m.Faults, faults...)
	m.Warnings = append(m.Warnings, warnings...)
	if source != nil {
		m.ClientKeys[user.Username()] = source
	}
}
