package diff

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"

	"apinto-jwt/test/corpus"
)

// settings are a rule of the corpus in the forms that verifiers take.
type settings struct {
	name   string
	config json.RawMessage // as the admin API takes it
	rule   *corpus.Rule    // ours
	fields struct {
		Algorithm      string   `json:"algorithm"`
		Issuer         string   `json:"iss"`
		Secret         string   `json:"secret"`
		IsBase64       bool     `json:"signature_is_base_64"`
		PublicKey      string   `json:"rsa_public_key"`
		Path           string   `json:"path"`
		ClaimsToVerify []string `json:"claims_to_verify"`
	}
	// keys are []byte, *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey.
	keys []any
	// own tells that the rule has a field, users, or the newer name of an algorithm, that are this project's own.
	own bool
}

// ownFields are fields that the builtin does not have.
var ownFields = []string{"audience", "leeway", "max_lifetime", "token_type", "required_claims", "jwks"}

// hasOwnField reports whether a configuration has one of them.
func hasOwnField(config []byte) bool {
	return slices.ContainsFunc(ownFields, func(field string) bool { return bytes.Contains(config, []byte(`"`+field+`"`)) })
}

// load reads the corpus's rules.
func load() (map[string]*settings, error) {
	list := make(map[string]*settings)
	for name, config := range corpus.Rules() {
		s := &settings{name: name, config: config}
		var err error
		if s.rule, err = corpus.Compile(name, config); err != nil {
			return nil, fmt.Errorf("rule %s: %w", name, err)
		}
		if err := json.Unmarshal(config, &s.fields); err != nil {
			return nil, fmt.Errorf("rule %s: %w", name, err)
		}
		if s.keys, err = s.parse(); err != nil {
			return nil, fmt.Errorf("rule %s: %w", name, err)
		}
		s.own = hasOwnField(config) || corpus.OwnUsers(name) || strings.Contains(s.fields.Algorithm, "Ed25519")
		list[name] = s
	}
	return list, nil
}

// parse reads the keys with the standard library.
func (s *settings) parse() ([]any, error) {
	if s.fields.Secret != "" {
		if !s.fields.IsBase64 {
			return []any{[]byte(s.fields.Secret)}, nil
		}
		text := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(s.fields.Secret, "="))
		secret, err := base64.RawStdEncoding.DecodeString(text)
		return []any{secret}, err
	}
	var list []any
	for rest := []byte(s.fields.PublicKey); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return list, nil
		}
		key, err := publicKey(block)
		if err != nil {
			return nil, err
		}
		list = append(list, key)
	}
}

func publicKey(block *pem.Block) (any, error) {
	switch block.Type {
	case "CERTIFICATE":
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		return certificate.PublicKey, nil
	case "RSA PUBLIC KEY":
		return x509.ParsePKCS1PublicKey(block.Bytes)
	}
	return x509.ParsePKIXPublicKey(block.Bytes)
}
