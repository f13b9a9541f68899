package rule

import (
	"fmt"
	"slices"
	"strings"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/keys"
)

// compileKeys reads the source of the keys and binds them to the algorithms. Without an algorithm that is one, what can
// be wrong with the keys by themselves is reported all the same.
func compileKeys(cfg *Config, r *Rule, f *configjson.FieldErrors) *KeySource {
	algorithms, ok := compileAlgorithms(cfg, f)
	uri, field := cfg.keySetURI()
	if cfg.JWKS != "" && field != "" {
		f.Add("config.jwks", "cannot stand beside config.jwks_uri; give one of them")
	}
	var s *KeySource
	if cfg.JWKS != "" {
		s = compileKeySet(cfg, algorithms, r, f)
	}
	if field != "" {
		s = compileRemote(cfg, uri, field, algorithms, r, f)
	}
	switch {
	case cfg.hasKeySet():
		return s
	case !ok:
		checkKeys(cfg, f)
		return nil
	case algorithms[0].Kind() == keys.KindSecret:
		return compileSecret(cfg, algorithms[0], r, f)
	}
	return compilePublicKeys(cfg, algorithms, f)
}

// checkKeys looks at the secret and the public keys that are given without an algorithm to use them for. What begins as
// another family's name has no use for them.
func checkKeys(cfg *Config, f *configjson.FieldErrors) {
	family := strings.ToUpper(cfg.Algorithm)
	asymmetric := strings.HasPrefix(family, "RS") || strings.HasPrefix(family, "PS") || strings.HasPrefix(family, "ES") || strings.HasPrefix(family, "ED")
	if cfg.Secret != "" && !asymmetric {
		if _, err := cfg.Secret.Bytes(cfg.SignatureIsBase64); err != nil {
			f.Add("config.secret", "%s", err)
		}
	}
	if cfg.RsaPublicKey != "" && !strings.HasPrefix(family, "HS") {
		if _, err := keys.ParsePublicPEM(cfg.RsaPublicKey); err != nil {
			f.Add("config.rsa_public_key", "%s", err)
		}
	}
}

// compileAlgorithms reads the one algorithm, or with a key set the several. Without a key set the several may be the two
// names of an Ed25519 signature (RFC 9864 §2.2). Beside false they are all that there are.
func compileAlgorithms(cfg *Config, f *configjson.FieldErrors) ([]keys.Algorithm, bool) {
	names := []string{cfg.Algorithm}
	if several := strings.Split(cfg.Algorithm, ","); cfg.hasKeySet() || !slices.ContainsFunc(several, notEd25519) {
		names = several
	}
	list := make([]keys.Algorithm, 0, len(names))
	for _, name := range names {
		if len(names) > 1 {
			name = strings.TrimSpace(name)
		}
		algorithm, err := keys.ParseAlgorithm(name)
		if err != nil {
			f.Add("config.algorithm", "%s", err)
			continue
		}
		list = append(list, algorithm)
	}
	if len(list) < len(names) {
		return keys.Algorithms(), false
	}
	return list, true
}

// notEd25519 reports whether a name in a list is of neither algorithm that makes Ed25519 signatures.
func notEd25519(name string) bool {
	return keys.Algorithm(strings.TrimSpace(name)).Kind() != keys.KindOKP
}

// compileSecret makes the HMAC key.
func compileSecret(cfg *Config, algorithm keys.Algorithm, r *Rule, f *configjson.FieldErrors) *KeySource {
	secret, err := cfg.Secret.Bytes(cfg.SignatureIsBase64)
	if err != nil {
		f.Add("config.secret", "%s; %s needs the secret that its tokens are signed with", err, algorithm)
		return nil
	}
	key, err := keys.NewSecretKey("", secret, algorithm)
	if err != nil {
		f.Add("config.secret", "%s", err)
		return nil
	}
	if need := algorithm.Hash().Size() * 8; key.SecretBits() < need {
		r.Warnings = append(r.Warnings, fmt.Sprintf(
			"config.secret: is %d bits long, %s should have at least %d (RFC 7518 §3.2)", key.SecretBits(), algorithm, need))
	}
	return StaticKeys(keys.NewSet(key))
}

// compilePublicKeys makes the keys of a PEM text.
func compilePublicKeys(cfg *Config, algorithms []keys.Algorithm, f *configjson.FieldErrors) *KeySource {
	public, err := keys.ParsePublicPEM(cfg.RsaPublicKey)
	if err != nil {
		f.Add("config.rsa_public_key", "%s; %s needs a public key in PEM (-----BEGIN PUBLIC KEY-----)", err, keys.NewAlgorithmSet(algorithms...))
		return nil
	}
	list := make([]*keys.Key, 0, len(public))
	for i, p := range public {
		key, err := keys.NewPublicKey("", p, algorithms...)
		if err != nil {
			f.Add("config.rsa_public_key", "block %d: %s", i+1, err)
			continue
		}
		list = append(list, key)
	}
	return StaticKeys(keys.NewSet(list...))
}

// compileKeySet reads an inline JWK Set.
func compileKeySet(cfg *Config, algorithms []keys.Algorithm, r *Rule, f *configjson.FieldErrors) *KeySource {
	options := keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(algorithms...), Strict: true}
	set, warnings, err := keys.ParseJWKS([]byte(cfg.JWKS.Reveal()), options)
	if err != nil {
		f.Add("config.jwks", "%s", err)
		return nil
	}
	for _, warning := range warnings {
		r.Warnings = append(r.Warnings, "config.jwks: "+warning)
	}
	r.warnOfUnused(cfg, "jwks")
	s := StaticKeys(set)
	s.HasIDs = true
	return s
}

// warnOfUnused notes key material that a key set takes the place of, other than the field that has the set's URL.
func (r *Rule) warnOfUnused(cfg *Config, used string) {
	for _, field := range []struct {
		name  string
		given bool
	}{{"secret", cfg.Secret != ""}, {"rsa_public_key", cfg.RsaPublicKey != ""}} {
		if field.given && field.name != used {
			r.Warnings = append(r.Warnings, fmt.Sprintf("config.%s: has no effect beside a key set", field.name))
		}
	}
}
