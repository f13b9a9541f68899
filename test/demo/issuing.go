package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"apinto-jwt/test/e2e/gateway"
)

// The second act: the gateway issues tokens itself. The user's password and its hash, which "jwtctl password" makes.
const (
	issuedPassword = "correct horse"
	issuedHash     = "$2a$10$tsJQbwjhjirnbv/qVUVg5.FubkidfuqvhsR7jzJYSEfGBkDCt2tBy"
)

// session holds the client's tokens.
type session struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Error   string `json:"error"`
}

// issuing plays the second act and returns how many rows are wrong.
func (d *demo) issuing(ctx context.Context, w io.Writer) (wrong int, err error) {
	if err := d.issue(ctx); err != nil {
		return 0, err
	}
	return play(w, "the gateway's own tokens", d.steps(ctx))
}

// steps returns the rows: a user logs in, calls, refreshes, and revokes.
func (d *demo) steps(ctx context.Context) []step {
	var first, second session
	return []step{
		{"log in with a wrong password", "400 invalid_grant", d.ask(ctx, "token", nil, login("a guess"))},
		{"log in", "200", d.ask(ctx, "token", &first, login(issuedPassword))},
		{"call", "200", d.call(ctx, &first)},
		{"refresh", "200", d.ask(ctx, "token", &second, refresh(&first))},
		{"call with the new token", "200", d.call(ctx, &second)},
		{"revoke", "200", d.ask(ctx, "revoke", nil, func() url.Values {
			return url.Values{"token": {second.Refresh}, "client_id": {"shop"}}
		})},
		{"call with the new token", "401", d.call(ctx, &second)},
		{"call with the first token", "401", d.call(ctx, &first)},
		{"refresh", "400 invalid_grant", d.ask(ctx, "token", nil, refresh(&second))},
	}
}

// call sends a request with the session's access token. The answer is its status.
func (d *demo) call(ctx context.Context, s *session) func() (string, error) {
	return func() (string, error) {
		got, err := d.send(ctx, request{header: "Authorization", token: "Bearer " + s.Access})
		return fmt.Sprint(got.status), err
	}
}

// ask sends a form to an endpoint. The answer is its status and error; a session that it gives is kept in into.
func (d *demo) ask(ctx context.Context, endpoint string, into *session, form func() url.Values) func() (string, error) {
	return func() (string, error) {
		status, got, err := d.post(ctx, endpoint, form())
		if into != nil && status == http.StatusOK {
			*into = got
		}
		return strings.TrimSpace(fmt.Sprint(status, " ", got.Error)), err
	}
}

// login returns the form of a login.
func login(password string) func() url.Values {
	return func() url.Values {
		return url.Values{"grant_type": {"password"}, "client_id": {"shop"}, "username": {"ann"}, "password": {password}}
	}
}

// refresh returns the form that refreshes a session.
func refresh(s *session) func() url.Values {
	return func() url.Values {
		return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {s.Refresh}}
	}
}

// issue makes the endpoints and an application whose user has a password, and waits until they are there.
func (d *demo) issue(ctx context.Context) error {
	app := gateway.JWTApp("shop", gateway.Auth{
		Position: "header", TokenName: "Authorization",
		Config: gateway.Rule{
			"algorithm": "HS256", "secret": "a secret of at least thirty-two bytes", "iss": "shop", "path": "sub",
			"issue": map[string]any{"access_ttl": 300},
		},
		Users: []gateway.User{{Name: "ann", Password: issuedHash}},
	})
	if err := errors.Join(d.node.Issuing(ctx, d.log, ""), d.node.Create(ctx, app)); err != nil {
		return err
	}
	form := url.Values{"grant_type": {"password"}, "client_id": {"shop"}, "username": {"ann"}, "password": {issuedPassword}}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		status, _, err := d.post(ctx, "token", form)
		if err != nil || status == http.StatusOK {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the token endpoint answers %d", status)
		}
	}
}

// post sends a form to an endpoint.
func (d *demo) post(ctx context.Context, endpoint string, form url.Values) (int, session, error) {
	var s session
	outgoing, err := http.NewRequestWithContext(ctx, http.MethodPost, d.node.URL+"/oauth/"+endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, s, err
	}
	outgoing.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := client.Do(outgoing)
	if err != nil {
		return 0, s, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil {
		_ = json.Unmarshal(body, &s) // before the route is there, the answer is no JSON
	}
	return response.StatusCode, s, err
}
