package token_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/keys"
	"apinto-jwt/token"
)

// rfcExample is an example of an RFC, from testdata/rfc.json.
type rfcExample struct {
	Section   string
	Shows     string // header and, if it is short, payload
	Algorithm keys.Algorithm
	JWK       json.RawMessage
	Token     string
	JWS       string // what comes of it as a JWS, whatever its payload
	JWT       string // what comes of it as a JWT, before its end: stricter, as most payloads are no claims
}

// set is the example's key.
func (e rfcExample) set(t *testing.T) *keys.Set {
	t.Helper()
	set, _, err := keys.ParseJWKS(e.JWK, keys.JWKSOptions{Allowed: keys.NewAlgorithmSet(e.Algorithm), Strict: true})
	must.Succeed(t, err)
	return set
}

// rfcExamples reads the examples.
func rfcExamples(t *testing.T) []rfcExample {
	t.Helper()
	text, err := os.ReadFile("testdata/rfc.json")
	must.Succeed(t, err)
	var list []rfcExample
	if err := json.Unmarshal(text, &list); err != nil || len(list) != 16 {
		t.Fatalf("%d examples: %v", len(list), err)
	}
	return list
}

func TestRFCExamples(t *testing.T) {
	for _, example := range rfcExamples(t) {
		t.Run(example.Section, func(t *testing.T) {
			set := example.set(t)
			c, err := token.ParseCompact(example.Token)
			if err == nil {
				err = c.Verify(set.Keys()[0])
			}
			if got := token.ReasonOf(err); got.String() != example.JWS {
				t.Errorf("as JWS: got %v, want %v", err, example.JWS)
			}
			if got := token.ReasonOf(verifyRFC(set, example.Token, 1300819379)); got.String() != example.JWT {
				t.Errorf("as JWT: got %v, want %v", got, example.JWT)
			}
		})
	}
}

// verifyRFC judges a token of the issuer joe, at a time in seconds.
func verifyRFC(set *keys.Set, raw string, now int64) error {
	u, err := token.Parse(raw)
	if err != nil {
		return err
	}
	v, err := u.Verify(set)
	if err != nil {
		return err
	}
	return (&token.Expected{Issuer: "joe"}).Check(v, time.Unix(now, 0))
}

// The JWTs of RFC 7515 A.1 to A.3 end at 1300819380.
func TestRFCExamplesEnd(t *testing.T) {
	for _, example := range rfcExamples(t)[:3] {
		if got := token.ReasonOf(verifyRFC(example.set(t), example.Token, 1300819380)); got != token.TokenExpired {
			t.Errorf("%s: got %v", example.Section, got)
		}
	}
}

// RFC 7515 A.6 and A.7: the JSON serialisations of the signatures of A.2 and A.3 are refused; a JWT is always compact
// (RFC 7519 §1).
func TestRFCJSONSerialisations(t *testing.T) {
	list := rfcExamples(t)
	rs, es := strings.Split(list[1].Token, "."), strings.Split(list[2].Token, ".")
	tests := map[string]string{
		"A.6": `{"payload":"` + rs[1] + `","signatures":[` +
			`{"protected":"` + rs[0] + `","header":{"kid":"2010-12-29"},"signature":"` + rs[2] + `"},` +
			`{"protected":"` + es[0] + `","header":{"kid":"e9bc097a-ce51-4036-9562-d2ade882db0d"},"signature":"` + es[2] + `"}]}`,
		"A.7": `{"payload":"` + es[1] + `","protected":"` + es[0] + `",` +
			`"header":{"kid":"e9bc097a-ce51-4036-9562-d2ade882db0d"},"signature":"` + es[2] + `"}`,
	}
	for section, text := range tests {
		if _, err := token.ParseCompact(text); token.ReasonOf(err) != token.TokenMalformed {
			t.Errorf("%s: got %v", section, err)
		}
	}
}
