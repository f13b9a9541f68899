package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
)

// The gateway's hashes that end tokens early; the driver's documentation says what is in them.
const (
	HashRevoked   = "jwt_revoked"
	HashNotBefore = "jwt_not_before"
)

// Hash reads a whole hash; one that is not there is empty.
func (a *API) Hash(name string) (map[string]string, error) {
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

// Set sets a field.
func (a *API) Set(hash, field, value string) error {
	status, answer, err := a.call(http.MethodPut, value, "hash", hash, field)
	if err == nil && status != http.StatusOK {
		err = answered(status, answer)
	}
	return err
}

// Remove removes a field; one that is gone already is no error.
func (a *API) Remove(hash, field string) error {
	status, answer, err := a.call(http.MethodDelete, "", "hash", hash, field)
	if err == nil && status != http.StatusOK && status != http.StatusNotFound {
		err = answered(status, answer)
	}
	return err
}
