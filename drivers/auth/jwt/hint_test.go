package jwt

import (
	"testing"

	"apinto-jwt/jwttest/host"
)

func TestHints(t *testing.T) {
	raw := ann(t)
	for name, test := range map[string]struct {
		request string
		want    hint
	}{
		"nothing":               {"GET / HTTP/1.1\nHost: h\n\n", noHint},
		"another scheme":        {"GET / HTTP/1.1\nHost: h\nX-Token: JWT " + raw + "\n\n", hintScheme},
		"Basic":                 {"GET / HTTP/1.1\nHost: h\nAuthorization: Basic YTpi\n\n", noHint},
		"another header":        {"GET / HTTP/1.1\nHost: h\nX-Other: " + raw + "\n\n", hintHeader},
		"bearer":                {"GET / HTTP/1.1\nHost: h\nAuthorization: bearer  " + raw + "\n\n", hintHeader},
		"the query":             {"GET /?a=b&access_token=" + raw + "&c HTTP/1.1\nHost: h\n\n", hintQuery},
		"a cookie":              {"GET / HTTP/1.1\nHost: h\nCookie: a=b; session=\"" + raw + "\"\n\n", hintCookie},
		"no token in the query": {"GET /?q=eyJ.a&r=eyJx HTTP/1.1\nHost: h\n\n", noHint},
		"a JWE":                 {"GET /?q=eyJa.b.c.d.e HTTP/1.1\nHost: h\n\n", noHint},
		"the body":              {"POST / HTTP/1.1\nHost: h\nContent-Length: 9\n\neyJ.a.b==", noHint},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			a := k.bind(appOf("shop"), entry{position: "header", name: "X-Token"})[0]
			ctx := host.Context(t, test.request)
			if got := answer(ctx, a); got != "none" {
				t.Errorf("got %s", got)
			}
			if got := ctx.GetLabel(LabelHint); got != hintTexts[test.want] {
				t.Errorf("the hint is %q, want %q", got, hintTexts[test.want])
			}
			got := k.driver.status().Hints
			if test.want == noHint && len(got) != 0 || test.want != noHint && (len(got) != 1 || got[0] != hintState{hintTexts[test.want], 1}) {
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
