package jwt

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	http_context "github.com/eolinker/apinto/node/http-context"
	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"
	"github.com/tidwall/gjson"

	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/jwttest"
	"apinto-jwt/token"
)

// mintedWith is a configuration of the filter with an upstream's token of these members, and more fields.
func mintedWith(alg string, members claims, more ...string) string {
	all := claims{"issuer": "https://gw", "audience": "orders", "private_key": jwttest.PrivatePEM(jwttest.Key(alg))}
	maps.Copy(all, members)
	text, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return `{"upstream_token":` + string(text) + strings.Join(append([]string{""}, more...), ",") + `}`
}

// sentIn returns the values of a header that the upstream gets.
func (o outcome) sentIn(name string) (values []string) {
	for _, value := range hosthttp.Raw(o.Proxy()).Header.PeekAll(name) {
		values = append(values, string(value))
	}
	return values
}

// readBy returns the payload of a token, verified by the keys that the driver publishes.
func (r *rig) readBy(f *filter, raw string) string {
	r.t.Helper()
	unverified, err := token.Parse(raw)
	if err != nil {
		r.t.Fatal(err)
	}
	v, err := unverified.Verify(f.gate.driver.Accounts().Keys())
	if err != nil {
		r.t.Fatal(err)
	}
	if !strings.Contains(v.Header(), `"typ":"at+jwt"`) || !strings.Contains(v.Header(), `"kid":"`+v.Key().JWKThumbprint()+`"`) {
		r.t.Errorf("header %s", v.Header())
	}
	return v.Payload()
}

// The upstream gets a token of the gateway's, instead of whatever the client sends.
func TestUpstreamToken(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	exp := time.Now().Unix() + 3600
	client := r.tokenOf("shop", claims{"sub": "bob", "tenant": "t1", "scope": "read", "exp": exp})
	tests := []struct {
		name, header, prefix string
		members              claims
		want                 claims
	}{
		{"Authorization", "Authorization", "Bearer ", nil, claims{"iss": "https://gw", "sub": "bob", "aud": "orders", "client_id": "shop", "tenant": nil, "scope": nil}},
		{"authorization", "Authorization", "Bearer ", claims{"header": "authorization"}, claims{"sub": "bob"}},
		{"X-Identity", "X-Identity", "", claims{"header": "x-identity", "audience": []string{"a", "b"}}, claims{"sub": "bob", "aud": `["a","b"]`}},
		{"claims", "X-Identity", "", claims{"header": "X-Identity", "claims": claims{"sub": "tenant", "t": "$.tenant", "scope": "scope"}, "ttl": 10}, claims{"sub": "t1", "t": "t1", "scope": "read"}},
	}
	for _, alg := range []string{"RS256", "ES256", "EdDSA"} {
		for _, test := range tests {
			t.Run(alg+" "+test.name, func(t *testing.T) {
				f := r.filter(mintedWith(alg, test.members))
				spoofed := []string{"Connection: " + test.header}
				if test.header != "Authorization" { // two of which are refused
					spoofed = append(spoofed, test.header+": eve", "x_identity: eve")
				}
				o := r.send(r.get(client, spoofed...), f)
				o.expect(t, "passed")
				o.label(t, LabelDropped, "")
				values := o.sentIn(test.header)
				if len(values) != 1 || !strings.HasPrefix(values[0], test.prefix+"ey") || strings.Contains(o.upstream(), "eve") || strings.Contains(o.upstream(), "Connection") {
					t.Fatalf("the upstream gets\n%s", o.upstream())
				}
				if carried := strings.Contains(o.upstream(), client); carried != (test.header != "Authorization") {
					t.Errorf("the client's own token is forwarded: %v", carried)
				}
				payload := r.readBy(f, strings.TrimPrefix(values[0], test.prefix))
				for name, want := range test.want {
					if got := gjson.Get(payload, name); want == nil && got.Exists() || want != nil && got.String() != want {
						t.Errorf("%s is %s in %s", name, got, payload)
					}
				}
				life := gjson.Get(payload, "exp").Int() - gjson.Get(payload, "iat").Int()
				if want := int64(60); test.members["ttl"] != nil && life != 10 || test.members["ttl"] == nil && life != want {
					t.Errorf("it lives for %d s", life)
				}
				if again := r.send(r.get(client), f).sentIn(test.header); !slices.Equal(again, values) {
					t.Error("the next request has another token")
				}
				if algorithm := f.policy.Load().minter.Verifier().Algorithms().String(); algorithm != alg {
					t.Errorf("it is signed with %s", algorithm)
				}
			})
		}
	}
}

// Whoever is not accepted has no token, whatever the mode; the client's own header is gone all the same.
func TestUpstreamTokenNobody(t *testing.T) {
	r := newRig(t)
	r.app("shop", `"anonymous":false`)
	good, unknown := r.tokenOf("shop", nil), r.tokenOf("shop", claims{"sub": "eve"})
	ended := r.tokenOf("shop", claims{"exp": time.Now().Unix() - 10})
	config := func(more ...string) string { return mintedWith("ES256", claims{"header": "X-Identity"}, more...) }
	tests := []struct{ name, config, token, want string }{
		{"no token", config(`"required":false`), "", "passed"},
		{"no token, required", config(), "", "401 token_missing"},
		{"ended", config(), ended, "401 token_expired"},
		{"observed, no token", config(`"mode":"observe"`), "", "passed"},
		{"observed, bad", config(`"mode":"observe"`), good + "x", "passed"},
		{"observed, ended", config(`"mode":"observe"`), ended, "passed"},
		{"observed, unknown", config(`"mode":"observe"`), unknown, "passed"},
		{"observed, not sufficient", config(`"mode":"observe"`, `"scopes":["x"]`), good, "passed"},
		{"no subject", mintedWith("ES256", claims{"header": "X-Identity", "claims": claims{"sub": "mail"}}), good, "passed"},
	}
	for _, test := range tests {
		for range 2 {
			t.Run(test.name, func(t *testing.T) {
				o := r.ask(test.config, r.get(test.token, "X-Identity: eve", "x_identity: eve"))
				o.expect(t, test.want)
				if sent := o.upstream(); o.passed && strings.Contains(strings.ToLower(sent), "identity") {
					t.Errorf("the upstream gets\n%s", sent)
				}
				dropped := ""
				if test.name == "no subject" {
					dropped = "X-Identity"
				}
				o.label(t, LabelDropped, dropped)
			})
		}
	}
	o := r.ask(config(`"mode":"observe"`), r.get(good))
	if len(o.sentIn("X-Identity")) != 1 {
		t.Errorf("observed and accepted: the upstream gets\n%s", o.upstream())
	}
}

// A preflight request passes without a token, and has none.
func TestUpstreamTokenPreflight(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	s := serve(t, r.filter(mintedWith("ES256", nil)), nil, func(ctx eocontext.EoContext) {
		if sent := hosthttp.Raw(ctx.(http_service.IHttpContext).Proxy()).Header.String(); strings.Contains(sent, "Authorization") {
			t.Errorf("the upstream gets\n%s", sent)
		}
	})
	s.write("OPTIONS / HTTP/1.1\r\nHost: h\r\nOrigin: o\r\nAccess-Control-Request-Method: GET\r\nAuthorization: Bearer eve\r\n\r\n")
	if status, _, _ := s.answer("OPTIONS"); status != 200 {
		t.Errorf("status %d", status)
	}
}

// A token that is ended between two requests is refused at the second, and so is one whose user has gone: nothing of what was
// made for the first is used.
func TestUpstreamTokenOfARevokedToken(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(mintedWith("ES256", nil))
	client := r.tokenOf("shop", nil)
	r.send(r.get(client), f).expect(t, "passed")
	r.app("shop", `"disable":true`)
	o := r.send(r.get(client), f)
	o.expect(t, "401 app_disabled")
	r.gateway.Delete("shop")
	r.app("farm")
	r.send(r.get(client), f).expect(t, "401 signature_invalid")
}

// A websocket's request, which the host makes of a copy of the headers.
func TestUpstreamTokenWebsocket(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(mintedWith("ES256", nil))
	for _, client := range []string{r.tokenOf("shop", claims{"sub": "bob"}), r.tokenOf("shop", nil)} { // kept; hidden
		websocket, err := http_context.NewWebsocketContext(r.get(client, "Connection: Upgrade", "Upgrade: websocket"))
		if err != nil {
			t.Fatal(err)
		}
		r.send(websocket, r.filter(mintedWith("ES256", nil)))
		outcome{websocket, true}.expect(t, "passed")
		for name, values := range websocket.Proxy().Header().Headers() {
			if strings.EqualFold(name, "Authorization") && name != "Authorization" {
				t.Errorf("the host's copy has %s: %q", name, values)
			}
		}
		got := websocket.Proxy().Header().Headers()["Authorization"]
		if len(got) != 1 || strings.Contains(got[0], client) {
			t.Fatalf("Authorization is %q", got)
		}
		r.readBy(f, strings.TrimPrefix(got[0], "Bearer "))
	}
}

// A trailer field does not replace the token, between attempts neither.
func TestUpstreamTokenTrailer(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(mintedWith("ES256", claims{"header": "X-Identity"}))
	sent := make(chan string, 3)
	read := func(ctx http_service.IHttpContext) { _, _ = ctx.Proxy().Body().RawBody() }
	s := serve(t, f, func(ctx http_service.IHttpContext) {
		ctx.SetCompleteHandler(attempts{sent, read})
		ctx.SetBalance(nodes{})
	}, func(ctx eocontext.EoContext) {
		if err := ctx.GetComplete().Complete(ctx); err != nil {
			t.Error(err)
		}
	})
	s.write("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: X-Identity\r\nAuthorization: Bearer " + r.tokenOf("shop", nil) +
		"\r\n\r\n" + chunkOf("a=1") + "0\r\nX-Identity: eve\r\nx_identity: eve\r\n\r\n")
	if status, _, _ := s.answer("POST"); status != 200 {
		t.Fatalf("status %d", status)
	}
	for range 3 {
		if headers := <-sent; strings.Contains(headers, "eve") || strings.Count(headers, "X-Identity: ey") != 1 || strings.Contains(headers, "Trailer") {
			t.Errorf("the upstream gets\n%s", headers)
		}
	}
}

// The private key may be a variable of the host's. No fault shows it.
func TestUpstreamTokenVariable(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	const config = `{"upstream_token":{"issuer":"https://gw","audience":"orders","private_key":"${key}"}}`
	pem := jwttest.PrivatePEM(jwttest.Key("ES256"))
	read, err := save(config, "key", pem)
	if err != nil {
		t.Fatal(err)
	}
	f := r.create(read)
	o := r.send(r.get(r.tokenOf("shop", nil)), f)
	o.expect(t, "passed")
	r.readBy(f, strings.TrimPrefix(o.sentIn("Authorization")[0], "Bearer "))
	for _, damaged := range []string{pem[:len(pem)/2], strings.ReplaceAll(pem, "\n", ""), "\n" + pem + pem} {
		_, err := save(config, "key", damaged)
		if err == nil || strings.Contains(err.Error(), pem[40:60]) {
			t.Errorf("got %v", err)
		}
	}
}
