package main

import (
	"encoding/json"
	"errors"
	"net/http"
)

// applications reads the applications of a running gateway: the list, then each, as the list has their names alone.
func (a *admin) applications() ([]storedApp, error) {
	var listed []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	answer, err := a.get("api", "app")
	if err != nil {
		return nil, err
	}
	if json.Unmarshal(answer, &listed) != nil {
		return nil, errors.New("admin API: the answer is no list of applications")
	}
	list := make([]storedApp, 0, len(listed))
	for _, one := range listed {
		text, err := a.get("api", "app", one.Name)
		if err != nil {
			return nil, err
		}
		list = append(list, storedApp{one.ID, text})
	}
	return list, nil
}

// get is the answer to a GET, which must be 200.
func (a *admin) get(parts ...string) ([]byte, error) {
	status, answer, err := a.call(http.MethodGet, "", parts...)
	if err == nil && status != http.StatusOK {
		err = answered(status, answer)
	}
	return answer, err
}
