package origin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"apinto-jwt/keys"
)

// answer is a server's answer.
type answer struct {
	body   []byte
	header http.Header
	same   bool     // status 304: the set is the one that we have
	from   *url.URL // URL that was asked
}

// get makes one request (RFC 9110): conditional if there is an entity tag. A good answer has status 200, or 304 to a conditional
// request, and at most keys.MaxJWKSSize bytes after any compression.
func get(ctx context.Context, client *http.Client, u *url.URL, etag string) (*answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Redact(u), ErrURL)
	}
	request.Header.Set("Accept", "application/jwk-set+json, application/json")
	request.Header.Set("User-Agent", "apinto-jwt")
	if etag != "" {
		request.Header.Set("If-None-Match", etag)
	}
	response, err := client.Do(request)
	if err != nil {
		var wrapped *url.Error // shows the whole URL
		if errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return nil, fmt.Errorf("%s: %w", Redact(u), err)
	}
	defer response.Body.Close()
	a := &answer{header: response.Header, from: u}
	switch {
	case response.StatusCode == http.StatusNotModified && etag != "":
		a.same = true
		return a, nil
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s: %w %d", Redact(u), ErrStatus, response.StatusCode)
	}
	if a.body, err = io.ReadAll(io.LimitReader(response.Body, keys.MaxJWKSSize+1)); err != nil {
		return nil, fmt.Errorf("%s: %w", Redact(u), err)
	}
	if len(a.body) > keys.MaxJWKSSize {
		return nil, fmt.Errorf("%s: %w: more than %d bytes", Redact(u), ErrTooLarge, keys.MaxJWKSSize)
	}
	return a, nil
}
