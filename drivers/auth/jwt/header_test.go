package jwt

import (
	"testing"

	http_context "github.com/eolinker/apinto/node/http-context"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/valyala/fasthttp"

	"apinto-jwt/jwttest/host"
)

func TestAuthorizationHeader(t *testing.T) {
	kept := "X-Kept: 1"
	hidden := get(kept)
	for _, x := range []extraction{
		{"Bearer", get("Authorization: Bearer {ann}", kept), "ann", hidden},
		{"bearer", get("Authorization: bearer {ann}", kept), "ann", hidden},
		{"bEaReR", get("Authorization: bEaReR {ann}", kept), "ann", hidden},
		{"several spaces", get("Authorization: Bearer   {ann}", kept), "ann", hidden},
		{"spaces round it", get("Authorization:   Bearer {ann}  ", kept), "ann", hidden},
		{"no scheme", get("Authorization: {ann}", kept), "ann", hidden},
		{"name in lower case", get("authorization: Bearer {ann}", kept), "ann", hidden},
		{"name in upper case", get("AUTHORIZATION: Bearer {ann}", kept), "ann", hidden},
		{"the same twice", get("Authorization: Bearer {ann}", "authorization: {ann}", kept), "ann", hidden},
		{"no header", get(kept), "none", ""},
		{"empty", get("Authorization: ", kept), "none", ""},
		{"scheme alone", get("Authorization: Bearer", kept), "none", ""},
		{"scheme and spaces", get("Authorization: Bearer   ", kept), "none", ""},
		{"another scheme", get("Authorization: Basic YTpi", kept), "none", ""},
		{"another scheme with a token", get("Authorization: Token {ann}", kept), "none", ""},
		{"two schemes", get("Authorization: Bearer Bearer {ann}", kept), "token_malformed", ""},
		{"tab behind the scheme", get("Authorization: Bearer\t{ann}", kept), "token_malformed", ""},
		{"two tokens in one", get("Authorization: Bearer {ann}, Bearer {bob}", kept), "token_malformed", ""},
		{"text behind the token", get("Authorization: Bearer {ann} x", kept), "token_malformed", ""},
		{"two different", get("Authorization: Bearer {ann}", "Authorization: Bearer {bob}", kept), "token_malformed", ""},
		{"three of which two differ", get("Authorization: {ann}", "Authorization: {bob}", "Authorization: {ann}", kept), "token_malformed", ""},
		{"rubbish first", get("Authorization: Bearer x", "Authorization: Bearer {bob}", kept), "token_malformed", ""},
	} {
		x.run(t, "header", "Authorization")
		x.run(t, "", "not looked at")
	}
}

// A second credential of another scheme is not ours: it counts for nothing. Hiding takes the header as a whole, as the
// host does.
func TestAnotherSchemeBeside(t *testing.T) {
	for _, x := range []extraction{
		{"in front", get("Authorization: Basic YTpi", "Authorization: Bearer {ann}", "A: b"), "ann", get("A: b")},
		{"behind", get("Authorization: Bearer {ann}", "Authorization: Basic YTpi", "A: b"), "ann", get("A: b")},
	} {
		x.run(t, "header", "Authorization")
	}
}

func TestOtherHeaders(t *testing.T) {
	for _, name := range []string{"X-Token", "x-token", "X-TOKEN", " x-Token "} {
		t.Run(name, func(t *testing.T) {
			for _, x := range []extraction{
				{"as configured", get("X-Token: {ann}", "A: b"), "ann", get("A: b")},
				{"in another case", get("x-tOKEN: Bearer {ann}", "A: b"), "ann", get("A: b")},
				{"a longer name", get("X-Token-2: {ann}", "A: b"), "none", ""},
				{"a shorter name", get("X-Toke: {ann}", "A: b"), "none", ""},
				{"underscore", get("X_Token: {ann}", "A: b"), "none", ""},
				{"Authorization", get("Authorization: {ann}"), "none", ""},
				{"beside Authorization", get("Authorization: {bob}", "X-Token: {ann}"), "ann", get("Authorization: {bob}")},
				{"twice", get("X-Token: {ann}", "X-Token: {bob}"), "token_malformed", ""},
			} {
				x.run(t, "header", name)
			}
		})
	}
	for _, x := range []extraction{
		{"cookie header", get("Cookie: {ann}", "A: b"), "ann", get("A: b")},
	} {
		x.run(t, "header", "Cookie")
	}
	for _, x := range []extraction{
		{"underscore", get("X_Token: {ann}", "A: b"), "ann", get("A: b")},
		{"hyphen", get("X-Token: {ann}", "A: b"), "none", ""},
	} {
		x.run(t, "header", "x_token")
	}
}

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

func TestQuery(t *testing.T) {
	for _, x := range []extraction{
		{"alone", getQuery("jwt={ann}"), "ann", "GET /path HTTP/1.1\nHost: a\n\n"},
		{"first", getQuery("jwt={ann}&a=1&b=2"), "ann", getQuery("a=1&b=2")},
		{"middle", getQuery("a=1&jwt={ann}&b=2"), "ann", getQuery("a=1&b=2")},
		{"last", getQuery("a=1&b=2&jwt={ann}"), "ann", getQuery("a=1&b=2")},
		{"with a scheme", getQuery("jwt=Bearer%20{ann}&a"), "ann", getQuery("a")},
		{"with a scheme and a plus", getQuery("jwt=bearer+{ann}&a"), "ann", getQuery("a")},
		{"encoded name", getQuery("%6A%77t={ann}&a=1"), "ann", getQuery("a=1")},
		{"the same twice", getQuery("jwt={ann}&a=1&jwt={ann}"), "ann", getQuery("a=1")},
		{"the same with and without a scheme", getQuery("jwt={ann}&a=1&jwt=Bearer+{ann}"), "ann", getQuery("a=1")},
		{"once more, empty", getQuery("jwt=&jwt={ann}&a=1"), "ann", getQuery("a=1")},
		{"two different", getQuery("jwt={ann}&jwt={bob}"), "token_malformed", ""},
		{"two different, one by its encoded name", getQuery("jwt={ann}&%6Awt={bob}"), "token_malformed", ""},
		{"a token and rubbish", getQuery("jwt={ann}&jwt=x"), "token_malformed", ""},
		{"blanks round it", getQuery("jwt=%20%09{ann}+&a=1"), "ann", getQuery("a=1")},
		{"a line end before it", getQuery("jwt=%0A{ann}&a=1"), "token_malformed", ""},
		{"a line end behind it", getQuery("jwt={ann}%0D%0A&a=1"), "token_malformed", ""},
		{"other white space round it", getQuery("jwt=%C2%A0{ann}%E2%80%A8"), "token_malformed", ""},
		{"missing", getQuery("a=1"), "none", ""},
		{"empty", getQuery("jwt=&a=1"), "none", ""},
		{"no value", getQuery("jwt&a=1"), "none", ""},
		{"another case", getQuery("JWT={ann}"), "none", ""},
		{"a longer name", getQuery("jwt2={ann}&xjwt={ann}&jwt[]={ann}"), "none", ""},
		{"in the path", "GET /jwt={ann} HTTP/1.1\nHost: a\n\n", "none", ""},
	} {
		x.run(t, "query", "jwt")
	}
	for _, x := range []extraction{
		{"encoded", getQuery("a%20%26b={ann}&c=1"), "ann", getQuery("c=1")},
		{"plus", getQuery("a+%26b={ann}&c=1"), "ann", getQuery("c=1")},
	} {
		x.run(t, "query", "a &b")
	}
}

// What stands beside a hidden token reaches the upstream as the client wrote it: it may be signed, or not be what it
// seems to a parser.
func TestHiddenQueryLeavesTheOthersAsWritten(t *testing.T) {
	for _, x := range []extraction{
		{"encoded where it need not be", getQuery("a=%7e%41&jwt={ann}"), "ann", getQuery("a=%7e%41")},
		{"not encoded where it could be", getQuery("a=/:@,;'(&jwt={ann}"), "ann", getQuery("a=/:@,;'(")},
		{"encoded in lower case", getQuery("jwt={ann}&a=%2f"), "ann", getQuery("a=%2f")},
		{"blank as %20", getQuery("jwt={ann}&a=b%20c"), "ann", getQuery("a=b%20c")},
		{"not an encoding", getQuery("a=%zz&jwt={ann}"), "ann", getQuery("a=%zz")},
		{"empty pairs", getQuery("a&&b=&jwt={ann}&=c"), "ann", getQuery("a&&b=&=c")},
		{"equals signs", getQuery("a=b=c&jwt={ann}"), "ann", getQuery("a=b=c")},
		{"no pairs at all", getQuery("hello/world&jwt={ann}"), "ann", getQuery("hello/world")},
	} {
		x.run(t, "query", "jwt")
	}
}
