package jwt

import (
	"crypto/elliptic"
	"fmt"
	"testing"

	http_service "github.com/eolinker/eosc/eocontext/http-context"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/host"
)

// documented is the token of the documentation:
//
//	{"alg":"HS256","typ":"JWT"}
//	{"sub":"1234567890","iss":"apinto","name":"John Doe","iat":1516239022,"exp":1713339896}
//
// signed with the secret "apinto". It ends at 2024-04-17T07:44:56Z.
func documented(t testing.TB) string {
	t.Helper()
	return jwttest.SignRaw(t, "HS256", "apinto", []byte(`{"alg":"HS256","typ":"JWT"}`),
		[]byte(`{"sub":"1234567890","iss":"apinto","name":"John Doe","iat":1516239022,"exp":1713339896}`))
}

func TestDocumentedExample(t *testing.T) {
	const end = 1713339896
	rule := func(claims string) string {
		return `{"iss":"apinto","algorithm":"HS256","secret":"apinto","path":"$.name","claims_to_verify":` + claims + `}`
	}
	tests := []struct {
		name, claims string
		now          int64
		want         string
	}{
		{"before its end", `["exp"]`, end - 1, "John Doe of a@app"},
		{"at its end", `["exp"]`, end, "token_expired"},
		{"after its end", `["exp"]`, end + 1, "token_expired"},
		{"honoured where it is there", `null`, end, "token_expired"},
		{"honoured beside another", `["nbf"]`, end - 1, "claim_missing"},
		{"not looked at", `[]`, end + 1, "John Doe of a@app"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			list := k.bind(appOf("a"), entry{position: "header", name: "Authorization", config: rule(test.claims), users: usersJSON("John Doe")})
			k.clock.Store(test.now)
			if got := answer(inHeader(t, documented(t)), list...); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// signer makes a token with the key that fits the algorithm.
func signer(t testing.TB, algorithm string) (key any, rule string) {
	t.Helper()
	switch algorithm {
	case "HS256", "HS384", "HS512":
		return secretA, ruleJSON("algorithm", quote(algorithm))
	case "ES256":
		key = jwttest.ECKey(elliptic.P256())
	case "ES384":
		key = jwttest.ECKey(elliptic.P384())
	case "ES512":
		key = jwttest.ECKey(elliptic.P521())
	case "EdDSA", "Ed25519":
		key = jwttest.Ed25519Key()
	default:
		key = jwttest.RSAKey(2048)
	}
	return key, pemRule(algorithm, jwttest.PublicPEM(key))
}

var algorithmNames = []string{
	"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA", "Ed25519",
}

// Exactly the rule's algorithm is accepted, whatever else the key could do.
func TestAlgorithms(t *testing.T) {
	k := newKit(t)
	list := map[string][]*authenticator{}
	for i, algorithm := range algorithmNames {
		_, rule := signer(t, algorithm)
		list[algorithm] = k.bind(appOf(algorithm), entry{position: "header", name: fmt.Sprint("X-", i), config: rule})
	}
	for _, of := range algorithmNames {
		key, _ := signer(t, of)
		signed := jwttest.Sign(t, of, key, nil, claims{"sub": "ann"})
		for i, at := range algorithmNames {
			want := "algorithm_not_allowed"
			if at == of {
				want = "ann of " + of + "@app"
			}
			if got := answer(host.Get(t, "/", fmt.Sprintf("X-%d: %s", i, signed)), list[at]...); got != want {
				t.Errorf("%s token, %s rule: got %s, want %s", of, at, got, want)
			}
		}
	}
}

// At most one signature check for each key, and one resolution, whatever the number of rules and of times that we are asked.
func TestOneResolutionPerRequest(t *testing.T) {
	k := newKit(t)
	var list []*authenticator
	for i := range 20 {
		list = append(list, k.bind(appOf(fmt.Sprint(i)), entry{config: ruleJSON("path", quote(fmt.Sprint("p", i)))})...)
	}
	ctx := &counting{IHttpContext: inHeader(t, tokenOf(t, secretA, claims{"p7": "eve"}))}
	if got := answer(ctx, list...); got != "user_unknown" {
		t.Fatalf("got %s", got)
	}
	if ctx.kept != 1 {
		t.Errorf("the request was resolved %d times when we were asked %d times", ctx.kept, len(list))
	}
	ctx = &counting{IHttpContext: inHeader(t, tokenOf(t, secretA, claims{"p7": "ann"}))}
	if got := answer(ctx, list...); got != "ann of 7@app" || ctx.kept != 0 {
		t.Errorf("got %s; nobody else is asked, but the answer was kept", got)
	}
}

// counting is a context that counts what is kept in it.
type counting struct {
	http_service.IHttpContext
	kept int
}

func (c *counting) WithValue(key, value any) {
	c.kept++
	c.IHttpContext.WithValue(key, value)
}
