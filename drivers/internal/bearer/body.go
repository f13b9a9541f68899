package bearer

import (
	"bytes"
	"io"
	"mime"
	"net/url"
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"

	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/token"
)

// bodyFormat reads and cuts the token in bodies of one media type.
type bodyFormat interface {
	// each visits the values of the field or member; false if the body cannot be read as what it says it is. A body may
	// have as many values as bytes, nearly.
	each(body []byte, name string, visit func(value string)) bool
	// without is the body without the field or member, all else unchanged to the byte.
	without(body []byte, name string) []byte
}

// formatOf picks the format by Content-Type; nil for bodies that carry no token.
func formatOf(contentType string) bodyFormat {
	mediaType, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil
	}
	switch {
	case mediaType == "application/x-www-form-urlencoded":
		return urlencoded{}
	case mediaType == "multipart/form-data" && parameters["boundary"] != "":
		return multipartForm{boundary: parameters["boundary"]}
	case mediaType == "application/json" || strings.HasSuffix(mediaType, "+json"):
		return jsonBody{}
	}
	return nil
}

// extractBody takes the token from the body that goes to the upstream, as a large body is a stream that only the proxied
// request holds. What is read from the stream is put back.
func extractBody(ctx http_service.IHttpContext, name string, limit int) Extraction {
	format := formatOf(ctx.Proxy().ContentType())
	if format == nil || encoded(ctx) {
		return Extraction{}
	}
	if form, ok := parsedForm(ctx); ok {
		return extractFrom(func(visit func(string)) bool {
			for _, value := range form[name] {
				visit(value)
			}
			return true
		})
	}
	body, f := readBody(ctx, limit)
	if f.Large || f.Damaged || len(body) == 0 {
		return f
	}
	if form, ok := format.(multipartForm); ok && form.many(body) {
		return Extraction{Large: true}
	}
	read := false
	f = extractFrom(func(visit func(string)) bool {
		read = format.each(body, name, visit)
		return read
	})
	if !read && holdsToken(body) { // the upstream may read what the driver does not
		return Extraction{Unread: true}
	}
	return f
}

// Body returns the body that goes to the upstream, to the byte. It shares the request's memory. A body of more than limit
// bytes is not returned, and goes on as it came; what the extraction tells of it is Large, Damaged and Spent.
func Body(ctx http_service.IHttpContext, limit int) (string, Extraction) {
	body, f := readBody(ctx, limit)
	return view(body), f
}

// holdsToken reports whether something in a body has the form of a token, wherever it stands.
func holdsToken(body []byte) bool {
	for {
		start := bytes.Index(body, tokenStart)
		if start < 0 {
			return false
		}
		body = body[start:]
		end := bytes.IndexFunc(body, func(c rune) bool { return c != '.' && !isBase64URL(c) })
		if end < 0 {
			end = len(body)
		}
		if token.HasForm(string(body[:end])) {
			return true
		}
		body = body[end:]
	}
}

// isBase64URL reports whether the character is one of base64url (RFC 4648 §5).
func isBase64URL(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

// extractFrom takes the token from the values that stand under its name in a body.
func extractFrom(each func(visit func(value string)) bool) Extraction {
	var f Extraction
	ok := each(func(value string) {
		f.add(strings.TrimSpace(value), false) // a part that was a file may end a line
	})
	if !ok {
		return Extraction{}
	}
	f.Token = strings.Clone(f.Token) // the body may be written anew
	return f
}

// parsedForm returns the multipart form that an earlier filter has parsed; false if none has. Then the host writes the
// body anew from it, and the bytes that came are gone.
func parsedForm(ctx http_service.IHttpContext) (url.Values, bool) {
	r := hosthttp.Raw(ctx.Proxy())
	if r == nil || !hasForm(r) {
		return nil, false
	}
	form, err := ctx.Proxy().Body().BodyForm()
	return form, err == nil
}

// encoded reports whether the body is compressed or otherwise encoded; such a body is not looked into.
func encoded(ctx http_service.IHttpContext) bool {
	if r := hosthttp.Raw(ctx.Proxy()); r != nil {
		coding := r.Header.ContentEncoding()
		return len(coding) > 0 && !bytes.EqualFold(coding, []byte("identity"))
	}
	coding := ctx.Proxy().Header().GetHeader("Content-Encoding")
	return coding != "" && !strings.EqualFold(coding, "identity")
}

// readBody reads the proxied body, at most limit bytes. A larger one is left as it is.
func readBody(ctx http_service.IHttpContext, limit int) ([]byte, Extraction) {
	r := hosthttp.Raw(ctx.Proxy())
	if r == nil {
		body, err := ctx.Proxy().Body().RawBody()
		return body, Extraction{Large: err != nil || len(body) > limit}
	}
	if r.Header.ContentLength() > limit {
		return nil, Extraction{Large: true}
	}
	if r.BodyStream() == nil {
		body := r.Body()
		return body, Extraction{Large: len(body) > limit}
	}
	return readStream(ctx, r, limit)
}

// readStream reads the stream and makes what it read the request's body. Of one that turns out too large on the way,
// what was read is put back before the rest. One that is damaged, or cannot be put back, is spent: the request must not
// go on. In both cases the connection is closed behind the answer, as its server takes for the next request whatever
// nobody has read of this one.
func readStream(ctx http_service.IHttpContext, r *fasthttp.Request, limit int) ([]byte, Extraction) {
	announced := r.Header.ContentLength()
	end := watchEnd(r)
	body, err := readAtMost(r.BodyStream(), limit+1, announced)
	short := announced >= 0 && len(body) != announced || end != nil && !end.ended && len(body) <= limit
	if err != nil || short {
		hosthttp.Close(ctx)
		return nil, Extraction{Damaged: true, Spent: true}
	}
	if len(body) > limit {
		hosthttp.Close(ctx)
		return nil, Extraction{Large: true, Spent: !putBack(r, body)}
	}
	contentType := append([]byte(nil), r.Header.ContentType()...)
	r.SetBodyRaw(body)
	r.Header.SetContentTypeBytes(contentType)
	hosthttp.SetLength(r)
	return body, Extraction{}
}

// firstRead is how much room is made for a body at first, in bytes: who announces a long one may send nothing.
const firstRead = 64 << 10

// readAtMost reads so many bytes at most. Its room is doubled as it fills, so that it takes twice the body in all.
func readAtMost(r io.Reader, limit, announced int) ([]byte, error) {
	var buffer bytes.Buffer
	buffer.Grow(bytes.MinRead + max(0, min(announced, firstRead)))
	_, err := buffer.ReadFrom(io.LimitReader(r, int64(limit)))
	return buffer.Bytes(), err
}

// removeBody cuts the token out of the proxied body.
func removeBody(ctx http_service.IHttpContext, name string) {
	r := hosthttp.Raw(ctx.Proxy())
	if form, ok := parsedForm(ctx); ok {
		if delete(form, name); r.BodyStream() != nil { // the form is all there is of it
			return
		}
	}
	contentType := ctx.Proxy().ContentType()
	format := formatOf(contentType)
	if format == nil {
		return
	}
	if r == nil {
		text, _ := ctx.Proxy().Body().RawBody()
		ctx.Proxy().Body().SetRaw(contentType, format.without(text, name))
		return
	}
	ctx.Proxy().Body().SetRaw(contentType, format.without(r.Body(), name))
	hosthttp.SetLength(r)
	if _, ok := format.(urlencoded); ok { // an earlier filter may have parsed it, and a later one would write it back
		r.PostArgs().ParseBytes(r.Body())
	}
}
