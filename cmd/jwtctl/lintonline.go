package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"apinto-jwt/cmd/jwtctl/internal/lint"
)

// onlineTimeout bounds one question to an issuer.
const onlineTimeout = 10 * time.Second

// maxRedirects is how many redirects of one host are followed, as the gateway follows them.
const maxRedirects = 3

// errElsewhere is a redirect that the gateway would not follow.
var errElsewhere = errors.New("it redirects too often, or to another host")

// askOnce asks the address of a key set. The certificate authorities are PEM text; none: the system's.
func askOnce(address, authorities string) lint.Answer {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if authorities != "" {
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AppendCertsFromPEM([]byte(authorities)) // the compiler has looked at it
	}
	client := &http.Client{Timeout: onlineTimeout, Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}, CheckRedirect: sameHost}
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	if err != nil {
		return lint.Answer{Problem: "it is no address"}
	}
	response, err := client.Do(request)
	if err != nil {
		var urlErr *url.Error // its text has the address
		if errors.As(err, &urlErr) {
			err = urlErr.Err
		}
		return lint.Answer{Problem: err.Error()}
	}
	defer func() { _ = response.Body.Close() }()
	answer := lint.Answer{Status: response.StatusCode, Asked: time.Now()}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		answer.Date = date
	}
	if answer.Body, err = io.ReadAll(io.LimitReader(response.Body, maxInput)); err != nil {
		answer.Problem = err.Error()
	}
	return answer
}

// sameHost follows what the gateway would follow.
func sameHost(next *http.Request, via []*http.Request) error {
	if from := via[len(via)-1].URL; len(via) > maxRedirects || from.Scheme != next.URL.Scheme || from.Host != next.URL.Host {
		return errElsewhere
	}
	return nil
}
