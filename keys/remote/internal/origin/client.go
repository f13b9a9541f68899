package origin

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

// MaxRedirects is how many redirects one request follows at most.
const MaxRedirects = 3

// What one request may take, within Config.Timeout.
const (
	dialTimeout = 2 * time.Second
	maxHeader   = 64 << 10 // bytes
)

// newClient makes the HTTP client of one fetch. Nothing of it outlives the requests: connections are not kept, as the
// next fetch is minutes away.
func newClient(c Config) (*http.Client, error) {
	pool, err := c.authorities()
	if err != nil {
		return nil, err
	}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                  c.Proxy,
			DialContext:            (&net.Dialer{Timeout: dialTimeout}).DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool},
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: maxHeader,
		},
		CheckRedirect: checkRedirect,
	}, nil
}

// checkRedirect follows at most MaxRedirects, none of which leads elsewhere: an issuer that is told to point us to a
// host of our own network does not get there.
func checkRedirect(next *http.Request, via []*http.Request) error {
	if len(via) > MaxRedirects {
		return fmt.Errorf("%w: it is the %dth", ErrRedirect, len(via))
	}
	if from := via[len(via)-1].URL; !sameHost(from, next.URL) {
		return fmt.Errorf("%w: it leads from %s to %s", ErrRedirect, Redact(from), Redact(next.URL))
	}
	return nil
}

// authorities returns the certificate authorities to trust; nil for the system's.
func (c Config) authorities() (*x509.CertPool, error) {
	switch {
	case c.CA != "":
		return ParseCA([]byte(c.CA))
	case c.CAFile != "":
		text, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrCA, err)
		}
		return ParseCA(text)
	}
	return nil, nil
}

// ParseCA reads certificates in PEM. The error is ErrCA.
func ParseCA(text []byte) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, ErrCA
	}
	return pool, nil
}
