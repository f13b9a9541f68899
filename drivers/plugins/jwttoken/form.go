package jwttoken

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
)

// maxForm is the longest form that is read, in bytes: a token of 16 KiB, escaped, and room for the rest.
const maxForm = 64 << 10

// form is a request's parameters (RFC 6749 §3.2): each is there once, but for "resource" (RFC 8707 §2), and an empty one is
// not there.
type form url.Values

// get returns the parameter of this name; empty if it is not there.
func (f form) get(name string) string { return url.Values(f).Get(name) }

// has reports whether the parameter is there.
func (f form) has(name string) bool { return len(f[name]) > 0 }

// paramResource is the one parameter that may be repeated.
const paramResource = "resource"

// errTooLarge: a body of more than maxForm bytes.
var errTooLarge = errors.New("the form is too large")

// readForm reads the body; if it is no form the second result is the answer.
func readForm(ctx http_service.IHttpContext) (form, *answer) {
	refuse := func(a answer) (form, *answer) { return nil, &a }
	body, err := readBody(ctx)
	switch kind, _, _ := mime.ParseMediaType(ctx.Request().ContentType()); {
	case errors.Is(err, errTooLarge):
		return refuse(failed(http.StatusRequestEntityTooLarge, "invalid_request", err.Error()))
	case err != nil:
		hosthttp.Close(ctx)
		return refuse(bad("invalid_request", "the body cannot be read"))
	case kind != "application/x-www-form-urlencoded":
		return refuse(bad("invalid_request", "the body must be application/x-www-form-urlencoded"))
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return refuse(bad("invalid_request", "the form cannot be read"))
	}
	f := make(form, len(values))
	for name, list := range values {
		if len(list) > 1 && name != paramResource {
			return refuse(bad("invalid_request", "a parameter is there twice"))
		}
		if list = slices.DeleteFunc(list, func(value string) bool { return value == "" }); len(list) > 0 {
			f[name] = list
		}
	}
	return f, nil
}

// readBody reads the whole body, or to too much.
func readBody(ctx http_service.IHttpContext) ([]byte, error) {
	request := hosthttp.Raw(ctx.Proxy())
	if request == nil {
		return ctx.Request().Body().RawBody()
	}
	if request.Header.ContentLength() > maxForm {
		return nil, errTooLarge
	}
	body := request.Body
	if request.IsBodyStream() {
		text, err := io.ReadAll(io.LimitReader(request.BodyStream(), maxForm+1))
		if err != nil {
			return nil, err
		}
		body = func() []byte { return text }
	}
	if len(body()) > maxForm {
		return nil, errTooLarge
	}
	return body(), nil
}
