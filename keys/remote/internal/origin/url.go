package origin

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"apinto-jwt/internal/loopback"
)

// MaxURL is the longest URL that is used, in bytes.
const MaxURL = 2048

// CheckURL reads a URL that may be fetched: https, or http to loopback, or http to any host if that is allowed. It resolves no
// host name to see whether that is loopback, as what names resolve to changes; "localhost" is. Errors wrap ErrURL.
func CheckURL(text string, allowHTTP bool) (*url.URL, error) {
	if text == "" || len(text) > MaxURL {
		return nil, fmt.Errorf("the URL %w: it is empty or longer than %d bytes", ErrURL, MaxURL)
	}
	u, err := url.Parse(text)
	if err != nil { // the error of url.Parse would show the text, which may have a password
		return nil, fmt.Errorf("the URL %w: it cannot be read", ErrURL)
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("the URL %w: its scheme must be https", ErrURL)
	case u.Hostname() == "" || u.Opaque != "":
		return nil, fmt.Errorf("the URL %w: it names no host", ErrURL)
	case u.Port() != "" && !validPort(u.Port()):
		return nil, fmt.Errorf("the URL %w: its port must be 1 to 65535", ErrURL)
	case u.User != nil:
		return nil, fmt.Errorf("the URL %w: it has a user name or password", ErrURL)
	case u.Fragment != "" || strings.Contains(text, "#"):
		return nil, fmt.Errorf("the URL %w: it has a fragment", ErrURL)
	case u.Scheme == "http" && !allowHTTP && !loopback.Host(u.Hostname()):
		return nil, fmt.Errorf("%s %w: http is allowed to loopback only, use https", Redact(u), ErrURL)
	}
	return u, nil
}

// validPort reports whether the port is one of TCP's.
func validPort(text string) bool {
	number, err := strconv.ParseUint(text, 10, 16)
	return err == nil && number > 0
}

// sameHost reports whether a redirect stays where it was: same scheme, host and port; or from http to https of the same
// host name, which needs another port.
func sameHost(from, to *url.URL) bool {
	if !strings.EqualFold(from.Hostname(), to.Hostname()) || to.User != nil {
		return false
	}
	if from.Scheme == "http" && to.Scheme == "https" {
		return true
	}
	return from.Scheme == to.Scheme && port(from) == port(to)
}

// port returns the port of a URL, the scheme's own if it names none.
func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}

// Redact returns the URL for people: without the query, which may have an access key.
func Redact(u *url.URL) string {
	text := u.Scheme + "://" + u.Host + u.EscapedPath()
	if u.RawQuery != "" {
		text += "?…"
	}
	return text
}
