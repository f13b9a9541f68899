package bearer

import (
	"bytes"
	"strings"
	"unsafe"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"

	"apinto-jwt/drivers/internal/hosthttp"
)

// extractHeader takes the token from a header. Names are compared in any case, whatever the host made of them.
func extractHeader(ctx http_service.IHttpContext, name string) Extraction {
	var f Extraction
	cookies := strings.EqualFold(name, "Cookie")
	eachHeader(hosthttp.Raw(ctx.Request()), ctx.Request().Header, name, func(value string) {
		if cookies {
			value = strings.Clone(value)
		}
		f.add(value, true)
	})
	return f
}

// eachHeader visits the values of a header: of the request behind the interface, else of the interface's map. A value
// lives as long as the request, but for a line of cookies: that is put together in place of the one before.
func eachHeader[H http_service.IHeaderReader](r *fasthttp.Request, header func() H, name string, visit func(value string)) {
	if r != nil {
		for key, value := range r.Header.All() {
			if sameName(key, name) {
				visit(view(value))
			}
		}
		return
	}
	for key, values := range header().Headers() {
		if strings.EqualFold(key, name) {
			for _, value := range values {
				visit(value)
			}
		}
	}
}

// sameName compares header names in any case; they are ASCII (RFC 9110 §5.1).
func sameName(key []byte, name string) bool {
	if len(key) != len(name) {
		return false
	}
	for i, c := range key {
		if d := name[i]; c != d && (c|0x20 != d|0x20 || c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}

// view returns a string over bytes of the request, which stay as they are while it is served: it saves a copy of the token
// for each request.
func view(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // see above
}

// removeHeader removes the header, however it is written and however often it is there.
func removeHeader(ctx http_service.IHttpContext, name string) {
	header := ctx.Proxy().Header()
	spellings := []string{name}
	eachLine(hosthttp.Raw(ctx.Proxy()), func(key, _ []byte) {
		if sameName(key, name) && string(key) != name {
			spellings = append(spellings, string(key))
		}
	})
	for _, spelling := range spellings {
		header.DelHeader(spelling)
	}
}

// eachLine visits the header fields as the request would be written now; nothing if it is nil. To walk over them in
// fasthttp's way would take the quotes off the values of cookies for good.
func eachLine(r *fasthttp.Request, visit func(key, value []byte)) {
	if r == nil {
		return
	}
	for line := range bytes.Lines(r.Header.Header()) {
		if key, value, ok := bytes.Cut(line, []byte(":")); ok {
			visit(key, bytes.TrimSpace(value))
		}
	}
}

// extractQuery takes the token from a query parameter.
func extractQuery(ctx http_service.IHttpContext, name string) Extraction {
	var f Extraction
	if r := hosthttp.Raw(ctx.Request()); r != nil {
		for key, value := range r.URI().QueryArgs().All() {
			if string(key) == name {
				f.add(view(value), false)
			}
		}
		return f
	}
	f.add(ctx.Request().URI().GetQuery(name), false)
	return f
}

// removeQuery removes the parameter; the others reach the upstream as they were written.
func removeQuery(ctx http_service.IHttpContext, name string) {
	uri := ctx.Proxy().URI()
	_, query, _ := strings.Cut(uri.RequestURI(), "?")
	uri.SetRawQuery(string(urlencoded{}.without([]byte(query), name)))
}
