package jwt

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
)

// hiddenAnn is a list of users with ann, whose token is hidden.
const hiddenAnn = `[{"pattern":{"username":"ann"},"hide_credential":true}]`

type (
	formReader = http_service.IBodyDataReader
	formWriter = http_service.IBodyDataWriter
)

// hostContext and upstreamOf are short for what the request is and what becomes of it.
func hostContext(t testing.TB, text string) http_service.IHttpContext { return host.Context(t, text) }

func upstreamOf(t testing.TB, ctx http_service.IHttpContext) string { return host.Upstream(t, ctx) }

// hidesReadForm reports whether the token is hidden in a form that a filter before us has read, and one behind us
// writes; the other fields stay.
func hidesReadForm(t *testing.T, contentType, body string, read func(formReader) error, write func(formWriter) error) {
	t.Helper()
	k := newKit(t)
	list := k.bind(appOf("a"), entry{position: "body", name: "jwt", users: hiddenAnn})
	ctx := host.Context(t, tokens(t).Replace(post(contentType, body)))
	must.Succeed(t, read(ctx.Proxy().Body()))
	if got := answer(ctx, list...); got != "ann of a@app" {
		t.Fatalf("got %s", got)
	}
	if write != nil {
		must.Succeed(t, write(ctx.Proxy().Body()))
	}
	got := host.Upstream(t, ctx)
	if strings.Contains(got, ann(t)) {
		t.Errorf("the upstream gets the token: %q", got)
	}
	for _, other := range []string{"file", "\x00\xff"} {
		if strings.Contains(body, other) && !strings.Contains(got, other) {
			t.Errorf("%q is gone: %q", other, got)
		}
	}
}

// padded is a JSON body of exactly this size with a token in it.
func padded(t testing.TB, size int) string {
	t.Helper()
	body := `{"jwt":"` + ann(t) + `","a":"`
	return body + strings.Repeat("x", size-len(body)-2) + `"}`
}

func TestBodyLimit(t *testing.T) {
	const limit = 20_000 // more than the server reads in advance
	t.Setenv(EnvBodyLimit, fmt.Sprint(limit))
	tests := []struct {
		name    string
		size    int
		chunked bool
		want    string
	}{
		{"at the limit", limit, false, "ann of a@app"},
		{"above the limit", limit + 1, false, "token_too_large"},
		{"small, in chunks", 1000, true, "ann of a@app"},
		{"at the limit, in chunks", limit, true, "ann of a@app"},
		{"above the limit, in chunks", limit + 1, true, "token_too_large"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{position: "body", name: "jwt"})
			body := padded(t, test.size)
			text := post("application/json", body)
			if test.chunked {
				text = post("application/json", chunked(body, 777), "Transfer-Encoding: chunked")
			}
			ctx := host.Context(t, text)
			got := answer(ctx, list...)
			if got == "end" { // it goes nowhere
				got, body = ctx.GetLabel(LabelResult), ""
			}
			if got != test.want {
				t.Fatalf("got %s, want %s", got, test.want)
			}
			if body == "" {
				return
			}
			if got := host.Upstream(t, ctx); !strings.HasSuffix(got, "\r\n\r\n"+body) {
				t.Errorf("the upstream gets another body: %.300q", got)
			}
		})
	}
}

// chunked is a body in chunks of this size.
func chunked(body string, size int) string {
	var b strings.Builder
	for len(body) > 0 {
		n := min(size, len(body))
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}
	return b.String() + "0\r\n\r\n"
}

// A body that nobody looks into costs nothing: it stays a stream.
func TestBodyIsNotReadWithoutNeed(t *testing.T) {
	k := newKit(t)
	header := k.bind(appOf("a"), entry{position: "header", name: "X-Token"}, entry{position: "body", name: "jwt"}, entry{position: "query", name: "p"})
	tests := []struct {
		name, request string
		want          string
	}{
		{"the header was enough", post("application/octet-stream", `{}`, "X-Token: "+ann(t)), "ann of a@app"},
		{"the header was enough, announced too large", post("application/json", strings.Repeat(" ", 9000), "Content-Length: 5000000", "X-Token: "+ann(t)), "ann of a@app"},
		{"two tokens before it", strings.Replace(post("application/json", `{}`, "X-Token: "+ann(t)), "q=1", "p=x.y.z", 1), "token_malformed"},
		{"a type that has no token", post("application/octet-stream", `{}`), "none"},
		{"announced too large", "POST / HTTP/1.1\nHost: a\nContent-Type: application/json\nContent-Length: 5000000\n\n" + strings.Repeat(" ", 9000), "token_too_large"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx := host.Context(t, test.request)
			if got := answer(ctx, header...); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if hosthttp.Raw(ctx.Proxy()).BodyStream() == nil {
				t.Error("the body has been read")
			}
		})
	}
}

// A body that breaks off is not taken for a whole one.
func TestBrokenStream(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	body := "pad=" + strings.Repeat("x", 9000) + "&jwt=" + ann(t) + "&amount=1"
	chunk := fmt.Sprintf("%x\r\n%s\r\n", len(body), body)
	for name, text := range map[string]string{
		"chunk without a size": post(form, chunk+"x\r\n", "Transfer-Encoding: chunked"),
		"chunk too short":      post(form, chunk+"ff\r\n000", "Transfer-Encoding: chunked"),
		"no last chunk":        post(form, chunk, "Transfer-Encoding: chunked"),
		"no end of the last":   post(form, chunk+"0\r\n", "Transfer-Encoding: chunked"),
		"length too large":     post(form, body, fmt.Sprint("Content-Length: ", len(body)+3)),
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{position: "body", name: "jwt"})
			ctx := host.Context(t, text)
			got := answer(ctx, list...)
			if label := ctx.GetLabel(LabelResult); got != "end" || label != "token_malformed" {
				t.Errorf("got %s, labelled %q", got, label)
			}
		})
	}
}

// Whatever a body is made of, looking into it takes a small multiple of its size.
func TestGarbageOfABody(t *testing.T) {
	const size = 1 << 20
	members := func() string {
		var b strings.Builder
		b.WriteString("{")
		for i := 0; b.Len() < size-20; i++ {
			fmt.Fprintf(&b, `"%x":1,`, i)
		}
		return b.String() + `"jwt":1}`
	}
	fill := func(piece string) string { return strings.Repeat(piece, (size-500)/len(piece)) }
	for name, test := range map[string]struct{ contentType, body, want string }{
		"members":            {"application/json", members(), "none"},
		"nested members":     {"application/json", `{"a":` + members() + `}`, "none"},
		"one long member":    {"application/json", `{"jwt":"` + fill("x") + `"}`, "token_too_large"},
		"escaped names":      {"application/json", `{"` + fill(`\u0061`) + `":1}`, "none"},
		"fields":             {"application/x-www-form-urlencoded", fill("a&"), "none"},
		"encoded fields":     {"application/x-www-form-urlencoded", fill("%6a%77&"), "none"},
		"blanks":             {"application/x-www-form-urlencoded", fill("+=&"), "none"},
		"fields of the name": {"application/x-www-form-urlencoded", fill("jwt=&"), "none"},
		"parts":              {"multipart/form-data; boundary=b", fill("--b\r\n\r\n\r\n") + "--b--\r\n", "token_too_large"},
		"headers of a part":  {"multipart/form-data; boundary=b", "--b\r\n" + fill("A: b\r\n") + "\r\n\r\n--b--\r\n", "none"},
		"one large part":     {"multipart/form-data; boundary=b", multipartBody("b", field("a", fill("x"))), "none"},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{position: "body", name: "jwt"})
			ctx := host.Context(t, post(test.contentType, test.body))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := answer(ctx, list...)
			runtime.ReadMemStats(&after)
			times := float64(after.TotalAlloc-before.TotalAlloc) / float64(len(test.body))
			t.Logf("%.1f times the body", times)
			if got != test.want || times > 10 {
				t.Errorf("got %s with %.1f times the body", got, times)
			}
		})
	}
}

// A form with more parts than are looked into is one of which nothing is known.
func TestMostParts(t *testing.T) {
	k := newKit(t)
	list := k.bind(appOf("a"), entry{position: "body", name: "jwt"}, entry{position: "header", name: "X-Token"})
	for parts, want := range map[int]string{1000: "ann of a@app", 1001: "token_too_large"} {
		fields := make([]string, parts-1)
		for i := range fields {
			fields[i] = field(fmt.Sprint("f", i), "1")
		}
		body := tokens(t).Replace(multipartBody("b0", append(fields, field("jwt", "{ann}"))...))
		if got := answer(host.Context(t, post("multipart/form-data; boundary=b0", body)), list...); got != want {
			t.Errorf("%d parts: got %s, want %s", parts, got, want)
		}
		if got := answer(host.Context(t, post("multipart/form-data; boundary=b0", body, "X-Token: "+ann(t))), list...); got != "ann of a@app" {
			t.Errorf("%d parts, the token in a header: got %s", parts, got)
		}
	}
}
