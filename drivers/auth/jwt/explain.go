package jwt

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"apinto-jwt/drivers/internal/explain"
	"apinto-jwt/drivers/internal/panics"
)

// explainAsked is the body of POST /apinto/jwt/explain. It has one of Token, Request, Fingerprint and RequestID.
type explainAsked struct {
	// Token is a credential as it would stand in a header: with or without "Bearer".
	Token *string `json:"token"`
	// Request is a whole request.
	Request *explain.Request `json:"request"`
	// Fingerprint and RequestID are of a refusal, as the access log has them.
	Fingerprint string `json:"fingerprint"`
	RequestID   string `json:"request_id"`
	// At is when the token is judged (RFC 3339). Default: now.
	At *time.Time `json:"at"`
}

// The answers of a question that cannot be answered.
var (
	errQuestion  = errors.New("give one of token, request, fingerprint and request_id, and perhaps at (RFC 3339)")
	errForgotten = errors.New("no such refusal is known on this node: it was not refused here, or more than a thousand were since")
)

// serveExplain answers POST /apinto/jwt/explain. Neither question nor answer is kept or logged.
func (d *Driver) serveExplain(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	defer func() {
		if p := recover(); p != nil {
			d.Panics.Caught("explain", panics.Asked)
			answerExplain(w, http.StatusInternalServerError, problem{ErrInternal.Error()})
		}
	}()
	if text := d.guard.refuses(r); text != "" {
		answerExplain(w, http.StatusForbidden, problem{text})
		return
	}
	if !isJSON(r) {
		answerExplain(w, http.StatusUnsupportedMediaType, problem{"Content-Type must be application/json"})
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, explain.MaxInput))
	if err != nil {
		answerExplain(w, http.StatusRequestEntityTooLarge, problem{"the question is longer than 1 MiB, or was cut"})
		return
	}
	report, err := d.explain(string(text))
	switch {
	case errors.Is(err, errForgotten):
		answerExplain(w, http.StatusNotFound, problem{err.Error()})
	case err != nil:
		answerExplain(w, http.StatusBadRequest, problem{err.Error()})
	default:
		answerExplain(w, http.StatusOK, report)
	}
}

// problem is the answer to a question that cannot be answered. It shows nothing of the question.
type problem struct {
	Error string `json:"error"`
}

// answerExplain writes an answer.
func answerExplain(w http.ResponseWriter, status int, answer any) {
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(answer) // the client has gone
}

// explain answers a question, which is JSON.
func (d *Driver) explain(text string) (*explain.Report, error) {
	var asked explainAsked
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&asked); errors.Is(err, explain.ErrRequest) {
		return nil, err
	} else if err != nil || decoder.More() || asked.count() != 1 {
		return nil, errQuestion // the decoder's own text may show what it could not read
	}
	if asked.Token == nil && asked.Request == nil {
		return d.recorded(&asked)
	}
	at := d.Clock.Now()
	if asked.At != nil {
		at = *asked.At
	}
	return explain.Explain(d.Authenticator, explain.Asked{Credential: asked.Token, Request: asked.Request, At: at})
}

// count is how many questions there are.
func (a *explainAsked) count() (n int) {
	for _, asked := range []bool{a.Token != nil, a.Request != nil, a.Fingerprint != "", a.RequestID != ""} {
		if asked {
			n++
		}
	}
	return n
}

// recorded explains the last refusal with the fingerprint or request ID.
func (d *Driver) recorded(asked *explainAsked) (*explain.Report, error) {
	last, before, found := d.Refused.Last(asked.Fingerprint, asked.RequestID)
	if !found {
		return nil, errForgotten
	}
	return explain.Recorded(last, before), nil
}
