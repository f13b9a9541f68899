package jwttoken

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
)

// answer is the answer to a request.
type answer struct {
	status  int
	headers [][2]string
	body    []byte
}

// oauthError is the body of a failure (RFC 6749 §5.2).
type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

// retryLater is how long a client is asked to wait when something is not available.
const retryLater = 5 * time.Second

// ok returns an answer with a value as JSON, which must not be kept (RFC 6749 §5.1).
func ok(value any) answer {
	text, err := json.Marshal(value)
	if err != nil { // strings, numbers and what came out of JSON can be written
		panic(err)
	}
	a := answer{status: http.StatusOK, body: text}
	return a.with("Content-Type", "application/json").with("Cache-Control", "no-store").with("Pragma", "no-cache")
}

// failed returns the answer to a request that is refused (RFC 6749 §5.2).
func failed(status int, code, description string) answer {
	a := ok(oauthError{code, description})
	a.status = status
	if status == http.StatusUnauthorized {
		a = a.with("WWW-Authenticate", `Basic realm="apinto", charset="UTF-8"`)
	}
	return a
}

// bad returns a refusal with status 400.
func bad(code, description string) answer { return failed(http.StatusBadRequest, code, description) }

// unavailable returns the answer if something that is needed does not answer.
func unavailable(description string, after time.Duration) answer {
	return failed(http.StatusServiceUnavailable, "temporarily_unavailable", description).retry(after)
}

// retry says when to come again, in whole seconds.
func (a answer) retry(after time.Duration) answer {
	return a.with("Retry-After", strconv.Itoa(max(1, int(math.Ceil(after.Seconds())))))
}

// with adds a header.
func (a answer) with(name, value string) answer {
	a.headers = append(a.headers[:len(a.headers):len(a.headers)], [2]string{name, value})
	return a
}

// write sends the answer, and ends the request: every answer of an endpoint goes through here.
func (a answer) write(ctx http_service.IHttpContext) {
	hosthttp.Finish(ctx)
	response := ctx.Response()
	response.SetStatus(a.status, http.StatusText(a.status))
	for _, h := range a.headers {
		response.SetHeader(h[0], h[1])
	}
	response.SetBody(a.body)
}
