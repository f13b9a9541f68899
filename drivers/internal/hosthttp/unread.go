package hosthttp

import (
	"bytes"
	"io"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"
)

// MaxUnread is how much of an answered request's body is read so that the connection can be used again, in bytes.
const MaxUnread = 256 << 10

// dropped is how much of a body that nobody has read fasthttp's server drops before it looks for the next request, in
// bytes.
const dropped = 8 << 10

// Finish ends a request that goes no further: it reads what is left of the body, or has the connection closed behind
// the answer. What a plugin leaves unread, the host's server would take for the next request (RFC 9112 §9.3), and a
// client could hide one there from whoever stands before the gateway. Every answer of a plugin of ours ends with it.
func Finish(ctx http_service.IHttpContext) {
	switch r := Raw(ctx.Proxy()); {
	case r == nil || closes(ctx):
	case bothLengths(r):
		Close(ctx)
	case r.IsBodyStream():
		if _, err := io.CopyN(io.Discard, r.BodyStream(), MaxUnread); err != io.EOF { //nolint:errorlint // CopyN's own
			Close(ctx)
		}
	}
}

// CloseUnread has the connection closed behind the answer if the body is longer than what the server drops. It reads
// nothing: it is for requests that are about to be refused, and that another type of authentication may accept after
// all. Then the upstream's answer takes the place of this one.
func CloseUnread(ctx http_service.IHttpContext) {
	r := Raw(ctx.Proxy())
	if r != nil && (bothLengths(r) || r.IsBodyStream() && outlasts(r.Header.ContentLength())) {
		Close(ctx)
	}
}

// outlasts reports whether a body of this length is more than what the server drops; below 0: it is not known.
func outlasts(length int) bool { return length < 0 || length > dropped }

// Close has the connection closed behind the answer. It is for a request whose end cannot be known any more: a body
// that is damaged must not be read on, as its rest may look like a body's end.
func Close(ctx http_service.IHttpContext) { ctx.Response().SetHeader("Connection", "close") }

// bothLengths reports whether the request came with Transfer-Encoding and Content-Length. Whoever stands before the gateway
// may have counted by the other one, and the connection has to be closed (RFC 9112 §6.1).
func bothLengths(r *fasthttp.Request) bool {
	if r.Header.ContentLength() != chunked {
		return false
	}
	for line := range bytes.Lines(r.Header.RawHeaders()) {
		if name, _, found := bytes.Cut(line, []byte(":")); found && bytes.EqualFold(bytes.TrimSpace(name), []byte("Content-Length")) {
			return true
		}
	}
	return false
}

// chunked is fasthttp's length of a body in chunks.
const chunked = -1

// closes reports whether the connection is to be closed behind the answer.
func closes(ctx http_service.IHttpContext) bool {
	return ctx.Response().GetHeader("Connection") == "close"
}
