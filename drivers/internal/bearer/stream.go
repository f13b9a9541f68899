package bearer

import (
	"bufio"
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

// bodyHeader is what fasthttp's stream of a body needs of the request's header.
type bodyHeader interface {
	ContentLength() int
	ReadTrailer(r *bufio.Reader) error
}

// endWatch notes that the last chunk of a body has come.
type endWatch struct {
	bodyHeader
	ended bool
}

// ReadTrailer is called by fasthttp behind the last chunk, and nowhere else.
func (w *endWatch) ReadTrailer(r *bufio.Reader) error {
	err := w.bodyHeader.ReadTrailer(r)
	w.ended = err == nil
	return err
}

// watchEnd returns what tells whether a body in chunks has come to its end, once its stream has; nil for other bodies, and
// if that cannot be known.
//
// fasthttp takes the end of a connection between two chunks for the end of the body, which is incomplete (RFC 9112 §8).
// What it calls at the true end is a method of the header, which stands in a field of its stream: that is written past it.
// A stream that another has put in its place is not watched.
func watchEnd(r *fasthttp.Request) *endWatch {
	stream := reflect.ValueOf(r.BodyStream())
	if r.Header.ContentLength() != -1 || stream.Kind() != reflect.Pointer || stream.Elem().Kind() != reflect.Struct {
		return nil
	}
	field := stream.Elem().FieldByName("header")
	if !field.IsValid() || field.Kind() != reflect.Interface || !reflect.TypeFor[*endWatch]().Implements(field.Type()) {
		return nil
	}
	field = reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem() //nolint:gosec // see above
	header, ok := field.Interface().(bodyHeader)
	if !ok {
		return nil
	}
	watch := &endWatch{bodyHeader: header}
	field.Set(reflect.ValueOf(watch))
	return watch
}

// hasForm reports whether the request's multipart form has been parsed. Asking for the form would parse it.
func hasForm(r *fasthttp.Request) bool {
	field := reflect.ValueOf(r).Elem().FieldByName("multipartForm")
	return field.IsValid() && field.Kind() == reflect.Pointer && !field.IsNil()
}
