package resource

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"apinto-jwt/internal/loopback"
)

// wellKnown is the path at which a resource's metadata stands, before the resource's own (RFC 9728 §3.1).
const wellKnown = "/.well-known/oauth-protected-resource"

// URI is a resource identifier (RFC 9728 §1.2): scheme and host are in lower case.
type URI struct{ url *url.URL }

// ParseURI reads a resource identifier: an absolute URI without query and fragment, https or of a loopback host. Any other
// is an error that says what to write.
func ParseURI(text string) (URI, error) {
	u, err := parse(text)
	if err != nil {
		return URI{}, err
	}
	return URI{u}, nil
}

// ParseIssuer reads the issuer identifier of an authorization server (RFC 8414 §2). The demands are those of a resource.
// It is returned as it is written: clients compare it so.
func ParseIssuer(text string) (string, error) {
	_, err := parse(text)
	return text, err
}

// parse reads an absolute URI.
func parse(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c >= 0x7f }):
		return nil, errors.New(`is not a URI, as "https://api.example.com/mcp"`)
	case !u.IsAbs():
		return nil, errors.New(`is relative: write scheme and host too, as "https://api.example.com/mcp"`)
	case u.Opaque != "" || u.Hostname() == "":
		return nil, errors.New(`has no host, as "https://api.example.com/mcp" has`)
	case !validPort(u.Port()):
		return nil, errors.New("has a port that is not 1 to 65535")
	case u.User != nil:
		return nil, errors.New("has a user name: leave it out")
	case strings.Contains(text, "#"):
		return nil, errors.New("has a fragment (RFC 9728 §1.2): leave out what begins with #")
	case strings.Contains(text, "?"):
		return nil, errors.New("has a query: leave out what begins with ?")
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == "." || segment == ".." {
			return nil, errors.New("has a segment . or .. in its path, which clients take out before they ask: leave it out")
		}
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch {
	case u.Scheme == "https", u.Scheme == "http" && loopback.Host(u.Hostname()):
		return u, nil
	case u.Scheme == "http":
		return nil, errors.New("is http: write https (http is for loopback hosts, as http://127.0.0.1:8099/mcp)")
	}
	return nil, errors.New("must begin with https://")
}

// validPort reports whether the port is one of TCP's, or left out.
func validPort(text string) bool {
	number, err := strconv.ParseUint(text, 10, 16)
	return text == "" || err == nil && number > 0
}

// String returns the identifier.
func (u URI) String() string { return u.url.String() }

// Metadata returns where the metadata stands (RFC 9728 §3.1): the well-known path goes between host and path.
func (u URI) Metadata() string {
	at := *u.url
	at.Path, at.RawPath = wellKnown+u.path(), ""
	if u.url.RawPath != "" {
		at.RawPath = wellKnown + u.url.RawPath
	}
	return at.String()
}

// Audiences are the values that name the resource in a token's "aud" (RFC 8707 §2). An empty path and "/" are the same
// (RFC 3986 §6.2.3), and clients write both.
func (u URI) Audiences() []string {
	if u.path() != "" {
		return []string{u.String()}
	}
	bare := strings.TrimSuffix(u.String(), "/")
	return []string{bare, bare + "/"}
}

// path returns the resource's path; empty for "/".
func (u URI) path() string {
	if u.url.Path == "/" {
		return ""
	}
	return u.url.Path
}

// at reports whether the host of a request is the resource's. The default port may be left out.
func (u URI) at(host string) bool {
	port := map[string]string{"https": ":443", "http": ":80"}[u.url.Scheme]
	return strings.TrimSuffix(strings.ToLower(host), port) == strings.TrimSuffix(u.url.Host, port)
}
