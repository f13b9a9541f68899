package rule

import (
	"errors"

	"apinto-jwt/internal/configjson"
	signing "apinto-jwt/issuer"
	"apinto-jwt/keys"
)

// compileSigningKey reads the key that signs.
func compileSigningKey(cfg *Config, r *Rule, f *configjson.FieldErrors) *signing.SigningKey {
	var known configjson.FieldErrors // reported with the rule's own fields
	algorithms, ok := compileAlgorithms(cfg, &known)
	_, field := cfg.keySetURI()
	switch {
	case field != "":
		f.Add("config.issue", "cannot stand beside config.%s: whether its keys accept the tokens is not known when the rule is saved", field)
	case !ok:
		if _, err := signing.ParsePrivatePEM(cfg.Issue.PrivateKey); cfg.Issue.PrivateKey != "" && err != nil {
			f.Add("config.issue.private_key", "%s", err)
		}
	case cfg.JWKS == "" && algorithms[0].Kind() == keys.KindSecret:
		return compileSigningSecret(cfg, algorithms[0], f)
	case cfg.Issue.PrivateKey == "":
		f.Add("config.issue.private_key", "is missing: %s signs with a private key in PEM (-----BEGIN PRIVATE KEY-----)", cfg.Algorithm)
	default:
		return compilePrivateKey(cfg, algorithms, r, f)
	}
	return nil
}

// compileSigningSecret makes the rule's secret the key.
func compileSigningSecret(cfg *Config, algorithm keys.Algorithm, f *configjson.FieldErrors) *signing.SigningKey {
	if cfg.Issue.PrivateKey != "" {
		f.Add("config.issue.private_key", "must not be given for %s: config.secret signs", algorithm)
		return nil
	}
	secret, err := cfg.Secret.Bytes(cfg.SignatureIsBase64)
	if err != nil {
		return nil // a fault of config.secret
	}
	key, err := signing.NewSecretKey(cfg.Issue.KeyID, secret, algorithm)
	if err != nil {
		f.Add("config.secret", "%s", err)
	}
	return key
}

// compilePrivateKey reads the private key, for the first of the algorithms that it fits.
func compilePrivateKey(cfg *Config, algorithms []keys.Algorithm, r *Rule, f *configjson.FieldErrors) *signing.SigningKey {
	key, err := PrivateKey(cfg.Issue.PrivateKey, algorithms, func(key *signing.SigningKey) string { return ownKeyID(cfg, key, r) })
	if err != nil {
		f.Add("config.issue.private_key", "%s", err)
	}
	return key
}

// PrivateKey reads a private key in PEM, for the first of the algorithms that it fits. Id returns the ID that it gets. The error
// shows nothing of the key.
func PrivateKey(text keys.Secret, algorithms []keys.Algorithm, id func(*signing.SigningKey) string) (*signing.SigningKey, error) {
	private, err := signing.ParsePrivatePEM(text)
	if err != nil {
		return nil, err
	}
	var failed error
	for _, algorithm := range algorithms {
		key, err := signing.NewPrivateKey("", private, algorithm)
		if err == nil {
			key, err = signing.NewPrivateKey(id(key), private, algorithm)
		}
		if err == nil {
			return key, nil
		}
		if failed == nil || !errors.Is(err, keys.ErrKeyMismatch) { // what is wrong with the key itself says more
			failed = err
		}
	}
	return nil, failed
}

// ownKeyID returns the ID that tokens signed with the key carry.
func ownKeyID(cfg *Config, key *signing.SigningKey, r *Rule) string {
	if cfg.Issue.KeyID != "" || r.Keys == nil {
		return cfg.Issue.KeyID
	}
	for _, k := range r.Keys.Set.Keys() {
		if k.Thumbprint() == key.Verifier().Thumbprint() && (k.ID() != "" || r.Keys.HasIDs) {
			return k.ID()
		}
	}
	return key.Verifier().JWKThumbprint()
}
