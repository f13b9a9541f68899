// Package admin calls the admin API of a gateway.
package admin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// timeout bounds one call: the gateway answers a change when it is on the disk of most nodes.
const timeout = 30 * time.Second

// ErrAddress is an address that is no URL of an admin API.
var ErrAddress = errors.New("the admin address is not one")

// API is a gateway's admin API.
type API struct {
	base   string // Without a slash at its end.
	client *http.Client
}

// New returns the API at an address, any node's, as "http://127.0.0.1:9400". The error is ErrAddress.
func New(address string) (*API, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
		return nil, ErrAddress
	}
	return &API{base: strings.TrimSuffix(address, "/"), client: &http.Client{Timeout: timeout}}, nil
}

// maxAnswer bounds what is read of an answer: a million entries.
const maxAnswer = 128 << 20

// call sends a request about what the path leads to, whose parts are escaped here, and returns the status and the answer.
func (a *API) call(method, body string, parts ...string) (int, []byte, error) {
	status, _, answer, err := a.exchange(method, body, parts...)
	return status, answer, err
}

// exchange is call with the header of the answer.
func (a *API) exchange(method, body string, parts ...string) (int, http.Header, []byte, error) {
	path := a.base
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, path, strings.NewReader(body))
	if err != nil {
		return 0, nil, nil, ErrAddress
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := a.client.Do(request)
	if err != nil {
		var urlErr *url.Error // its text has the path
		if errors.As(err, &urlErr) {
			err = urlErr.Err
		}
		return 0, nil, nil, fmt.Errorf("admin API: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("admin API: %w", err)
	}
	return response.StatusCode, response.Header, answer, nil
}

// get returns the answer to a GET, which must be 200.
func (a *API) get(parts ...string) ([]byte, error) {
	status, answer, err := a.call(http.MethodGet, "", parts...)
	if err == nil && status != http.StatusOK {
		err = answered(status, answer)
	}
	return answer, err
}

// answered returns the error of an answer that is none of those expected.
func answered(status int, answer []byte) error {
	return fmt.Errorf("admin API: status %d: %.200s", status, bytes.TrimSpace(answer))
}
