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

// compileRemote reads the source of a fetched key set. Nothing is fetched yet.
func compileRemote(cfg *Config, algorithms []keys.Algorithm, r *Rule, f *configjson.FieldErrors) *KeySource {
	c := remote.Config{
		URL:        strings.TrimSpace(cfg.JWKSURI),
		Issuer:     cfg.Iss,
		Algorithms: keys.NewAlgorithmSet(algorithms...),
		Refresh:    interval("jwks_refresh", cfg.JWKSRefresh, MinRefresh, MaxRefresh, f),
		MaxStale:   interval("jwks_max_stale", cfg.JWKSMaxStale, MinStale, MaxStale, f),
		AllowHTTP:  cfg.JWKSAllowHTTP,
		CA:         cfg.JWKSCA,
	}
	fields := map[string]string{"URL": "jwks_uri", "CA": "jwks_ca"}
	for _, fault := range c.Faults() {
		if field, ok := fields[fault.Field]; ok {
			f.Add("config."+field, "%s", fault.Err)
		}
	}
	if slices.ContainsFunc(algorithms, isSecret) && inClear(c) {
		r.objections.Add("config.jwks_uri", "is http to another host: the secrets of HS algorithms would be sent in clear; use https")
	}
	if c.AllowHTTP && strings.HasPrefix(strings.ToLower(c.URL), "http:") {
		r.Warnings = append(r.Warnings, "config.jwks_uri: is http: whoever can change the answer on its way can make tokens")
	}
	r.warnOfUnused(cfg)
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
