package rule

import (
	"slices"
	"strings"
	"time"

	"apinto-jwt/internal/configjson"
	"apinto-jwt/keys"
	"apinto-jwt/keys/remote"
)

// The bounds of jwks_refresh and jwks_max_stale, in seconds.
const (
	MinRefresh = 5
	MaxRefresh = 24 * 3600
	MinStale   = 60
	MaxStale   = 30 * 24 * 3600
)

// keySetURI returns the URL of the key set that is fetched, and the field that has it; empty if none is. A URL as
// rsa_public_key is taken as jwks_uri: interfaces that know the builtin's fields alone have no other place for it.
func (c *Config) keySetURI() (uri, field string) {
	if c.JWKSURI != "" {
		return strings.TrimSpace(c.JWKSURI), "jwks_uri"
	}
	uri = strings.TrimSpace(c.RsaPublicKey)
	scheme, _, found := strings.Cut(strings.ToLower(uri), "://")
	if c.JWKS != "" || !found || scheme != "https" && scheme != "http" || strings.ContainsAny(uri, "\n ") || allSecret(c.Algorithm) {
		return "", ""
	}
	return uri, "rsa_public_key"
}

// hasKeySet reports whether the keys are those of a key set, given or fetched.
func (c *Config) hasKeySet() bool {
	_, field := c.keySetURI()
	return c.JWKS != "" || field != ""
}

// allSecret reports whether the algorithms of a list have shared secrets: they have no use for rsa_public_key.
func allSecret(algorithms string) bool {
	for _, name := range strings.Split(algorithms, ",") {
		if keys.Algorithm(strings.TrimSpace(name)).Kind() != keys.KindSecret {
			return false
		}
	}
	return true
}

// compileRemote reads the source of a fetched key set, of the field that has its URL. Nothing is fetched yet.
func compileRemote(cfg *Config, uri, field string, algorithms []keys.Algorithm, r *Rule, f *configjson.FieldErrors) *KeySource {
	c := remote.Config{
		URL:        uri,
		Issuer:     cfg.Iss,
		Algorithms: keys.NewAlgorithmSet(algorithms...),
		Refresh:    interval("jwks_refresh", cfg.JWKSRefresh, MinRefresh, MaxRefresh, f),
		MaxStale:   interval("jwks_max_stale", cfg.JWKSMaxStale, MinStale, MaxStale, f),
		AllowHTTP:  cfg.JWKSAllowHTTP,
		CA:         cfg.JWKSCA,
	}
	fields := map[string]string{"URL": field, "CA": "jwks_ca"}
	for _, fault := range c.Faults() {
		if field, ok := fields[fault.Field]; ok {
			f.Add("config."+field, "%s", fault.Err)
		}
	}
	if slices.ContainsFunc(algorithms, isSecret) && inClear(c) {
		r.objections.Add("config."+field, "is http to another host: the secrets of HS algorithms would be sent in clear; use https")
	}
	if c.AllowHTTP && strings.HasPrefix(strings.ToLower(c.URL), "http:") {
		r.Warnings = append(r.Warnings, "config."+field+": is http: whoever can change the answer on its way can make tokens")
	}
	r.warnOfUnused(cfg, field)
	return RemoteKeys(c)
}

// isSecret reports whether an algorithm's key is a secret.
func isSecret(algorithm keys.Algorithm) bool { return algorithm.Kind() == keys.KindSecret }

// inClear reports whether the key set comes by http from another host: what AllowHTTP alone allows.
func inClear(c remote.Config) bool {
	strict := c
	strict.AllowHTTP = false
	return len(strict.Faults()) > len(c.Faults())
}

// interval reads a number of seconds; 0 is the default.
func interval(field string, n, least, most int, f *configjson.FieldErrors) time.Duration {
	if n != 0 && (n < least || n > most) {
		f.Add("config."+field, "must be %d to %d seconds", least, most)
		return 0
	}
	return time.Duration(n) * time.Second
}
