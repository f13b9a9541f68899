package jwt

import (
	"testing"

	http_context "github.com/eolinker/apinto/node/http-context"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"

	"apinto-jwt/jwttest/host"
)

// A later version of the host keeps names as the client wrote them.
func TestHeaderNamesAsWritten(t *testing.T) {
	for _, spelling := range []string{"authorization", "AUTHORIZATION", "aUthorization"} {
		t.Run(spelling, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{users: `[{"pattern":{"username":"ann"},"hide_credential":true}]`})
			var request fasthttp.Request
			request.Header.DisableNormalizing()
			request.SetRequestURI("http://a/")
			request.Header.Set(spelling, "Bearer "+ann(t))
			request.Header.Set("x-kept", "1")
			inner := new(fasthttp.RequestCtx)
			inner.Init(&request, nil, nil)
			ctx := http_context.NewContext(inner, 8080)
			if got := answer(ctx, list...); got != "ann of a@app" {
				t.Fatalf("got %s", got)
			}
			for key, value := range inner.Request.Header.All() {
				if string(value) == "Bearer "+ann(t) {
					t.Errorf("the upstream gets the token in %s", key)
				}
			}
			if string(inner.Request.Header.Peek("x-kept")) != "1" {
				t.Error("another header is gone")
			}
		})
	}
}

// opaque is a context whose requests do not offer the request behind them, as another host's might not.
type opaque struct {
	http_service.IHttpContext
	reader opaqueReader
	proxy  opaqueProxy
}

type (
	opaqueReader struct{ http_service.IRequestReader }
	opaqueProxy  struct{ http_service.IRequest }
)

func (o *opaque) Request() http_service.IRequestReader { return o.reader }

func (o *opaque) Proxy() http_service.IRequest { return o.proxy }

func opaqueContext(t testing.TB, text string) *opaque {
	t.Helper()
	ctx := host.Context(t, text)
	return &opaque{ctx, opaqueReader{ctx.Request()}, opaqueProxy{ctx.Proxy()}}
}

func TestThroughTheInterfaceAlone(t *testing.T) {
	fill := tokens(t)
	tests := []struct {
		name, position, request, want, hidden string
	}{
		{"header", "header", get("x-token: Bearer {ann}", "A: b"), "ann of a@app", get("A: b")},
		{"no header", "header", get("A: b"), "none", get("A: b")},
		{"query", "query", getQuery("x-token={ann}&a=b"), "ann of a@app", getQuery("a=b")},
		{"no query", "query", getQuery("a=b"), "none", getQuery("a=b")},
		{"JSON", "body", post("application/json", `{"x-token":"{ann}","a":1}`), "ann of a@app", post("application/json", `{"a":1}`)},
		{"form", "body", post("application/x-www-form-urlencoded", `x-token={ann}&a=1`), "ann of a@app", post("application/x-www-form-urlencoded", `a=1`)},
		{"encoded body", "body", post("application/json", `{"x-token":"{ann}"}`, "Content-Encoding: gzip"), "none", post("application/json", `{"x-token":"{ann}"}`, "Content-Encoding: gzip")},
		{"no body", "body", get("A: b"), "none", get("A: b")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{position: test.position, name: "x-token", users: `[{"pattern":{"username":"ann"},"hide_credential":true}]`})
			ctx := opaqueContext(t, fill.Replace(test.request))
			if got := answer(ctx, list...); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			sameUpstream(t, ctx.proxyOf(), host.Context(t, fill.Replace(test.hidden)))
		})
	}
}

// proxyOf is the context behind the opaque one.
func (o *opaque) proxyOf() http_service.IHttpContext { return o.IHttpContext }
