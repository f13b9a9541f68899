package bearer

import (
	"bytes"
	"io"
	"reflect"
	"unsafe"

	"github.com/valyala/fasthttp"
)

// putBack makes the stream of a request begin again with what was read of it; false if that cannot be done.
//
// fasthttp has no way to do so: setting a stream ends the one before, which is to be read on here. So its field is
// written past it. If a later version has no such field the request is refused, not forwarded without its beginning.
func putBack(r *fasthttp.Request, read []byte) bool {
	field := reflect.ValueOf(r).Elem().FieldByName("bodyStream")
	if !field.IsValid() || field.Type() != reflect.TypeFor[io.Reader]() {
		return false
	}
	whole := io.MultiReader(bytes.NewReader(read), r.BodyStream())
	reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem().Set(reflect.ValueOf(&whole).Elem()) //nolint:gosec // see above
	return true
}

// hasForm reports whether the request's multipart form has been parsed. Asking for the form would parse it.
func hasForm(r *fasthttp.Request) bool {
	field := reflect.ValueOf(r).Elem().FieldByName("multipartForm")
	return field.IsValid() && field.Kind() == reflect.Pointer && !field.IsNil()
}
