package origin

import (
	"fmt"
	"net/url"
	"strings"

	"apinto-jwt/internal/strictjson"
)

// discoverySuffix ends the URL of a discovery document (OpenID Connect Discovery 1.0 §4).
const discoverySuffix = "/.well-known/openid-configuration"

// isDiscovery reports whether the document is a discovery document rather than a key set: by its URL, or because it has
// "jwks_uri" and "issuer" and not "keys".
func isDiscovery(u *url.URL, body []byte) bool {
	if strings.HasSuffix(u.Path, discoverySuffix) {
		return true
	}
	var document strictjson.Object
	if document.Parse(string(body)) != nil {
		return false
	}
	_, hasKeys := document.Find("keys")
	_, hasURI := document.Find("jwks_uri")
	_, hasIssuer := document.Find("issuer")
	return !hasKeys && hasURI && hasIssuer
}

// discovered is the content of a discovery document.
type discovered struct {
	issuer string   // "issuer", not compared yet
	keySet *url.URL // "jwks_uri"
}

// discover reads a discovery document (OpenID Connect Discovery 1.0 §3).
func discover(from *url.URL, body []byte, allowHTTP bool) (*discovered, error) {
	var document strictjson.Object
	if err := document.Parse(string(body)); err != nil {
		return nil, fmt.Errorf("%s: %w: it %w", Redact(from), ErrDiscovery, err)
	}
	issuer, ok := member(&document, "issuer")
	if !ok {
		return nil, fmt.Errorf(`%s: %w: "issuer" is not a string`, Redact(from), ErrDiscovery)
	}
	text, ok := member(&document, "jwks_uri")
	if !ok {
		return nil, fmt.Errorf(`%s: %w: "jwks_uri" is not a string`, Redact(from), ErrDiscovery)
	}
	u, err := CheckURL(text, allowHTTP)
	if err != nil {
		return nil, fmt.Errorf("%s: jwks_uri: %w", Redact(from), err)
	}
	if from.Scheme == "https" && u.Scheme == "http" && !allowHTTP {
		return nil, fmt.Errorf("%s: jwks_uri %w: it is on http, the document on https", Redact(from), ErrURL)
	}
	return &discovered{issuer: issuer, keySet: u}, nil
}

// member returns the value of a member that is a string.
func member(o *strictjson.Object, name string) (string, bool) {
	m, ok := o.Find(name)
	if !ok {
		return "", false
	}
	return strictjson.String(o.Raw(m))
}
