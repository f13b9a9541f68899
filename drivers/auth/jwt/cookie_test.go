package jwt

import (
	"strings"
	"testing"

	"apinto-jwt/jwttest/host"
)

func TestCookie(t *testing.T) {
	tests := []struct {
		name, request, want, hidden string
	}{
		{"alone", get("Cookie: sid={ann}"), "ann of a@app", get()},
		{"among others", get("Cookie: a=1; sid={ann}; b=2"), "ann of a@app", get("Cookie: a=1; b=2")},
		{"quoted", get(`Cookie: a=1; sid="{ann}"`), "ann of a@app", get("Cookie: a=1")},
		{"the same twice", get("Cookie: sid={ann}; a=1; sid={ann}"), "ann of a@app", get("Cookie: a=1")},
		{"beside the same in the header", get("X-Token: {ann}", "Cookie: sid={ann}; a=1"), "ann of a@app", get("Cookie: a=1")},
		{"in the header alone", get("X-Token: {ann}", "Cookie: a=1"), "ann of a@app", get("Cookie: a=1")},
		{"two different", get("Cookie: sid={ann}; sid={bob}"), "token_malformed", ""},
		{"another in the header", get("X-Token: {bob}", "Cookie: sid={ann}"), "token_malformed", ""},
		{"rubbish in the header", get("X-Token: x.y.z", "Cookie: sid={ann}"), "token_malformed", ""},
		{"an API key in the header", get("X-Token: x", "Cookie: sid={ann}"), "ann of a@app", get("X-Token: x")},
		{"another case", get("Cookie: SID={ann}"), "none", ""},
		{"a longer name", get("Cookie: xsid={ann}; sid2={ann}"), "none", ""},
		{"empty", get("Cookie: sid=; a=1"), "none", ""},
		{"no value", get("Cookie: sid; a=1"), "none", ""},
		{"no cookies", get(), "none", ""},
	}
	fill := tokens(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			users := strings.ReplaceAll(usersJSON("ann", "bob"), `}}`, `},"hide_credential":true}`)
			list := k.bind(appOf("a"), entry{position: "header", name: "X-Token", config: ruleJSON("cookie_name", `"sid"`), users: users})
			ctx := host.Context(t, fill.Replace(test.request))
			if got := answer(ctx, list...); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if test.hidden == "" {
				test.hidden = test.request
			}
			sameUpstream(t, ctx, host.Context(t, fill.Replace(test.hidden)))
		})
	}
}

func TestCookieNameFaults(t *testing.T) {
	k := newKit(t)
	for _, name := range []string{" ", "a b", "a;b", "a=b", "a,b", `a\"b`, `a\n`} {
		err := k.fault(entry{config: ruleJSON("cookie_name", `"`+name+`"`)})
		if got := faultyFields(err); len(got) != 1 || got[0] != "config.cookie_name" {
			t.Errorf("%q: %v", name, err)
		}
	}
}
