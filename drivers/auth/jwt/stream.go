package jwt

import (
	"bytes"
	"io"
	"reflect"
	"unsafe"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"
)

// dropped is how much of a body that nobody has read fasthttp's server drops before it looks for the next request.
const dropped = 8 << 10

// closeUnread has the connection closed behind the answer of a request that is about to be refused, if its body is longer
// than what the server drops: it would take the rest for the next request, and a client could hide one there from
// whoever stands before the gateway. If another type of authentication accepts the request after all, the upstream's
// answer takes the place of this one.
func closeUnread(ctx http_service.IHttpContext) {
	r := raw(ctx.Proxy())
	if r == nil || !r.IsBodyStream() {
		return
	}
	if n := r.Header.ContentLength(); n < 0 || n > dropped {
		ctx.Response().SetHeader("Connection", "close")
	}
}

// putBack makes the stream of a request begin again with what was read of it; false where that cannot be done.
//
// fasthttp has no way to do so: setting a stream ends the one before, which is to be read on here. So its field is
// written past it. Where a later version has no such field the request is refused, not forwarded without its beginning.
func putBack(r *fasthttp.Request, read []byte) bool {
	field := reflect.ValueOf(r).Elem().FieldByName("bodyStream")
	if !field.IsValid() || field.Type() != reflect.TypeFor[io.Reader]() {
		return false
	}
	whole := io.MultiReader(bytes.NewReader(read), r.BodyStream())
	reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem().Set(reflect.ValueOf(&whole).Elem()) //nolint:gosec // see above
	return true
}

// hasForm tells whether the request's multipart form has been parsed. Asking for the form would parse it.
func hasForm(r *fasthttp.Request) bool {
	field := reflect.ValueOf(r).Elem().FieldByName("multipartForm")
	return field.IsValid() && field.Kind() == reflect.Pointer && !field.IsNil()
}
