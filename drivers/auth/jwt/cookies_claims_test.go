package jwt

import (
	"strings"
	"testing"

	"github.com/eolinker/apinto/application"

	"apinto-jwt/drivers/internal/hosthttp"
	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/jwttest/must"
)

// bindHidden puts a rule in force whose user's token is hidden from the upstream.
func (r *rig) bindHidden(position, tokenName string, config object) application.IAuth {
	r.t.Helper()
	auth, err := r.factory.Create(tokenName, position, host.BaseConfig(r.t, r.factory, text(config)))
	must.Succeed(r.t, err)
	users := host.Users(r.t, r.factory, `[{"pattern":{"username":"ann"},"hide_credential":true}]`)
	must.Succeed(r.t, auth.Check("a", users))
	auth.Set(&host.App{AppID: "a"}, users)
	return auth
}

// Of a request with cookies, what comes of it and what the upstream gets. {T} and {U} are two good tokens.
func TestCookieBesideAnotherPlace(t *testing.T) {
	good := hs256(t, object{"sub": "ann"})
	tokens := strings.NewReplacer("{T}", good, "{U}", hs256(t, object{"sub": "ann", "n": 1}),
		"{old}", hs256(t, object{"sub": "ann", "exp": rigNow}), "{bad}", jwttest.Sign(t, "HS256", "another secret", nil, object{"sub": "ann"}))
	tests := []struct {
		name, request string
		want          outcome
		cookies       string // that reach the upstream
	}{
		{"one header", "Cookie: a=1; sid={T}; b=2", passes("ann"), "a=1; b=2"},
		{"without spaces", "Cookie: a=1;sid={T};b=2", passes("ann"), "a=1; b=2"},
		{"nothing else", "Cookie: sid={T}", passes("ann"), ""},
		{"two headers", "Cookie: a=1; sid={T}\nCookie: b=2", passes("ann"), "a=1; b=2"},
		{"two headers, the token in the second", "Cookie: a=1\nCookie: sid={T}; b=2", passes("ann"), "a=1; b=2"},
		{"two headers, the same token in both", "Cookie: a=1; sid={T}\nCookie: sid={T}; b=2", passes("ann"), "a=1; b=2"},
		{"two headers, two tokens", "Cookie: a=1; sid={T}\nCookie: sid={U}; b=2", fails("token_malformed"), ""},
		{"two headers, another case", "cookie: a=1\ncOOkie: sid={T}", passes("ann"), "a=1"},
		{"quoted", `Cookie: sid="{T}"; a=1`, passes("ann"), "a=1"},
		{"another one of the name, empty", "Cookie: sid=; sid={T}; a=1", passes("ann"), "a=1"},
		{"another one of the name, rubbish", "Cookie: sid=x; sid={T}", fails("token_malformed"), ""},
		{"scheme", "Cookie: sid=Bearer {T}", passes("ann"), ""},
		{"others with odd values", `Cookie: =v; novalue; sid={T}; q=a=b; e=; x={"a":1}`, passes("ann"), `v; novalue; q=a=b; e=; x={"a":1}`},
		{"others of the same name", "Cookie: a=1; a=2; sid={T}; a=1", passes("ann"), "a=1; a=2; a=1"},
		{"both places", "Authorization: Bearer {T}\nCookie: sid={T}; a=1", passes("ann"), "a=1"},
		{"the position alone", "Authorization: Bearer {T}\nCookie: a=1", passes("ann"), "a=1"},
		{"the position, and an empty cookie", "Authorization: Bearer {T}\nCookie: sid=; a=1", passes("ann"), "sid=; a=1"},
		{"two tokens that are both good", "Authorization: Bearer {T}\nCookie: sid={U}", fails("token_malformed"), ""},
		{"good in the position, expired in the cookie", "Authorization: Bearer {T}\nCookie: sid={old}", fails("token_malformed"), ""},
		{"forged in the position, good in the cookie", "Authorization: Bearer {bad}\nCookie: sid={T}", fails("token_malformed"), ""},
		{"another scheme and another token in the position", "Authorization: DPoP {U}\nCookie: sid={T}", fails("token_malformed"), ""},
		{"another scheme and the same token in the position", "Authorization: DPoP {T}\nCookie: sid={T}", passes("ann"), ""},
		{"no token in the position", "Authorization: Bearer api-key\nCookie: sid={T}", passes("ann"), ""},
		{"no token in the cookie", "Authorization: Bearer {T}\nCookie: sid=session", passes("ann"), "sid=session"},
		{"another scheme in the position", "Authorization: Basic YTpi\nCookie: sid={T}", passes("ann"), ""},
		{"a longer name", "Cookie: sid2={T}", fails(""), ""},
		{"another case of the name", "Cookie: SID={T}", fails(""), ""},
		{"nothing", "Cookie: a=1", fails(""), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			auth := r.bindHidden("header", "Authorization", with(object{"cookie_name": "sid"}))
			for range 3 { // the third time it is remembered
				ctx := host.Context(t, "GET / HTTP/1.1\nHost: gateway.test\n"+tokens.Replace(test.request)+"\n\n")
				if got := ask(auth, ctx); got != test.want {
					t.Fatalf("got %+v, want %+v", got, test.want)
				}
				if test.want.user == "" {
					continue
				}
				if got := ctx.Proxy().Header().GetHeader("Cookie"); got != test.cookies {
					t.Errorf("the upstream gets the cookies %q, want %q", got, test.cookies)
				}
				if strings.Contains(test.request, "Bearer {T}\n") && ctx.Proxy().Header().GetHeader("Authorization") != "" {
					t.Error("the upstream gets the header")
				}
			}
		})
	}
}

// Quotes belong to a cookie's value (RFC 6265 §4.1.1): those of the other cookies reach the upstream.
func TestQuotesOfOtherCookies(t *testing.T) {
	good := hs256(t, object{"sub": "ann"})
	r := newRig(t)
	auth := r.bindHidden("header", "Authorization", with(object{"cookie_name": "sid"}))
	for name, request := range map[string]string{
		"token in the cookie": "Cookie: a=\"x y\"; sid=" + good,
		"token in the header": "Authorization: " + good + "\nCookie: a=\"x y\"",
	} {
		ctx := host.Context(t, "GET / HTTP/1.1\nHost: gateway.test\n"+request+"\n\n")
		if got := ask(auth, ctx); got != passes("ann") {
			t.Fatalf("%s: got %+v", name, got)
		}
		wire := hosthttp.Raw(ctx.Proxy()).Header.String()
		if !strings.Contains(wire, "Cookie: a=\"x y\"\r\n") {
			t.Errorf("%s: the upstream gets %q", name, wire)
		}
	}
}

// The cookie stands beside any position.
func TestCookieBesideQueryAndBody(t *testing.T) {
	good, other := hs256(t, object{"sub": "ann"}), hs256(t, object{"sub": "ann", "n": 1})
	for _, position := range []string{"query", "body"} {
		r := newRig(t)
		auth := r.bindHidden(position, "jwt", with(object{"cookie_name": "sid"}))
		request := func(inPosition, cookie string) string {
			if position == "query" {
				return "GET /?a=1&jwt=" + inPosition + " HTTP/1.1\nHost: gateway.test\nCookie: sid=" + cookie + "; b=2\n\n"
			}
			return "POST / HTTP/1.1\nHost: gateway.test\nContent-Type: application/json\nCookie: sid=" + cookie + "; b=2\n\n{\"a\":1,\"jwt\":\"" + inPosition + "\"}"
		}
		for name, test := range map[string]struct {
			inPosition, cookie string
			want               outcome
		}{
			"position":      {good, "", passes("ann")},
			"cookie":        {"", good, passes("ann")},
			"both":          {good, good, passes("ann")},
			"two different": {good, other, fails("token_malformed")},
			"cookie x":      {good, "x", passes("ann")},
			"cookie x.y.z":  {good, "x.y.z", fails("token_malformed")},
			"neither":       {"", "", fails("")},
		} {
			ctx := host.Context(t, request(test.inPosition, test.cookie))
			if got := ask(auth, ctx); got != test.want {
				t.Errorf("%s, %s: got %+v, want %+v", position, name, got, test.want)
			}
			if test.want.user == "" {
				continue
			}
			body, _ := ctx.Proxy().Body().RawBody()
			forwarded := ctx.Proxy().URI().RawQuery() + string(body) + ctx.Proxy().Header().GetHeader("Cookie")
			if strings.Contains(forwarded, good) || test.cookie == "x" && !strings.Contains(forwarded, "sid=x") || !strings.Contains(forwarded, "b=2") {
				t.Errorf("%s, %s: the upstream gets %q", position, name, forwarded)
			}
		}
	}
}

// A rule without a cookie does not accept the token in the one of another rule. A second token there contradicts the first
// all the same: the upstream may read that one.
func TestCookieOfAnotherRule(t *testing.T) {
	r := newRig(t)
	plain := r.bind("plain", with(object{"iss": "plain"}), "ann")
	r.bind("cookie", with(object{"iss": "cookie", "cookie_name": "sid"}), "ann")
	inHeader, inCookie := hs256(t, object{"sub": "ann", "iss": "plain"}), hs256(t, object{"sub": "ann", "iss": "cookie"})
	ctx := host.Get(t, "/", "Authorization: "+inHeader, "Cookie: sid="+inCookie)
	if got := ask(plain, ctx); got != fails("token_malformed") {
		t.Errorf("got %+v", got)
	}
	ctx = host.Get(t, "/", "Authorization: "+inHeader, "Cookie: sid=session")
	if got := ask(plain, ctx); got != passes("ann") {
		t.Errorf("beside a cookie that is no token: got %+v", got)
	}
	ctx = host.Get(t, "/", "Cookie: sid="+inHeader)
	if got := ask(plain, ctx); got.user != "" {
		t.Errorf("a rule took the token from a cookie that it does not look at: %+v", got)
	}
}
