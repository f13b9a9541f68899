// Package resourceuri reads the identifiers of protected resources (RFC 8707 §2, RFC 9728 §1.2).
package resourceuri

import (
	"errors"
	"net/url"
	"strings"
)

// What can be wrong with an identifier.
var (
	ErrRelative = errors.New("is not an absolute URI, as https://api.example/orders (RFC 8707 §2)")
	ErrFragment = errors.New("has a fragment (#), which a resource must not have (RFC 8707 §2)")
)

// Check reports what keeps the text from naming a resource. The error is ErrRelative or ErrFragment.
func Check(text string) error {
	if strings.Contains(text, "#") {
		return ErrFragment
	}
	u, err := url.Parse(text)
	if err != nil || !u.IsAbs() || u.Opaque == "" && u.Host == "" || strings.ContainsFunc(text, notURI) {
		return ErrRelative
	}
	return nil
}

// notURI reports whether the character cannot stand in a URI (RFC 3986 §2).
func notURI(c rune) bool { return c <= ' ' || c >= 0x7f || strings.ContainsRune(`"<>\^{|}`+"`", c) }

// Canonical returns the spelling by which identifiers are compared: scheme and host in lower case, and the empty path
// of http and https as "/" (RFC 3986 §6.2.2.1, §6.2.3). Many clients write an origin with that slash. What fails Check
// is returned as it is.
func Canonical(text string) string {
	if Check(text) != nil {
		return text
	}
	u, _ := url.Parse(text)
	scheme, rest, _ := strings.Cut(text, ":")
	scheme = strings.ToLower(scheme)
	if u.Opaque != "" {
		return scheme + ":" + rest
	}
	authority, path := rest[len("//"):], ""
	if i := strings.IndexAny(authority, "/?"); i >= 0 {
		authority, path = authority[:i], authority[i:]
	}
	user, host := "", authority
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		user, host = authority[:i+1], authority[i+1:]
	}
	if (scheme == "http" || scheme == "https") && !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return scheme + "://" + user + strings.ToLower(host) + path
}
