package jwt

import (
	"bytes"
	"encoding/base64"
	"strings"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/tidwall/gjson"
	"github.com/valyala/fasthttp"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/internal/httptoken"
	"apinto-jwt/token"
)

// upstream is the headers of the forwarded request that the policy alone writes.
type upstream []ownedHeader

// field is a header with its value.
type field struct{ name, value string }

// forward writes the headers of an accepted token into the request that goes to the upstream, and removes what the
// client sent under their names; with no token it only removes. The identity is the header with the upstream's token, if it has
// one. A claim that no header can carry is left out as one that is missing is, and named in a label. A panic later, when the
// request is sent, is counted among the faults.
func (u upstream) forward(ctx http_service.IHttpContext, v *token.Verified, identity field, faults *driver.Faults) {
	fields, dropped := u.fields(v)
	switch {
	case identity.value != "":
		fields = append(fields, identity)
	case identity.name != "":
		dropped = append(dropped, identity.name)
	}
	if dropped != nil {
		ctx.SetLabel(LabelDropped, strings.Join(dropped, ","))
	}
	u.replace(ctx, fields)
	w, late := writtenIn(ctx), chunked(ctx)
	switch {
	case w != nil:
		w.add(u, fields)
		w.upstream.replace(ctx, w.fields)
	case late || identity.value != "":
		w = &written{u, fields}
		ctx.WithValue(writtenKey{}, w)
	}
	if late {
		w.keep(ctx, faults)
	}
}

// chunked reports whether the request may end in trailer fields (RFC 9112 §7.1.2).
func chunked(ctx http_service.IHttpContext) bool {
	r := hosthttp.Raw(ctx.Proxy())
	return r != nil && r.Header.ContentLength() == -1
}

// fields returns the headers that a token's claims become.
func (u upstream) fields(v *token.Verified) (fields []field, dropped []string) {
	if v == nil {
		return nil, nil
	}
	fields = make([]field, 0, len(u))
	for i := range u {
		h := &u[i]
		if h.minted {
			continue
		}
		if h.path.IsZero() {
			fields = append(fields, field{h.name, base64.RawURLEncoding.EncodeToString([]byte(v.Payload()))})
			continue
		}
		claim, ok := v.Find(h.path)
		if !ok || claim.Type == gjson.Null {
			continue
		}
		value, ok := headerValue(claim)
		if !ok {
			dropped = append(dropped, h.name)
			continue
		}
		fields = append(fields, field{h.name, value})
	}
	return fields, dropped
}

// tokenHeader returns the name of the header with the upstream's token; "" if there is none.
func (u upstream) tokenHeader() string {
	for i := range u {
		if u[i].minted {
			return u[i].name
		}
	}
	return ""
}

// replace removes what stands in the forwarded request under the names of our headers, and writes ours.
func (u upstream) replace(ctx http_service.IHttpContext, fields []field) {
	if r := hosthttp.Raw(ctx.Proxy()); r != nil {
		u.removeTrailers(&r.Header)
		u.remove(ctx, r)
	} else {
		for name := range ctx.Proxy().Header().Headers() {
			if u.removes([]byte(name)) {
				ctx.Proxy().Header().DelHeader(name)
			}
		}
	}
	for _, f := range fields {
		ctx.Proxy().Header().SetHeader(f.name, f.value)
	}
}

// remove takes our headers out, however they are written and however often they are there, and their names out of
// Connection, which would have the next proxy remove ours (RFC 9110 §7.6.1). With them goes what has no name: a trailer
// field may have come that would have been refused among the headers.
func (u upstream) remove(ctx http_service.IHttpContext, r *fasthttp.Request) {
	var ours []string
	var options connectionOptions
	var room [2048]byte // what is sent is looked at: walking the host's structures would rewrite the request's cookies
	fields := fieldScanner(r.Header.AppendBytes(room[:0]))
	fields.next() // the request line
	for {
		name, value, ok := fields.next()
		switch {
		case !ok:
			u.delete(ctx, ours)
			options.write(ctx.Proxy().Header())
			return
		case u.removes(name):
			ours = append(ours, string(name))
		case sameHeader(name, "connection"):
			options.add(string(name), string(value), u)
		}
	}
}

// delete removes headers of these names, as they are written.
func (u upstream) delete(ctx http_service.IHttpContext, names []string) {
	header := ctx.Proxy().Header()
	for _, name := range names {
		header.DelHeader(name)
	}
	if _, websocket := ctx.(http_service.IWebsocketContext); websocket && len(names) > 0 {
		u.removeFromMap(header)
	}
}

// connectionOptions are the names in Connection, without our headers.
type connectionOptions struct {
	names []string // as Connection is written
	kept  []string
	ours  bool // one of our headers was named
}

// add takes a line of Connection.
func (o *connectionOptions) add(name, value string, u upstream) {
	o.names = append(o.names, name)
	for option := range strings.SplitSeq(value, ",") {
		if option = strings.TrimSpace(option); u.owns([]byte(option)) {
			o.ours = true
		} else if option != "" {
			o.kept = append(o.kept, option)
		}
	}
}

// write writes Connection anew if it named one of our headers.
func (o *connectionOptions) write(header http_service.IHeaderWriter) {
	if !o.ours {
		return
	}
	for _, name := range o.names {
		header.DelHeader(name)
	}
	if len(o.kept) > 0 {
		header.SetHeader("Connection", strings.Join(o.kept, ", "))
	}
}

// removeFromMap is remove for the host's copy of the headers, from which it makes a websocket's request: its own way
// to delete a name misses those that are not in canonical form.
func (u upstream) removeFromMap(header http_service.IHeaderWriter) {
	headers := header.Headers()
	for name := range headers {
		if u.removes([]byte(name)) {
			delete(headers, name)
		}
	}
}

// removeTrailers takes our names off the list of trailer fields. A header that is on the list is not sent as a header
// but behind the body, where the upstream does not look for it.
func (u upstream) removeTrailers(h *fasthttp.RequestHeader) {
	var kept []string
	named := false
	for name := range h.Trailers() {
		if u.owns(name) {
			named = true
		} else {
			kept = append(kept, string(name))
		}
	}
	if named {
		h.Del("Trailer")
		for _, name := range kept {
			_ = h.AddTrailer(name) // it was on the list before
		}
	}
}

// removes reports whether a header of the client's must not be forwarded.
func (u upstream) removes(name []byte) bool { return u.owns(name) || !httptoken.Valid(name) }

// owns reports whether a header of the client's may be taken for one of ours.
func (u upstream) owns(name []byte) bool {
	for i := range u {
		if sameHeader(name, u[i].folded) {
			return true
		}
	}
	return false
}

// fieldScanner walks the lines of a message's head.
type fieldScanner []byte

// next returns the next line, parted at its colon; false behind the last.
func (s *fieldScanner) next() (name, value []byte, ok bool) {
	end := bytes.IndexByte(*s, '\n')
	if end < 0 {
		return nil, nil, false
	}
	line := bytes.TrimSuffix((*s)[:end], []byte("\r"))
	*s = (*s)[end+1:]
	name, value, _ = bytes.Cut(line, []byte(":"))
	return name, value, len(line) > 0
}
