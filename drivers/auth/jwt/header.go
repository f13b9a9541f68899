package jwt

import (
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"
)

// rawRequest is what the host's requests offer beside their interface. Through it repeated headers can be seen, which
// the interface folds into one, and nothing is copied into maps.
type rawRequest interface{ Request() *fasthttp.Request }

// raw is the request behind the interface, nil where it cannot be had.
func raw(request any) *fasthttp.Request {
	if r, ok := request.(rawRequest); ok {
		return r.Request()
	}
	return nil
}

// findHeader takes the token from a header. Names are compared in any case, whatever the host made of them.
func findHeader(ctx http_service.IHttpContext, name string) finding {
	var f finding
	if r := raw(ctx.Request()); r != nil {
		for key, value := range r.Header.All() {
			if len(key) == len(name) && strings.EqualFold(string(key), name) { // no copy: the compiler compares in place
				f.add(string(value), true)
			}
		}
		return f
	}
	for key, values := range ctx.Request().Header().Headers() {
		if strings.EqualFold(key, name) {
			for _, value := range values {
				f.add(value, true)
			}
		}
	}
	return f
}

// hideHeader removes the header, however it is written and however often it is there.
func hideHeader(ctx http_service.IHttpContext, name string) {
	header := ctx.Proxy().Header()
	spellings := []string{name}
	if r := raw(ctx.Proxy()); r != nil {
		for key := range r.Header.All() {
			if strings.EqualFold(string(key), name) && string(key) != name {
				spellings = append(spellings, string(key))
			}
		}
	}
	for _, spelling := range spellings {
		header.DelHeader(spelling)
	}
}

// findQuery takes the token from a query parameter.
func findQuery(ctx http_service.IHttpContext, name string) finding {
	var f finding
	if r := raw(ctx.Request()); r != nil {
		for key, value := range r.URI().QueryArgs().All() {
			if string(key) == name {
				f.add(string(value), false)
			}
		}
		return f
	}
	f.add(ctx.Request().URI().GetQuery(name), false)
	return f
}
