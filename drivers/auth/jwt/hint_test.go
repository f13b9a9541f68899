package jwt

import (
	"testing"

	"apinto-jwt/drivers/internal/authn"
	"apinto-jwt/drivers/internal/bearer"
	"apinto-jwt/jwttest/host"
)

func TestHints(t *testing.T) {
	raw := ann(t)
	for name, test := range map[string]struct {
		request string
		want    bearer.Hint
	}{
		"nothing":               {"GET / HTTP/1.1\nHost: h\n\n", bearer.NoHint},
		"another scheme":        {"GET / HTTP/1.1\nHost: h\nX-Token: JWT " + raw + "\n\n", bearer.HintScheme},
		"Basic":                 {"GET / HTTP/1.1\nHost: h\nAuthorization: Basic YTpi\n\n", bearer.NoHint},
		"another header":        {"GET / HTTP/1.1\nHost: h\nX-Other: " + raw + "\n\n", bearer.HintHeader},
		"bearer":                {"GET / HTTP/1.1\nHost: h\nAuthorization: bearer  " + raw + "\n\n", bearer.HintHeader},
		"the query":             {"GET /?a=b&access_token=" + raw + "&c HTTP/1.1\nHost: h\n\n", bearer.HintQuery},
		"a cookie":              {"GET / HTTP/1.1\nHost: h\nCookie: a=b; session=\"" + raw + "\"\n\n", bearer.HintCookie},
		"no token in the query": {"GET /?q=eyJ.a&r=eyJx HTTP/1.1\nHost: h\n\n", bearer.NoHint},
		"a JWE":                 {"GET /?q=eyJa.b.c.d.e HTTP/1.1\nHost: h\n\n", bearer.NoHint},
		"the body":              {"POST / HTTP/1.1\nHost: h\nContent-Length: 9\n\neyJ.a.b==", bearer.NoHint},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			a := k.bind(appOf("shop"), entry{position: "header", name: "X-Token"})[0]
			ctx := host.Context(t, test.request)
			if got := answer(ctx, a); got != "none" {
				t.Errorf("got %s", got)
			}
			if got := ctx.GetLabel(LabelHint); got != test.want.String() {
				t.Errorf("the hint is %q, want %q", got, test.want.String())
			}
			got := k.driver.status().Hints
			if test.want == bearer.NoHint && len(got) != 0 || test.want != bearer.NoHint && (len(got) != 1 || got[0] != authn.HintState{Text: test.want.String(), Count: 1}) {
				t.Errorf("counted %v", got)
			}
		})
	}
}

// Whoever is let in, or refused with a token, gets no hint.
func TestNoHintWithAToken(t *testing.T) {
	k := newKit(t)
	a := k.bind(appOf("shop"), entry{position: "header", name: "X-Token"})[0]
	for _, token := range []string{ann(t), ann(t) + "x"} {
		ctx := host.Get(t, "/?t="+ann(t), "X-Token: "+token)
		answer(ctx, a)
		if got := ctx.GetLabel(LabelHint); got != "" {
			t.Errorf("got %q", got)
		}
	}
}
