package remote

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"
)

// What one request may take, within Options.Timeout.
const (
	dialTimeout  = 2 * time.Second
	maxRedirects = 3
	maxHeader    = 64 << 10 // bytes
)

// newClient makes the HTTP client of one refresh. Nothing of it outlives the requests: connections are not kept, as the
// next refresh is minutes away.
func newClient(c Config, proxy func(*http.Request) (*url.URL, error)) (*http.Client, error) {
	pool, err := c.authorities()
	if err != nil {
		return nil, err
	}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                  proxy,
			DialContext:            (&net.Dialer{Timeout: dialTimeout}).DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool},
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: maxHeader,
		},
		CheckRedirect: checkRedirect,
	}, nil
}

// checkRedirect follows at most maxRedirects, none of which leads elsewhere: an issuer that is told to point us to a
// host of our own network does not get there.
func checkRedirect(next *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("%w: it is the %dth", ErrRedirect, len(via))
	}
	if from := via[len(via)-1].URL; !sameHost(from, next.URL) {
		return fmt.Errorf("%w: it leads from %s to %s", ErrRedirect, shown(from), shown(next.URL))
	}
	return nil
}

// authorities are the certificate authorities that are trusted; nil for the system's.
func (c Config) authorities() (*x509.CertPool, error) {
	switch {
	case c.CA != "":
		return parseCA([]byte(c.CA))
	case c.CAFile != "":
		text, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrCA, err)
		}
		return parseCA(text)
	}
	return nil, nil
}

// parseCA reads certificates.
func parseCA(text []byte) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, ErrCA
	}
	return pool, nil
}
