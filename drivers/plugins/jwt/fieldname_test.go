package jwt

import (
	"strings"
	"testing"

	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
)

// A header whose name has white space is refused (RFC 9112 §5.1), whatever the mode, and the connection ends: who stands
// before the gateway may see another end of the body.
func TestHeaderNameWithABlank(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	for _, config := range []string{`{}`, `{"mode":"observe"}`, `{"required":false}`} {
		for _, header := range []string{"X-Role : a", "Transfer-Encoding : chunked", "Authorization : x", "X Role: a"} {
			got := r.ask(config, r.get(r.tokenOf("shop", nil), header))
			got.expect(t, "400 header_malformed")
			got.label(t, "jwt_result", "header_malformed")
			if got.Response().GetHeader("Connection") != "close" {
				t.Errorf("%s, %s: the connection stays", config, header)
			}
		}
		r.ask(config, r.get(r.tokenOf("shop", nil), "X-Role: a : b", "X_Role:a")).expect(t, "passed")
	}
}

// A trailer field with such a name is not forwarded, though it comes when the filter has judged the headers.
func TestTrailerNameWithABlank(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	for _, config := range []string{`{}`, `{"claims_to_headers":{"sub":"X-User"}}`} {
		sent := make(chan string, 3)
		route := func(ctx http_service.IHttpContext) {
			ctx.SetCompleteHandler(attempts{sent, func(ctx http_service.IHttpContext) { _, _ = ctx.Proxy().Body().RawBody() }})
			ctx.SetBalance(nodes{})
		}
		s := serve(t, r.filter(config), route, func(ctx eocontext.EoContext) {
			if err := ctx.GetComplete().Complete(ctx); err != nil {
				t.Error(err)
			}
		})
		s.write("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nAuthorization: Bearer " + r.tokenOf("shop", nil) + "\r\n\r\n" +
			chunkOf("a=1") + "0\r\nX-Role : admin\r\nx-kind : admin\r\n\r\n")
		if status, _, _ := s.answer("POST"); status != 200 {
			t.Fatalf("status %d", status)
		}
		for range 3 {
			if headers := <-sent; strings.Contains(headers, "admin") {
				t.Errorf("%s: the upstream gets\n%s", config, headers)
			}
		}
	}
}

// What "app" would refuse is refused while the filter observes: "app" sees an application, and asks no more.
func TestParametersWhileObserving(t *testing.T) {
	r := newRig(t)
	r.app("shop", `"additional":[{"key":"X-Tenant","value":"t1","position":"header","conflict":"error"}]`)
	for _, config := range []string{`{}`, `{"mode":"observe"}`} {
		got := r.ask(config, r.get(r.tokenOf("shop", nil), "X-Tenant: t2"))
		got.expect(t, "401 params_refused")
		r.ask(config, r.get(r.tokenOf("shop", nil))).expect(t, "passed")
	}
}
