package host

import (
	"bufio"
	"bytes"
	"io"
	"net/http/httputil"
	"strconv"
	"strings"
	"testing"

	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"
)

// wire makes HTTP/1.1 text fit for the wire: the head's lines end in CRLF, and a body has a length.
func wire(text string) string {
	head, body := split(text)
	head = strings.ReplaceAll(strings.ReplaceAll(head, "\r\n", "\n"), "\n", "\r\n")
	lower := strings.ToLower(head)
	if body != "" && !strings.Contains(lower, "content-length:") && !strings.Contains(lower, "transfer-encoding:") {
		head += "\r\nContent-Length: " + strconv.Itoa(len(body))
	}
	return head + "\r\n\r\n" + body
}

// split parts the head from the body at the first empty line.
func split(text string) (head, body string) {
	at, size := -1, 0
	for _, empty := range []string{"\r\n\r\n", "\n\n"} {
		if i := strings.Index(text, empty); i >= 0 && (at < 0 || i < at) {
			at, size = i, len(empty)
		}
	}
	if at < 0 {
		return text, ""
	}
	return text[:at], text[at+size:]
}

// Upstream returns the request as it goes to the upstream, as text: what the gateway does before it sends it is done.
func Upstream(t testing.TB, ctx http_service.IHttpContext) string {
	t.Helper()
	if err := ctx.Proxy().Body().RefactorBody(); err != nil {
		t.Fatalf("the request's form cannot be written: %v", err)
	}
	request := ctx.Proxy().(interface{ Request() *fasthttp.Request }).Request()
	request.URI().SetHost("upstream.test")
	var text bytes.Buffer
	writer := bufio.NewWriter(&text)
	if err := request.Write(writer); err != nil {
		t.Fatalf("the request cannot be sent on: %v", err)
	}
	if err := writer.Flush(); err != nil {
		t.Fatal(err)
	}
	return unchunked(t, text.String())
}

// unchunked returns a request whose body, if it comes in chunks, stands there as one piece: how large the chunks are says
// nothing.
func unchunked(t testing.TB, text string) string {
	t.Helper()
	head, body := split(text)
	if !strings.Contains(strings.ToLower(head), "transfer-encoding: chunked") {
		return text
	}
	whole, err := io.ReadAll(httputil.NewChunkedReader(strings.NewReader(body)))
	if err != nil {
		t.Fatalf("the request's chunks cannot be read: %v", err)
	}
	return head + "\r\n\r\n" + string(whole)
}
