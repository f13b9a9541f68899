package hosthttp

import (
	"testing"

	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/jwttest/host"
)

func TestPrivately(t *testing.T) {
	for _, test := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"nothing", nil, "private"},
		{"an age", []string{"max-age=60, must-revalidate"}, "private, max-age=60, must-revalidate"},
		{"public", []string{"public, max-age=60"}, "private, max-age=60"},
		{"for shared caches", []string{"max-age=60", "Public,S-MaxAge=10"}, "private, max-age=60"},
		{"private for some fields", []string{`private="Set-Cookie, X-A", no-cache="X-B, public"`}, `private, no-cache="X-B, public"`},
		{"an escaped quote", []string{`no-cache="a\", public", public`}, `private, no-cache="a\", public"`},
		{"empty directives", []string{", ,no-store,"}, "private, no-store"},
	} {
		if got := privately(test.lines); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// answering answers with these headers, in turn name and value.
type answering []string

func (a answering) Complete(ctx eocontext.EoContext) error {
	response := ctx.(http_service.IHttpContext).Response()
	for i := 0; i < len(a); i += 2 {
		response.AddHeader(a[i], a[i+1])
	}
	return nil
}

func TestMarkPrivate(t *testing.T) {
	ctx := host.Get(t, "/")
	ctx.SetCompleteHandler(answering{
		"Cache-Control", "max-age=1", "Cache-Control", "public", "CDN-Cache-Control", "max-age=9", "Surrogate-Control", "max-age=9", "Vary", "Accept, cookie",
	})
	for range 2 { // two who accept the same request
		MarkPrivate(ctx, "Cookie", new(panics.Counter))
	}
	if !IsPrivate(ctx) || IsPrivate(host.Get(t, "/")) {
		t.Error("the mark is not that of the request")
	}
	if err := ctx.GetComplete().Complete(ctx); err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"Cache-Control": "private, max-age=1", "CDN-Cache-Control": "", "Surrogate-Control": "", "Vary": "Accept, cookie",
	} {
		if got := fieldLines(ctx.Response(), header); len(got) > 1 || len(got) == 1 && got[0] != want || len(got) == 0 && want != "" {
			t.Errorf("%s: got %q, want %q", header, got, want)
		}
	}
}

// An answer that cannot be marked is withheld.
func TestMarkPanics(t *testing.T) {
	ctx, faults := host.Get(t, "/"), new(panics.Counter)
	ctx.SetCompleteHandler(answering{"X-A", "1"})
	afterwards(ctx, faults, func(http_service.IHttpContext) { panic("the test's panic") })
	if err := ctx.GetComplete().Complete(ctx); err == nil || ctx.Response().StatusCode() != 500 || faults.Total() != 1 {
		t.Errorf("%v, status %d, %d faults", err, ctx.Response().StatusCode(), faults.Total())
	}
}

// A GET request without its body announces none.
func TestSetLength(t *testing.T) {
	ctx := host.Context(t, "GET / HTTP/1.1\nHost: h\nContent-Length: 3\n\na=1")
	r := Raw(ctx.Proxy())
	r.SetBodyRaw(nil)
	SetLength(r)
	if n := r.Header.ContentLength(); n != 0 {
		t.Errorf("%d bytes are announced", n)
	}
}
