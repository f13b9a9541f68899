package admin

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Refusal is a request that a node refused.
type Refusal struct {
	Number      uint64    `json:"number"`
	Time        time.Time `json:"time"`
	Reason      string    `json:"reason"`
	Filter      bool      `json:"filter,omitempty"` // A route's filter refused it.
	RequestID   string    `json:"request_id,omitempty"`
	Fingerprint string    `json:"fingerprint,omitempty"`
	Application string    `json:"application,omitempty"`
	Rule        string    `json:"rule,omitempty"`
	KeyID       string    `json:"kid,omitempty"`
	Place       string    `json:"place,omitempty"`
	Hint        string    `json:"hint,omitempty"`
	Route       string    `json:"route,omitempty"`
	Client      string    `json:"client,omitempty"`
}

// maxEvent bounds a line of the stream, in bytes.
const maxEvent = 64 << 10

// Follow calls each with the refusals of the gateway's node as they come, those that it remembers too if past is set, until the
// context ends, each returns an error, or the connection does. The end of the context is no error.
func (a *API) Follow(ctx context.Context, past bool, each func(Refusal) error) error {
	address := a.base + "/apinto/jwt/refusals"
	if past {
		address += "?after=0"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return ErrAddress
	}
	response, err := (&http.Client{Transport: a.client.Transport}).Do(request) // without the time limit of a call
	if ctx.Err() != nil {
		return nil
	} else if err != nil {
		return fmt.Errorf("admin API: %w", errors.Unwrap(err)) // the outer text has the address
	}
	defer func() { _ = response.Body.Close() }()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return errors.New("the gateway cannot tell: it is of another version, or the address is none of an admin API")
	default:
		text, _ := io.ReadAll(io.LimitReader(response.Body, maxEvent))
		return answered(response.StatusCode, text)
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, maxEvent)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var one Refusal
		if json.Unmarshal([]byte(data), &one) != nil {
			return errors.New("the gateway's answer cannot be read")
		}
		if err := each(one); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return errors.New("the gateway has ended the stream")
}
