package mcp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/modelcontextprotocol/go-sdk/auth"
)

// The user of the provider's example.
const (
	userName     = "test-user@127.0.0.1"
	userPassword = "verysecure"
)

// browser is a user who logs in wherever a client sends them.
type browser struct{ logins atomic.Int64 }

// fetch implements auth.AuthorizationCodeFetcher.
func (b *browser) fetch(ctx context.Context, args *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
	b.logins.Add(1)
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	var back *url.URL
	client := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	form, err := visit(ctx, client, http.MethodGet, args.URL, nil)
	if err != nil {
		return nil, err
	}
	filled := url.Values{"id": {form.Query().Get("authRequestID")}, "username": {userName}, "password": {userPassword}}
	if _, err := visit(ctx, client, http.MethodPost, form.String(), filled); err != nil {
		return nil, err
	}
	if back == nil {
		return nil, errors.New("the log-in did not lead back to the client")
	}
	answer := back.Query()
	if code := answer.Get("error"); code != "" {
		return nil, fmt.Errorf("the provider answers %s: %s", code, answer.Get("error_description"))
	}
	return &auth.AuthorizationResult{Code: answer.Get("code"), State: answer.Get("state"), Iss: answer.Get("iss")}, nil
}

// visit opens a page and returns where it led to.
func visit(ctx context.Context, client *http.Client, method, page string, form url.Values) (*url.URL, error) {
	request, err := http.NewRequestWithContext(ctx, method, page, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	if err := response.Body.Close(); err != nil {
		return nil, err
	}
	if response.StatusCode >= http.StatusBadRequest {
		return nil, fmt.Errorf("%s answers %s", page, response.Status)
	}
	return response.Request.URL, nil
}
