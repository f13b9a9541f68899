package origin

import (
	"net/url"

	"apinto-jwt/internal/loopback"
)

// Provenance is whose word vouches for a set, and how that word came.
type Provenance struct {
	// Issuer of the discovery document that led to the set; empty if there was none.
	Issuer string
	// HTTP is set if a part of the way lacked TLS: only users who allow http may use the set.
	HTTP bool
}

// insecure reports whether a way over these URLs is for those alone who allow http.
func insecure(way ...*url.URL) bool {
	protected := false // TLS so far
	for _, u := range way {
		if u.Scheme == "http" && (protected || !loopback.Host(u.Hostname())) {
			return true
		}
		protected = protected || u.Scheme == "https"
	}
	return false
}
