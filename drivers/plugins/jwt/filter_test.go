package jwt

import (
	"errors"
	"strings"
	"testing"

	"github.com/eolinker/eosc/eocontext"
	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/drivers/internal/panics"
	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/token"
)

// Each field alone, and together.
func TestFields(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	tests := []struct {
		name, config string
		claims       claims
		want         string
	}{
		{"nothing required but a token", `{}`, nil, "passed"},
		{"no configuration at all", `null`, nil, "passed"},
		{"null is the default", `{"required":null,"mode":null,"apps":null,"claims":null}`, nil, "passed"},

		{"app by ID", `{"apps":["shop@app"]}`, nil, "passed"},
		{"app by name", `{"apps":["other","Shop"]}`, nil, "passed"},
		{"another app", `{"apps":["other"]}`, nil, "403 app_not_allowed"},

		{"audience", `{"audience":["orders"]}`, claims{"aud": "orders"}, "passed"},
		{"audience in a list", `{"audience":["x","orders"]}`, claims{"aud": []string{"a", "orders"}}, "passed"},
		{"another audience", `{"audience":["orders"]}`, claims{"aud": "order"}, "403 audience_mismatch"},
		{"no audience", `{"audience":["orders"]}`, nil, "403 audience_mismatch"},

		{"scopes in a string", `{"scopes":["read","write"]}`, claims{"scope": "write a read"}, "passed"},
		{"scopes in a list", `{"scopes":["read","write"]}`, claims{"scope": []string{"write", "read"}}, "passed"},
		{"scopes in scp, a list", `{"scopes":["read"]}`, claims{"scp": []string{"read"}}, "passed"},
		{"scopes in scp, a string", `{"scopes":["read"]}`, claims{"scp": "a read"}, "passed"},
		{"scope, not scp, where both are there", `{"scopes":["read"]}`, claims{"scope": "a", "scp": "read"}, "403 claim_mismatch"},
		{"one scope of two", `{"scopes":["read","write"]}`, claims{"scope": "read"}, "403 claim_mismatch"},
		{"part of a scope", `{"scopes":["read"]}`, claims{"scope": "reader thread"}, "403 claim_mismatch"},
		{"scope in another case", `{"scopes":["read"]}`, claims{"scope": "Read"}, "403 claim_mismatch"},
		{"blank in a list's item", `{"scopes":["read"]}`, claims{"scope": []string{"read write"}}, "403 claim_mismatch"},
		{"scopes that are no scopes", `{"scopes":["1"]}`, claims{"scope": []int{1}}, "403 claim_mismatch"},
		{"an object of scopes", `{"scopes":["read"]}`, claims{"scope": claims{"read": true}}, "403 claim_mismatch"},
		{"no scopes", `{"scopes":["read"]}`, nil, "403 claim_missing"},

		{"claim equals", `{"claims":{"tenant":["a","b"]}}`, claims{"tenant": "b"}, "passed"},
		{"claim in a list", `{"claims":{"$.realm.roles":["admin"]}}`, claims{"realm": claims{"roles": []string{"x", "admin"}}}, "passed"},
		{"claim is there", `{"claims":{"tenant":[]}}`, claims{"tenant": ""}, "passed"},
		{"claim of one value", `{"claims":{"level":3}}`, claims{"level": 3}, "passed"},
		{"claim differs", `{"claims":{"tenant":["a"]}}`, claims{"tenant": "A"}, "403 claim_mismatch"},
		{"claim is not there", `{"claims":{"tenant":[]}}`, nil, "403 claim_missing"},
		{"one claim of two", `{"claims":{"tenant":["a"],"x":[]}}`, claims{"tenant": "a"}, "403 claim_missing"},

		{
			"all together", `{"apps":["shop"],"audience":["orders"],"scopes":["read"],"claims":{"tenant":["a"]}}`,
			claims{"aud": "orders", "scope": "read", "tenant": "a"},
			"passed",
		},
		{
			"all but one", `{"apps":["shop"],"audience":["orders"],"scopes":["read"],"claims":{"tenant":["a"]}}`,
			claims{"aud": "orders", "tenant": "a", "scope": "x"},
			"403 claim_mismatch",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for range 3 { // the third time the driver remembers the token
				o := r.ask(test.config, r.get(r.tokenOf("shop", test.claims)))
				o.expect(t, test.want)
				if test.want != "passed" {
					_, reason, _ := strings.Cut(test.want, " ")
					o.label(t, "jwt_result", reason, "auth_status", "fail", "application_id", "")
					if o.GetLabel("jwt_fingerprint") == "" {
						t.Error("no fingerprint")
					}
				}
			}
		})
	}
}

func TestRequired(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	good := r.tokenOf("shop", nil)
	tests := []struct {
		name, config string
		headers      []string
		want         string
	}{
		{"no token", `{}`, nil, "401 token_missing"},
		{"no token needed", `{"required":false}`, nil, "passed"},
		{"text for a boolean, as variables make it", `{"required":"false"}`, nil, "passed"},
		{"other credentials", `{"required":false}`, []string{"Authorization: Basic YTpi"}, "passed"},
		{"other credentials where a token is required", `{}`, []string{"Authorization: Basic YTpi"}, "401 token_missing"},
		{"a bad token though none is needed", `{"required":false}`, []string{"Authorization: Bearer " + good + "x"}, "401 signature_invalid"},
		{"no JWT though none is needed", `{"required":false}`, []string{"Authorization: Bearer x"}, "passed"},
		{"no JWT where a token is required", `{}`, []string{"Authorization: Bearer x"}, "401 token_malformed"},
		{"a malformed JWT though none is needed", `{"required":false}`, []string{"Authorization: Bearer x.y.z"}, "401 token_malformed"},
		{"two tokens", `{"required":false}`, []string{"Authorization: Bearer a", "Authorization: Bearer b"}, "400 token_malformed"},
		{"the same token twice", `{}`, []string{"Authorization: Bearer " + good, "Authorization: Bearer " + good}, "passed"},
		{"a good token that need not be there must still do", `{"required":false,"scopes":["x"]}`, []string{"Authorization: Bearer " + good}, "403 claim_missing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := r.ask(test.config, r.get("", test.headers...))
			o.expect(t, test.want)
			if test.want != "passed" {
				_, reason, _ := strings.Cut(test.want, " ")
				o.label(t, "jwt_result", reason, "auth_status", "fail", "application_id", "")
			}
		})
	}
}

func TestUserAndApplication(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	r.app("closed", `"disable":true`)
	r.ask(`{}`, r.get(r.tokenOf("closed", nil))).expect(t, "401 app_disabled")
	r.ask(`{}`, r.get(r.tokenOf("shop", claims{"sub": "old"}))).expect(t, "401 user_expired")
	r.ask(`{}`, r.get(r.tokenOf("shop", claims{"sub": "eve"}))).expect(t, "401 user_unknown")
	r.ask(`{}`, r.get(r.tokenOf("nowhere", nil))).expect(t, "401 signature_invalid")
}

// Whoever is let in has the labels that "app" would set, and "app" behind the filter lets the request pass.
func TestAdmitted(t *testing.T) {
	r := newRig(t)
	r.gateway.MustPut("shop", `{"labels":{"team":"team of shop","both":"app"},
		"additional":[{"key":"X-Of-App","value":"1","position":"header","conflict":"convert"}],
		"auth":[{"type":"jwt","position":"header","token_name":"Authorization",
		"config":{"algorithm":"HS256","secret":"`+secretOf("shop")+`","path":"sub","claims_to_labels":{"tenant":"tenant","x":"both"}},
		"users":[{"pattern":{"username":"ann"},"labels":{"role":"reader","both":"user"},"hide_credential":true}]}]}`)
	request := func() http_service.IHttpContext {
		return r.get(r.tokenOf("shop", claims{"tenant": "t1", "x": "claim"}))
	}
	want := []string{
		"application_id", "shop@app", "application", "shop", "token", "ann", "auth_status", "success",
		"role", "reader", "team", "team of shop", "tenant", "t1", "both", "app", "jwt_result", "", "jwt_would", "",
	}
	o := r.ask(`{}`, request())
	o.expect(t, "passed")
	o.label(t, want...)
	if sent := o.upstream(); strings.Contains(sent, "Authorization") || strings.Count(sent, "X-Of-App: 1") != 1 {
		t.Errorf("the upstream gets\n%s", sent)
	}
	if err := r.gateway.Ask(o); err != nil {
		t.Errorf("the plugin app behind the filter: %v", err)
	}
	if strings.Count(o.upstream(), "X-Of-App") != 1 {
		t.Errorf("with app behind, the upstream gets\n%s", o.upstream())
	}

	alone := outcome{request(), true}
	if err := r.gateway.Ask(alone); err != nil {
		t.Fatal(err)
	}
	want[7] = "" // this version of the host does not set it
	alone.label(t, want...)
	if alone.upstream() != o.upstream() {
		t.Errorf("with the filter the upstream gets\n%s\nwithout\n%s", o.upstream(), alone.upstream())
	}
}

// The application's parameters contradict the request.
func TestParametersRefused(t *testing.T) {
	r := newRig(t)
	r.app("shop", `"additional":[{"key":"X-Of-App","value":"1","position":"header","conflict":"error"}]`)
	o := r.ask(`{}`, r.get(r.tokenOf("shop", nil), "X-Of-App: mine"))
	o.expect(t, "401 params_refused")
	o.label(t, "jwt_result", "params_refused", "auth_status", "fail")
	r.ask(`{}`, r.get(r.tokenOf("shop", nil))).expect(t, "passed")
}

// Two applications accept the same token: the first that may come in counts.
func TestSeveralApplications(t *testing.T) {
	r := newRig(t)
	for _, name := range []string{"one", "two", "three"} {
		r.gateway.MustPut(name, `{"auth":[{"type":"jwt","position":"header","token_name":"Authorization",
			"config":{"algorithm":"HS256","secret":"`+secretOf("all")+`","path":"sub","audience":["`+name+`","`+name+`2"]},
			"users":[{"pattern":{"username":"ann"}}]}]}`)
	}
	token := r.tokenOf("all", claims{"aud": []string{"one", "two", "three"}})
	for _, name := range []string{"one", "two", "three"} {
		o := r.ask(`{"apps":["`+name+`"]}`, r.get(token))
		o.expect(t, "passed")
		o.label(t, "application_id", name+"@app")
	}
	r.ask(`{"apps":["four"]}`, r.get(token)).expect(t, "403 app_not_allowed")
}

// As long as there is no application, nobody comes in: "app" lets everybody in then.
func TestNoApplication(t *testing.T) {
	r := newRig(t)
	for _, config := range []string{`{}`, `{"required":false}`} {
		r.ask(config, r.get("")).expect(t, "401 token_missing")
		r.ask(config, r.get(r.tokenOf("shop", nil))).expect(t, "401 token_missing") // no rule looks for it
	}
	if err := r.gateway.Ask(r.get("")); err != nil {
		t.Errorf("app has learned to refuse (%v): then this is not needed any more", err)
	}
	r.gateway.MustPut("guest", `{"anonymous":true,"disable":true,"auth":[]}`)
	r.ask(`{"required":false}`, r.get("")).expect(t, "401 token_missing")
	r.gateway.MustPut("guest", `{"anonymous":true,"auth":[]}`)
	o := r.ask(`{"required":false}`, r.get(""))
	o.expect(t, "passed")
	if err := r.gateway.Ask(o); err != nil {
		t.Error(err)
	}
	o.label(t, "application_id", "guest@app")
	r.ask(`{}`, r.get("")).expect(t, "401 token_missing")
}

// Where a token need not be there, what has not its form is for others: the plugin "app" behind the filter knows API keys.
func TestOtherCredentials(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	for _, credential := range []string{"Bearer key-17", "key.17", "Basic YTpi", "Bearer"} {
		o := r.ask(`{"required":false}`, r.get("", "Authorization: "+credential))
		o.expect(t, "passed")
		o.label(t, "jwt_result", "", "jwt_fingerprint", "", "auth_status", "")
		if err := r.gateway.Ask(o); err == nil {
			t.Errorf("%s: app accepts it", credential)
		}
		o.label(t, "jwt_result", "")
		if !strings.Contains(o.upstream(), credential) {
			t.Errorf("the upstream gets\n%s", o.upstream())
		}
		r.ask(`{"required":false,"mode":"observe"}`, r.get("", "Authorization: "+credential)).label(t, "jwt_would", "passed")
	}
	o := r.ask(`{}`, r.get("", "Authorization: key.17"))
	o.expect(t, "401 token_malformed")
	o.label(t, "jwt_result", "token_malformed", "jwt_fingerprint", token.Fingerprint("key.17"), "auth_status", "fail")
}

// Where rules look at two places, two tokens are a bad request, whichever is good; a token and something else are not.
func TestTwoTokensAtTwoPlaces(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	r.gateway.MustPut("other", `{"auth":[{"type":"jwt","position":"query","token_name":"jwt",
		"config":{"algorithm":"HS256","secret":"`+secretOf("other")+`","path":"sub"},"users":[{"pattern":{"username":"ann"}}]}]}`)
	good := map[bool]string{true: r.tokenOf("shop", nil), false: r.tokenOf("other", nil)}
	for name, test := range map[string]struct{ header, query, want string }{
		"forged before good":      {good[true] + "x", good[false], "400 token_malformed"},
		"good before forged":      {good[true], good[false] + "x", "400 token_malformed"},
		"both good":               {good[true], good[false], "400 token_malformed"},
		"the same":                {good[true], good[true], "passed"},
		"good before an API key":  {good[true], "key-17", "passed"},
		"an API key before good":  {"key-17", good[false], "passed"},
		"forged before a key":     {good[true] + "x", "key-17", "401 signature_invalid"},
		"two that are no tokens":  {"key-17", "key-18", "passed"},
		"rubbish before the good": {"x.y.z", good[false], "400 token_malformed"},
	} {
		for _, config := range []string{`{"required":false}`, `{}`} {
			want := test.want
			if name == "two that are no tokens" && config == `{}` {
				want = "401 token_malformed"
			}
			o := r.ask(config, host.Get(t, "/?jwt="+test.query, "Authorization: Bearer "+test.header))
			if got := o.said(); got != want {
				t.Errorf("%s, %s: got %q, want %q", name, config, got, want)
			}
			if strings.HasPrefix(want, "400") && !strings.Contains(o.challenge(), `error="invalid_request"`) {
				t.Errorf("%s: %s", name, o.challenge())
			}
		}
	}
}

// No rule of the type is in force: a token that comes all the same is refused, and nothing else.
func TestNoRule(t *testing.T) {
	r := newRig(t)
	r.gateway.MustPut("guest", `{"anonymous":true,"auth":[]}`)
	for _, token := range []string{r.tokenOf("shop", nil), "x.y.z", "DPoP x.y.z"} {
		want := "401 algorithm_not_allowed"
		if strings.Contains(token, " ") { // of another type of authentication
			want = "passed"
		} else {
			token = "Bearer " + token
		}
		o := r.ask(`{"required":false}`, r.get("", "Authorization: "+token))
		o.expect(t, want)
		if want != "passed" {
			o.label(t, "jwt_result", "algorithm_not_allowed", "auth_status", "fail")
		}
	}
	for _, credential := range []string{"Basic YTpi", "key-17", "Bearer key-17"} {
		r.ask(`{"required":false}`, r.get("", "Authorization: "+credential)).expect(t, "passed")
	}
	r.ask(`{"required":false}`, r.get("")).expect(t, "passed")
}

// What an earlier plugin has found out does not replace what the filter requires, nor the other way round.
func TestAfterAnotherPlugin(t *testing.T) {
	r := newRig(t)
	r.app("shop", `"additional":[{"key":"X-Of-App","value":"1","position":"header"}]`)
	r.app("other")
	tests := []struct{ name, config, earlier, token, want string }{
		{"no token", `{}`, "shop@app", "", "401 token_missing"},
		{"no token needed", `{"required":false}`, "shop@app", "", "passed"},
		{"the same application", `{}`, "shop@app", r.tokenOf("shop", nil), "passed"},
		{"the same application by name", `{}`, "shop", r.tokenOf("shop", nil), "passed"},
		{"another application", `{}`, "other@app", r.tokenOf("shop", nil), "403 app_not_allowed"},
		{"one that is none", `{}`, "nobody@app", r.tokenOf("shop", nil), "403 app_not_allowed"},
		{"the same, not sufficient", `{"scopes":["x"]}`, "shop@app", r.tokenOf("shop", nil), "403 claim_missing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx := r.get(test.token)
			ctx.SetLabel("application_id", test.earlier)
			o := r.ask(test.config, ctx)
			o.expect(t, test.want)
			if strings.Contains(o.upstream(), "X-Of-App") {
				t.Error("the application's parameters were added, which app does not do then")
			}
		})
	}
	t.Run("two filters in one chain", func(t *testing.T) {
		o := r.send(r.get(r.tokenOf("shop", claims{"scope": "a", "n": "1"})), r.filter(`{"claims_to_headers":{"n":"X-N"}}`), r.filter(`{"scopes":["a"],"claims_to_headers":{"n":"X-M"}}`))
		o.expect(t, "passed")
		for _, want := range []string{"X-Of-App: 1", "X-N: 1", "X-M: 1"} {
			if strings.Count(o.upstream(), want) != 1 {
				t.Errorf("%s is not there once:\n%s", want, o.upstream())
			}
		}
		r.send(r.get(r.tokenOf("shop", nil)), r.filter(`{}`), r.filter(`{"scopes":["a"]}`)).expect(t, "403 claim_missing")
	})
}

func TestObserve(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	good := r.tokenOf("shop", claims{"scope": "read", "n": "7"})
	tests := []struct {
		name, config, token string
		want                []string // labels
		header              bool
	}{
		{"accepted", `{"scopes":["read"]`, good, []string{"jwt_would", "accepted", "application_id", "shop@app", "auth_status", "success"}, true},
		{"not sufficient", `{"scopes":["write"]`, good, []string{"jwt_would", "claim_mismatch", "jwt_result", "claim_mismatch", "application_id", "", "auth_status", ""}, false},
		{"another application", `{"apps":["x"]`, good, []string{"jwt_would", "app_not_allowed", "application_id", ""}, false},
		{"bad", `{"realm":"x"`, good + "x", []string{"jwt_would", "signature_invalid", "jwt_result", "signature_invalid", "auth_status", ""}, false},
		{"missing", `{"realm":"x"`, "", []string{"jwt_would", "token_missing", "jwt_result", "token_missing"}, false},
		{"missing and not needed", `{"required":false`, "", []string{"jwt_would", "passed", "jwt_result", ""}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := r.ask(test.config+`,"mode":"observe","claims_to_headers":{"n":"X-N"}}`, r.get(test.token, "x_n: mine"))
			o.expect(t, "passed")
			o.label(t, test.want...)
			if sent := o.upstream(); strings.Contains(sent, "X-N: 7") != test.header || strings.Contains(sent, "mine") {
				t.Errorf("the upstream gets\n%s", sent)
			}
			if code := o.Response().StatusCode(); code != 200 {
				t.Errorf("status %d was set", code)
			}
		})
	}
}

func TestPreflight(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	const origin, method = "Origin: https://shop.test\n", "Access-Control-Request-Method: POST\n"
	tests := []struct{ name, config, request, want string }{
		{"skipped", `{}`, "OPTIONS / HTTP/1.1\nHost: h\n" + origin + method + "\n", "passed"},
		{"checked", `{"preflight":"check"}`, "OPTIONS / HTTP/1.1\nHost: h\n" + origin + method + "\n", "401 token_missing"},
		{"no origin", `{}`, "OPTIONS / HTTP/1.1\nHost: h\n" + method + "\n", "401 token_missing"},
		{"no method", `{}`, "OPTIONS / HTTP/1.1\nHost: h\n" + origin + "\n", "401 token_missing"},
		{"another method", `{}`, "POST / HTTP/1.1\nHost: h\nContent-Length: 0\n" + origin + method + "\n", "401 token_missing"},
		{"a body", `{}`, "OPTIONS / HTTP/1.1\nHost: h\n" + origin + method + "\nbody", "401 token_missing"},
		{"a chunked body", `{}`, "OPTIONS / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n" + origin + method + "\n0\r\n\r\n", "401 token_missing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := r.ask(test.config, host.Context(t, test.request))
			o.expect(t, test.want)
			o.label(t, "application_id", "")
		})
	}
	o := r.ask(`{"claims_to_headers":{"sub":"X-User"}}`, host.Context(t, "OPTIONS / HTTP/1.1\nHost: h\nX-User: eve\n"+origin+method+"\n"))
	o.expect(t, "passed")
	if strings.Contains(o.upstream(), "eve") {
		t.Error("a preflight request carries the client's header")
	}
}

// A fault of ours refuses the request and is counted; it is no panic.
func TestFault(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(`{}`)
	before := f.gate.faults.Total()
	o := r.send(panicking{r.get(r.tokenOf("shop", nil))}, f)
	o.expect(t, "401 internal")
	o.label(t, "jwt_result", "internal", "auth_status", "fail")
	if got := f.gate.faults.Total() - before; got != 1 {
		t.Errorf("%d faults were counted, want 1", got)
	}
	o = r.send(panicking{r.get("")}, r.filter(`{"mode":"observe"}`))
	o.expect(t, "passed")
	o.label(t, "jwt_would", "internal")
}

// Where it cannot be known that there is an application, there is none.
func TestNoManager(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	f := r.filter(`{"required":false}`)
	r.send(r.get(""), f).expect(t, "passed")
	f.gate = &gate{faults: new(panics.Counter)}
	r.send(r.get(""), f).expect(t, "401 token_missing")
}

// panicking is a request on which something of ours panics.
type panicking struct{ http_service.IHttpContext }

func (p panicking) Request() http_service.IRequestReader { panic("a fault") }

// Where the client's headers cannot be removed the request is refused, whatever the mode.
func TestFaultWhileForwarding(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	ctx := &stubborn{IHttpContext: r.get("")}
	o := r.send(ctx, r.filter(`{"mode":"observe","claims_to_headers":{"sub":"X-User"}}`))
	o.expect(t, "401 internal")
}

// stubborn is a request whose forwarded half can be had once only.
type stubborn struct {
	http_service.IHttpContext
	asked int
}

func (s *stubborn) Proxy() http_service.IRequest {
	if s.asked++; s.asked == 1 {
		panic("a fault")
	}
	return s.IHttpContext.Proxy()
}

// other is a request that is not HTTP.
type other struct{ eocontext.EoContext }

func (o other) Assert(any) error { return errors.New("not HTTP") }

func TestOtherProtocols(t *testing.T) {
	r := newRig(t)
	for config, want := range map[string]bool{
		`{}`: false, `{"required":false}`: true, `{"mode":"observe"}`: true, `{"apps":["a"]}`: false,
	} {
		end := new(last)
		err := eocontext.Filters{r.filter(config), end}.DoChain(other{})
		if (err == nil) != want || (end.called == 1) != want {
			t.Errorf("%s: error %v, passed %d", config, err, end.called)
		}
	}
}

// A filter is also asked by way of Assert, and without a next plugin.
func TestWrappedContext(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	ctx := r.get("")
	if err := r.filter(`{}`).DoFilter(wrapped{ctx}, new(eocontext.Filters)); err != nil {
		t.Error(err)
	}
	outcome{ctx, false}.expect(t, "401 token_missing")
	if err := r.filter(`{}`).DoFilter(r.get(r.tokenOf("shop", nil)), nil); err != nil {
		t.Error(err)
	}
}

// wrapped is a context that says only by Assert that it is HTTP.
type wrapped struct{ eocontext.EoContext }

// The filter's chain goes on with the error of what follows.
func TestErrorOfTheNext(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	want := errors.New("of the next")
	err := r.filter(`{}`).DoFilter(r.get(r.tokenOf("shop", nil)), failing{want})
	if !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) DoChain(eocontext.EoContext) error { return f.err }
func (f failing) Destroy()                          {}

// Tokens of several algorithms and keys go the same way.
func TestAnotherAlgorithm(t *testing.T) {
	r := newRig(t)
	key := jwttest.Ed25519Key()
	r.gateway.MustPut("ed", `{"auth":[{"type":"jwt","position":"query","token_name":"t","config":{"algorithm":"EdDSA","path":"sub","rsa_public_key":"`+
		strings.ReplaceAll(jwttest.PublicPEM(key), "\n", `\n`)+`"},"users":[{"pattern":{"username":"ann"}}]}]}`)
	signed := jwttest.Sign(t, "EdDSA", key, claims{"kid": "k\n1"}, claims{"sub": "ann", "aud": "a"})
	r.ask(`{"audience":["a"]}`, host.Get(t, "/?t="+signed)).expect(t, "passed")
	o := r.ask(`{"audience":["b"]}`, host.Get(t, "/?t="+signed))
	o.expect(t, "403 audience_mismatch")
	o.label(t, "jwt_kid", "k?1")
}
