package explain

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	http_context "github.com/eolinker/apinto/node/http-context"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"

	"apinto-jwt/internal/httptoken"
)

// Request is a request that is explained: HTTP/1.1 text, or an object with its parts.
type Request struct{ text string }

// parts is a request as an object.
type parts struct {
	Method  string                     `json:"method"`
	URL     string                     `json:"url"`
	Headers map[string]json.RawMessage `json:"headers"`
	Body    string                     `json:"body"`
}

// ErrRequest is a request that cannot be read. Its text shows nothing of it.
var ErrRequest = errors.New("request")

// Text is a request as HTTP/1.1 text.
func Text(text string) *Request { return &Request{text} }

// UnmarshalJSON reads the text, or the object.
func (r *Request) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		return json.Unmarshal(text, &r.text)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	p := parts{Method: "GET", URL: "/"}
	if err := decoder.Decode(&p); err != nil {
		return fmt.Errorf(`%w: give {"method":…,"url":…,"headers":{…},"body":…}, or the request as one text`, ErrRequest)
	}
	return r.compose(&p)
}

// compose writes the parts as text.
func (r *Request) compose(p *parts) error {
	target, err := url.Parse(p.URL)
	if err != nil || !httptoken.Valid(p.Method) {
		return fmt.Errorf("%w: method or url is none", ErrRequest)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", p.Method, target.RequestURI())
	hasHost := false
	for _, name := range slices.Sorted(maps.Keys(p.Headers)) {
		values, ok := texts(p.Headers[name])
		if !ok || !httptoken.Valid(name) {
			return fmt.Errorf("%w: headers must map names to a text or a list of texts", ErrRequest)
		}
		hasHost = hasHost || strings.EqualFold(name, "Host")
		for _, value := range values {
			if strings.ContainsAny(value, "\r\n\x00") {
				return fmt.Errorf("%w: a header's value has a line end in it", ErrRequest)
			}
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	if !hasHost && target.Host != "" && !strings.ContainsAny(target.Host, "\r\n\x00") {
		fmt.Fprintf(&b, "Host: %s\r\n", target.Host)
	}
	r.text = b.String() + "\r\n" + p.Body
	return nil
}

// texts reads a text, or a list of texts.
func texts(raw json.RawMessage) (list []string, ok bool) {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}, true
	}
	return list, json.Unmarshal(raw, &list) == nil
}

// wire makes the text fit for the wire: the head's lines end in CRLF, the version is HTTP/1.1, and there are a host and, with a
// body, its length.
func (r *Request) wire() string {
	text := strings.TrimLeft(r.text, "\r\n")
	head, body, at := text, "", len(text)
	for _, empty := range []string{"\r\n\r\n", "\n\n"} {
		if i := strings.Index(text, empty); i >= 0 && i < at {
			head, body, at = text[:i], text[i+len(empty):], i
		}
	}
	lines := strings.Split(strings.ReplaceAll(strings.TrimRight(head, "\r\n"), "\r\n", "\n"), "\n")
	if i := strings.LastIndex(lines[0], " HTTP/"); i >= 0 {
		lines[0] = lines[0][:i] + " HTTP/1.1"
	}
	has := func(name string) bool {
		return slices.ContainsFunc(lines[1:], func(line string) bool {
			key, _, found := strings.Cut(line, ":")
			return found && strings.EqualFold(strings.TrimSpace(key), name)
		})
	}
	if !has("Host") {
		lines = append(lines, "Host: gateway")
	}
	framed := has("Content-Length") || has("Transfer-Encoding")
	if !framed && strings.TrimSpace(body) == "" { // an editor's line end
		body = ""
	}
	if !framed && body != "" {
		lines = append(lines, "Content-Length: "+strconv.Itoa(len(body)))
	}
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + body
}

// context is the gateway's own context of the request, read as the gateway's server reads it. A nil request is one that has
// nothing in it.
func (r *Request) context() (http_service.IHttpContext, error) {
	text := "GET / HTTP/1.1\r\nHost: gateway\r\n\r\n"
	if r != nil {
		text = r.wire()
	}
	if line, _, _ := strings.Cut(text, "\r\n"); strings.Count(line, " ") != 2 {
		return nil, fmt.Errorf("%w: it does not begin with a method, a target and HTTP/1.1", ErrRequest)
	}
	ctx := new(fasthttp.RequestCtx)
	ctx.Init(new(fasthttp.Request), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, nil)
	reader := bufio.NewReaderSize(strings.NewReader(text), len(text)+1)
	err := ctx.Request.Header.Read(reader)
	if err == nil {
		err = ctx.Request.ContinueReadBodyStream(reader, MaxInput, false)
	}
	if err != nil { // its text has what it could not read
		return nil, fmt.Errorf("%w: it cannot be read as HTTP/1.1", ErrRequest)
	}
	return http_context.NewContext(ctx, 0), nil
}

// MaxInput bounds a request that is explained, in bytes.
const MaxInput = 1 << 20
