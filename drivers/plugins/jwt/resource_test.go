package jwt

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
)

// resourceTests are refusals of a route that is a resource, with the challenges that a client starts from.
var resourceTests = []struct {
	name, config string
	claims       claims // nil: no token comes
	want         string
	challenge    string
}{
	{
		"no token", `{"resource":"https://api.example.com/mcp"}`, nil, "401 token_missing",
		`Bearer realm="apinto", resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/mcp"`,
	},
	{
		"no token, scopes", `{"resource":"https://API.example.com","scopes":["a","b"]}`, nil, "401 token_missing",
		`Bearer realm="apinto", scope="a b", resource_metadata="https://api.example.com/.well-known/oauth-protected-resource"`,
	},
	{
		"for nobody", `{"resource":"https://a/x"}`,
		claims{},
		"401 audience_mismatch",
		`Bearer realm="apinto", error="invalid_token", error_description="the token is for another resource", resource_metadata="https://a/.well-known/oauth-protected-resource/x"`,
	},
	{"for another", `{"resource":"https://a/x"}`, claims{"aud": "https://a/y"}, "401 audience_mismatch", ""},
	{"for what is above", `{"resource":"https://a/x/y"}`, claims{"aud": "https://a/x"}, "401 audience_mismatch", ""},
	{"for what is below", `{"resource":"https://a/x"}`, claims{"aud": "https://a/x/y"}, "401 audience_mismatch", ""},
	{"the path in another case", `{"resource":"https://a/x"}`, claims{"aud": "https://a/X"}, "401 audience_mismatch", ""},
	{"a slash more", `{"resource":"https://a/x"}`, claims{"aud": "https://a/x/"}, "401 audience_mismatch", ""},
	{"for it", `{"resource":"https://a/x"}`, claims{"aud": "https://a/x"}, "passed", ""},
	{"for it among others", `{"resource":"https://a/x"}`, claims{"aud": []string{"b", "https://a/x"}}, "passed", ""},
	{"the origin, as a browser writes it", `{"resource":"https://a"}`, claims{"aud": "https://a/"}, "passed", ""},
	{"the origin, written with a slash", `{"resource":"https://a/"}`, claims{"aud": "https://a"}, "passed", ""},
	{"scheme and host in another case", `{"resource":"https://a/x"}`, claims{"aud": []string{"b", "HTTPS://A/x"}}, "passed", ""},
	{"another name of it", `{"resource":"https://a/x","audience":["api://x"]}`, claims{"aud": "api://x"}, "passed", ""},
	{"none of its names", `{"resource":"https://a/x","audience":["api://x"]}`, claims{"aud": "api://y"}, "401 audience_mismatch", ""},
	{
		"a scope is lacking", `{"resource":"https://a/x","scopes":["r","w"]}`,
		claims{"aud": "https://a/x", "scope": "r"},
		"403 claim_mismatch",
		`Bearer realm="apinto", error="insufficient_scope", error_description="a claim or scope of the token is not what this route requires", scope="r w", resource_metadata="https://a/.well-known/oauth-protected-resource/x"`,
	},
	{
		"hidden", `{"resource":"https://a/x","scopes":["r"],"detail":"hidden"}`,
		claims{"aud": "https://a/x"},
		"403 insufficient_scope",
		`Bearer realm="apinto", error="insufficient_scope", error_description="the token is not sufficient", resource_metadata="https://a/.well-known/oauth-protected-resource/x"`,
	},
	{
		"a path to escape", `{"resource":"http://127.0.0.1:8099/a%20b"}`, nil, "401 token_missing",
		`Bearer realm="apinto", resource_metadata="http://127.0.0.1:8099/.well-known/oauth-protected-resource/a%20b"`,
	},
	{
		"no resource", `{"audience":["a"]}`,
		claims{"aud": "b"},
		"403 audience_mismatch",
		`Bearer realm="apinto", error="insufficient_scope", error_description="the token is not for the audience of this route"`,
	},
}

// A token must be for the resource, and a client that has none learns where to get one (RFC 9728 §5.1, RFC 8707 §2).
func TestResource(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	for _, test := range resourceTests {
		t.Run(test.name, func(t *testing.T) {
			token := ""
			if test.claims != nil {
				token = r.tokenOf("shop", test.claims)
			}
			o := r.ask(test.config, r.get(token))
			o.expect(t, test.want)
			if test.challenge != "" && o.challenge() != test.challenge {
				t.Errorf("WWW-Authenticate:\n%s\nwant\n%s", o.challenge(), test.challenge)
			}
			exposed := o.Response().GetHeader("Access-Control-Expose-Headers")
			if want := !o.passed && strings.Contains(test.config, "resource"); (exposed == "WWW-Authenticate") != want {
				t.Errorf("Access-Control-Expose-Headers: %q", exposed)
			}
		})
	}
}

// scopeTests are scopes that others imply.
var scopeTests = []struct{ name, config, scope, want string }{
	{"implied", `{"scopes":["read"],"scope_implies":{"write":["read"]}}`, "write", "passed"},
	{"by way of another", `{"scopes":["read"],"scope_implies":{"admin":["write"],"write":["read"]}}`, "admin", "passed"},
	{"in a circle", `{"scopes":["a"],"scope_implies":{"a":["b"],"b":["a"]}}`, "b", "passed"},
	{"not the other way round", `{"scopes":["write"],"scope_implies":{"write":["read"]}}`, "read", "403 claim_mismatch"},
	{"one of two", `{"scopes":["read","list"],"scope_implies":{"write":["read"]}}`, "write", "403 claim_mismatch"},
	{"both by one", `{"scopes":["read","list"],"scope_implies":{"write":["read","list"]}}`, "write", "passed"},
}

// A broader scope grants what it implies.
func TestScopeImplies(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	for _, test := range scopeTests {
		t.Run(test.name, func(t *testing.T) {
			r.ask(test.config, r.get(r.tokenOf("shop", claims{"scope": test.scope}))).expect(t, test.want)
			r.ask(test.config, r.get(r.tokenOf("shop", claims{"scp": strings.Fields(test.scope)}))).expect(t, test.want)
		})
	}
}

// What a filter has said of its resource is gone with it, and contradictions are seen until then.
func TestResourceIsAnnounced(t *testing.T) {
	r := newRig(t)
	f := r.filter(`{"resource":"https://a/x","resource_name":"one"}`)
	table := f.gate.driver.Resources()
	second := r.filter(`{"resource":"https://a/x"}`)
	if m, ok := table.Find("a", "/.well-known/oauth-protected-resource/x"); !ok || m.Name != "one" || len(table.Contradictions()) > 0 {
		t.Fatal(m, ok)
	}
	third := r.filter(`{"resource":"https://a/x","resource_name":"two"}`)
	if m, _ := table.Find("a", "/.well-known/oauth-protected-resource/x"); m.Name != "two" || len(table.Contradictions()) != 1 {
		t.Fatal(m, table.Contradictions())
	}
	runtime.KeepAlive(third)
	config, err := save(`{"resource":"https://a/z"}`)
	must.Succeed(t, err)
	must.Succeed(t, f.Reset(&config, nil))
	deadline := time.Now().Add(10 * time.Second)
	for {
		runtime.GC()
		_, former := table.Find("a", "/.well-known/oauth-protected-resource/x")
		_, now := table.Find("a", "/.well-known/oauth-protected-resource/z")
		if !former && now {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the former resource:", former, "the present one:", now)
		}
	}
	runtime.KeepAlive(f)
	_ = second
}

// loginTests are log-ins that are or are not enough, at the time 1,000,000.
var loginTests = []struct {
	name, config string
	claims       claims
	want         string
}{
	{"class", `{"acr_values":["mfa","hw"]}`, claims{"acr": "hw"}, "passed"},
	{"another class", `{"acr_values":["mfa"]}`, claims{"acr": "pwd"}, "401 acr_insufficient"},
	{"no class", `{"acr_values":["mfa"]}`, claims{}, "401 acr_insufficient"},
	{"a list of classes", `{"acr_values":["mfa"]}`, claims{"acr": []string{"mfa"}}, "401 acr_insufficient"},
	{"just young enough", `{"max_age":60}`, claims{"auth_time": 999_940}, "passed"},
	{"too old", `{"max_age":60}`, claims{"auth_time": 999_939}, "401 login_too_old"},
	{"the issuer's clock is ahead", `{"max_age":60}`, claims{"auth_time": 1_000_060}, "passed"},
	{"in the future", `{"max_age":60}`, claims{"auth_time": 1_000_061}, "401 login_too_old"},
	{"no time", `{"max_age":60}`, claims{}, "401 login_too_old"},
	{"no number", `{"max_age":60}`, claims{"auth_time": "1000000"}, "401 login_too_old"},
	{"class before age", `{"max_age":60,"acr_values":["mfa"]}`, claims{}, "401 acr_insufficient"},
	{"log-in before scopes", `{"max_age":60,"scopes":["a"]}`, claims{}, "401 login_too_old"},
}

// A route may ask for a stronger or a younger log-in (RFC 9470).
func TestLogin(t *testing.T) {
	r := newRig(t)
	r.app("shop")
	for _, test := range loginTests {
		t.Run(test.name, func(t *testing.T) {
			f := r.filter(test.config)
			f.gate.driver.Clock.Now = func() time.Time { return time.Unix(1_000_000, 0) }
			r.send(r.get(r.tokenOf("shop", test.claims)), f).expect(t, test.want)
		})
	}
	o := r.ask(`{"acr_values":["mfa","hw"],"max_age":300,"scopes":["a"]}`, r.get(r.tokenOf("shop", nil)))
	const want = `Bearer realm="apinto", error="insufficient_user_authentication", error_description="the user has to log in in a stronger way", acr_values="mfa hw", max_age="300", scope="a"`
	if o.challenge() != want {
		t.Errorf("got  %s\nwant %s", o.challenge(), want)
	}
	o.label(t, "jwt_result", "acr_insufficient", "auth_status", "fail")
	o = r.ask(`{"acr_values":["mfa"],"detail":"hidden"}`, r.get(r.tokenOf("shop", nil)))
	if strings.Contains(o.challenge(), "mfa") {
		t.Error(o.challenge())
	}
	r.ask(`{"acr_values":["mfa"]}`, host.Get(t, "/")).expect(t, "401 token_missing")
}
