package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// Question asks a gateway for an explanation, by one of the first four.
type Question struct {
	Token       string `json:"token,omitempty"`
	Request     any    `json:"request,omitempty"` // HTTP/1.1 text, or an object with its parts.
	Fingerprint string `json:"fingerprint,omitempty"`
	RequestID   string `json:"request_id,omitempty"`
	At          string `json:"at,omitempty"` // RFC 3339; empty: now.
}

// Explain asks the gateway's node why a token is accepted or refused. The answer is JSON.
func (a *API) Explain(q Question) ([]byte, error) {
	question, err := json.Marshal(q)
	if err != nil {
		return nil, fmt.Errorf("the question: %w", err)
	}
	status, answer, err := a.call(http.MethodPost, string(question), "apinto", "jwt", "explain")
	if err != nil || status == http.StatusOK {
		return answer, err
	}
	var problem struct {
		Error string `json:"error"`
	}
	switch {
	case json.Unmarshal(answer, &problem) == nil && problem.Error != "":
		return nil, errors.New(problem.Error)
	case status == http.StatusNotFound:
		return nil, errors.New("the gateway cannot explain: it is of another version, or the address is none of an admin API")
	}
	return nil, fmt.Errorf("admin API: status %d", status) // the answer may have the question in it
}
