package jwt

import (
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/token"
)

// fieldsCases are those of TestFields.
var fieldsCases = []struct {
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

// Each field alone, and together.
func TestFields(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	tests := fieldsCases
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

// The application's parameters contradict the request.
func TestParametersRefused(t *testing.T) {
	r := newRig(t)
	r.app("shop", `"additional":[{"key":"X-Of-App","value":"1","position":"header","conflict":"error"}]`)
	o := r.ask(`{}`, r.get(r.tokenOf("shop", nil), "X-Of-App: mine"))
	o.expect(t, "401 params_refused")
	o.label(t, "jwt_result", "params_refused", "auth_status", "fail")
	r.ask(`{}`, r.get(r.tokenOf("shop", nil))).expect(t, "passed")
}

// If a token need not be there, what has not its form is for others: the plugin "app" behind the filter knows API keys.
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

// If rules look at two places, two tokens are a bad request, whichever is good; a token and something else are not.
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
