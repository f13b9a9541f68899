package driver

import (
	"net/http"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

const cookieSecret = "the secret of the tokens in cookies"

// The cookie is looked at beside the header. If the credential is hidden the other cookies reach the upstream.
func TestCookie(t *testing.T) {
	e := rig.Shared(t)
	e.Add(t, gateway.JWTApp("cookie", gateway.Auth{
		Position: "header", TokenName: "X-Cookie-Or",
		Config: gateway.Rule{"algorithm": "HS256", "secret": cookieSecret, "path": "sub", "cookie_name": "sid"},
		Users:  []gateway.User{{Name: "hidden", HideCredential: true}, {Name: "shown"}},
	}))
	sign := func(user string, n int) string {
		return jwttest.Sign(t, "HS256", cookieSecret, nil, rig.Claims{"sub": user, "n": n})
	}
	hidden, other, shown := sign("hidden", 1), sign("hidden", 2), sign("shown", 1)
	forged := jwttest.Sign(t, "HS256", "another secret", nil, rig.Claims{"sub": "hidden"})
	tests := []struct {
		name    string
		header  http.Header
		cookies string // that reach the upstream; "refused" or the reason if none do
	}{
		{"cookie", http.Header{"Cookie": {"a=1; sid=" + hidden + "; b=2"}}, "a=1; b=2"},
		{"cookie alone", http.Header{"Cookie": {"sid=" + hidden}}, ""},
		{"two Cookie headers", http.Header{"Cookie": {"a=1; sid=" + hidden, "b=2"}}, "a=1; b=2"},
		{"quoted, beside a quoted one", http.Header{"Cookie": {`q="x y"; sid="` + hidden + `"`}}, `q="x y"`},
		{"header", http.Header{"X-Cookie-Or": {hidden}, "Cookie": {`q="x y"; a=1`}}, `q="x y"; a=1`},
		{"the same in both", http.Header{"X-Cookie-Or": {"Bearer " + hidden}, "Cookie": {"sid=" + hidden + "; a=1"}}, "a=1"},
		{"not hidden", http.Header{"Cookie": {"a=1; sid=" + shown}}, "a=1; sid=" + shown},
		{"different ones in both", http.Header{"X-Cookie-Or": {hidden}, "Cookie": {"sid=" + other}}, "token_malformed"},
		{"of different users in both", http.Header{"X-Cookie-Or": {hidden}, "Cookie": {"sid=" + shown}}, "token_malformed"},
		{"two cookies of the name", http.Header{"Cookie": {"sid=" + hidden + "; sid=" + other}}, "token_malformed"},
		{"forged in the header, good in the cookie", http.Header{"X-Cookie-Or": {forged}, "Cookie": {"sid=" + hidden}}, "token_malformed"},
		{"another cookie", http.Header{"Cookie": {"sid2=" + hidden}}, "refused"},
	}
	e.Accept(t, e.Node, rig.Call{Header: tests[0].header})
	answers := make([]rig.Answer, len(tests))
	for i, test := range tests {
		answers[i] = e.Send(t, e.Node, rig.Call{Header: test.header})
	}
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.cookies == "refused" || strings.Contains(test.cookies, "_") {
				if err := answers[i].Refused(); err != nil {
					t.Error(err)
				}
				e.ExpectLogged(t, answers[i], map[string]string{"jwt_result": strings.TrimPrefix(test.cookies, "refused")})
				return
			}
			if err := answers[i].Accepted(); err != nil {
				t.Fatal(err)
			}
			seen := answers[i].Seen[0]
			if got := strings.Join(seen.Header["Cookie"], "; "); got != test.cookies {
				t.Errorf("the upstream got the cookies %q, want %q", got, test.cookies)
			}
			if strings.Contains(seen.Text(), hidden) {
				t.Errorf("the upstream got the credential: %s", seen.Text())
			}
		})
	}
}
