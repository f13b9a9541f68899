// Package origin fetches one JWK Set (RFC 7517 §5) over HTTP: from the URL that is configured, by way of an OpenID Connect
// discovery document if the URL leads to one, to the set or the reason why there is none. It schedules nothing and keeps no set.
package origin
