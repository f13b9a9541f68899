package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
)

// The gateway's hashes that end tokens early; the driver's documentation says what is in them.
const (
	hashRevoked   = "jwt_revoked"
	hashNotBefore = "jwt_not_before"
)

// adminVariable is the environment variable that holds the admin address.
const adminVariable = "JWTCTL_ADMIN"

// adminTimeout bounds one call: the gateway answers a change when it is on the disk of most nodes.
const adminTimeout = 30 * time.Second

// adminFlag says where the admin API is.
func adminFlag() cli.Flag {
	return &cli.StringFlag{Name: "admin", Usage: "`URL` of the gateway's admin API, any node's, as http://127.0.0.1:9400; or " + adminVariable}
}

// admin is a gateway's admin API.
type admin struct {
	base   string
	client *http.Client
}

// admin reads --admin.
func (t *tool) admin(c *cli.Context) (*admin, error) {
	address := c.String("admin")
	if address == "" {
		address = t.getenv(adminVariable)
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
		return nil, misuse("--admin must be a URL, as http://127.0.0.1:9400")
	}
	return &admin{base: strings.TrimSuffix(address, "/"), client: &http.Client{Timeout: adminTimeout}}, nil
}

// maxAnswer bounds what is read of an answer: a million entries.
const maxAnswer = 128 << 20

// call sends a request about what the path leads to, whose parts are escaped here, and returns the status and the answer.
func (a *admin) call(method, body string, parts ...string) (int, []byte, error) {
	path := a.base
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, path, strings.NewReader(body))
	if err != nil {
		return 0, nil, errors.New("the admin address is not one")
	}
	response, err := a.client.Do(request)
	if err != nil {
		var urlErr *url.Error // its text has the path
		if errors.As(err, &urlErr) {
			err = urlErr.Err
		}
		return 0, nil, fmt.Errorf("admin API: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return 0, nil, fmt.Errorf("admin API: %w", err)
	}
	return response.StatusCode, answer, nil
}

// hash reads a whole hash; one that is not there is empty.
func (a *admin) hash(name string) (map[string]string, error) {
	status, answer, err := a.call(http.MethodGet, "", "hash", name)
	if err != nil {
		return nil, err
	}
	if status == http.StatusNotFound && bytes.Contains(answer, []byte("not found key")) {
		return nil, nil
	}
	if status != http.StatusOK {
		return nil, answered(status, answer)
	}
	var fields map[string]string
	if err := json.Unmarshal(answer, &fields); err != nil {
		return nil, errors.New("admin API: the answer is no hash")
	}
	return fields, nil
}

// app reads an application; false if there is none of that name.
func (a *admin) app(name string) (*application, bool, error) {
	status, answer, err := a.call(http.MethodGet, "", "api", "app", name)
	switch {
	case err != nil:
		return nil, false, err
	case status == http.StatusNotFound:
		return nil, false, nil
	case status != http.StatusOK:
		return nil, false, answered(status, answer)
	}
	app := new(application)
	if err := json.Unmarshal(answer, app); err != nil {
		return nil, false, errors.New("admin API: the answer is no application")
	}
	return app, true, nil
}

// application is what is read of an application.
type application struct {
	Auth []struct {
		Type  string `json:"type"`
		Users []struct {
			Pattern struct {
				Username string `json:"username"`
			} `json:"pattern"`
		} `json:"users"`
	} `json:"auth"`
}

// has reports whether the application has this user, by the type that the driver is of.
func (a *application) has(user string) bool {
	for _, entry := range a.Auth {
		for _, u := range entry.Users {
			if entry.Type == "jwt" && u.Pattern.Username == user {
				return true
			}
		}
	}
	return false
}

// set sets a field.
func (a *admin) set(hash, field, value string) error {
	status, answer, err := a.call(http.MethodPut, value, "hash", hash, field)
	if err == nil && status != http.StatusOK {
		err = answered(status, answer)
	}
	return err
}

// remove removes a field; one that is gone already is no error.
func (a *admin) remove(hash, field string) error {
	status, answer, err := a.call(http.MethodDelete, "", "hash", hash, field)
	if err == nil && status != http.StatusOK && status != http.StatusNotFound {
		err = answered(status, answer)
	}
	return err
}

// answered is the error of an answer that is none of those expected.
func answered(status int, answer []byte) error {
	return fmt.Errorf("admin API: status %d: %.200s", status, bytes.TrimSpace(answer))
}
