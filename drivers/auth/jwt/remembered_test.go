package jwt

import (
	"fmt"
	"strings"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
	"apinto-jwt/test/corpus"
)

// cacheSizes are the settings under which all must be the same: the usual cache, and none.
var cacheSizes = map[string]string{"cache": "", "no cache": "0"}

// delivery is a token at a place where it may stand.
type delivery struct{ position, tokenName, request string }

// deliveries are the places for a case of the corpus.
func deliveries(c corpus.Case) []delivery {
	if c.Request != "" {
		return []delivery{{c.Position, c.TokenName, c.Request}}
	}
	list := []delivery{{"query", "token", inQuery(c.Token)}, {"body", "$.auth.token", inBody(c.Token)}}
	if fitsHeader(c.Token) {
		request := "GET / HTTP/1.1\nHost: gateway.test\nAuthorization: Bearer " + c.Token + "\n\n"
		list = append(list, delivery{"header", "Authorization", request})
	}
	return list
}

// said is all that came of a case: the user, the verdict, and every label.
func (g *gate) said(t *testing.T, c corpus.Case, request string) string {
	t.Helper()
	ctx := host.Context(t, request)
	user, ok := g.auths[c.Rule].GetUser(ctx)
	g.verdict(t, c, ctx, user, ok)
	name := "nobody"
	if user != nil {
		name = fmt.Sprintf("%q of %s", user.Name, user.App.Id())
	}
	return fmt.Sprintf("%s, %t, %q", name, ok, ctx.Labels())
}

// A case of the corpus comes to the same without a cache, with one when it comes for the first time, and from memory.
func TestCorpusWithAndWithoutCache(t *testing.T) {
	rules := corpus.Rules()
	gates := make(map[string]*gate)
	at := func(mode, rule string, d delivery) *gate {
		key := fmt.Sprintf("%q", []string{mode, rule, d.position, d.tokenName})
		if gates[key] == nil {
			t.Setenv(EnvCacheBytes, cacheSizes[mode])
			gates[key] = newGate(t)
			gates[key].bind(t, rule, rules[rule], d.position, d.tokenName)
		}
		return gates[key]
	}
	accepted := 0
	for _, c := range corpus.Cases() {
		if c.Request == "" && strings.TrimSpace(c.Token) != c.Token {
			continue // see TestCorpus
		}
		for _, d := range deliveries(c) {
			without, with := at("no cache", c.Rule, d), at("cache", c.Rule, d)
			want := without.said(t, c, d.request)
			for i := range 4 {
				for name, g := range map[string]*gate{"with": with, "without": without} {
					if got := g.said(t, c, d.request); got != want {
						t.Errorf("%s, %s, %s a cache, %d: got %s, want %s", c.Name, d.position, name, i+1, got, want)
					}
				}
			}
			if c.Want == corpus.Accepted && c.Request == "" {
				accepted++
				if !with.factory.driver.Holds(c.Token) || without.factory.driver.Holds(c.Token) {
					t.Errorf("%s, %s: remembered without a cache, or not with one", c.Name, d.position)
				}
			}
			if t.Failed() {
				t.Fatalf("%s: %.300s", c.Name, d.request)
			}
		}
	}
	if accepted < 100 {
		t.Errorf("%d cases are accepted: this test says little", accepted)
	}
}

// A token that is remembered vouches for itself alone: what is like it but for a part has to be verified, with a cache
// and without.
func TestLikeARememberedToken(t *testing.T) {
	good := tokenOf(t, secretA, claims{"sub": "ann", "iat": noon})
	parts := strings.Split(good, ".")
	flipped := func(s string, at int) string {
		other := map[bool]string{true: "B", false: "A"}[s[at] == 'A']
		return s[:at] + other + s[at+1:]
	}
	payload := func(text string) string {
		return parts[0] + "." + jwttest.Encode([]byte(text)) + "." + parts[2]
	}
	forged := map[string]string{
		"another user":             payload(`{"sub":"bob","iat":1709294400}`),
		"another way to write it":  payload(`{"sub":"ann","iat":1709294400 }`),
		"another header":           jwttest.Encode([]byte(`{"alg":"HS256"}`)) + "." + parts[1] + "." + parts[2],
		"the signature begins so":  parts[0] + "." + parts[1] + "." + flipped(parts[2], 0),
		"in its middle":            parts[0] + "." + parts[1] + "." + flipped(parts[2], 20),
		"ends so":                  parts[0] + "." + parts[1] + "." + flipped(parts[2], 41),
		"is shorter":               good[:len(good)-3],
		"is longer":                good + "AAAA",
		"that of another's secret": tokenOf(t, secretB, claims{"sub": "ann", "iat": noon}),
	}
	for size, value := range cacheSizes {
		t.Run(size, func(t *testing.T) {
			t.Setenv(EnvCacheBytes, value)
			k := newKit(t)
			list := k.bind(appOf("a"), entry{users: usersJSON("ann", "bob")})
			for range 4 {
				if got := answer(inHeader(t, good), list...); got != "ann of a@app" {
					t.Fatal(got)
				}
				for name, raw := range forged {
					if got := answer(inHeader(t, raw), list...); got != "signature_invalid" {
						t.Errorf("%s: got %s", name, got)
					}
				}
			}
			if k.driver.Holds(good) != (value == "") {
				t.Error("it was remembered without a cache, or not with one")
			}
		})
	}
}
