package inspect

import (
	"encoding/base64"
	"fmt"
	"testing"
	"time"
)

// testNow is the time as of which the tests look at tokens.
var testNow = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

// exampleToken is the one of Apinto's documentation:
// {"alg":"HS256","typ":"JWT"} {"sub":"1234567890","iss":"apinto","name":"John Doe","iat":1516239022,"exp":1713339896}
const exampleToken = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." +
	"eyJzdWIiOiIxMjM0NTY3ODkwIiwiaXNzIjoiYXBpbnRvIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyLCJleHAiOjE3MTMzMzk4OTZ9." +
	"UrAQMDKwzLnR_d2HmkP2C0LzoQun0l9OaNFEaqeUdZU"

// encode makes a token of three texts.
func encode(header, payload, signature string) string {
	e := base64.RawURLEncoding.EncodeToString
	return e([]byte(header)) + "." + e([]byte(payload)) + "." + e([]byte(signature))
}

// A token is taken apart as far as it has parts; those of an encrypted one have no names.
func TestNew(t *testing.T) {
	for raw, want := range map[string]string{
		exampleToken:                `{"alg":"HS256","typ":"JWT"} true true 2 "HS256"`,
		"e30.e30":                   `{} true false 0 ""`,
		"e30":                       `{} false false 0 ""`,
		exampleToken + ".a.a":       `{"alg":"HS256","typ":"JWT"} false false 0 "HS256"`,
		encode(`{"alg":1}`, "", ""): `{"alg":1} false false 0 ""`,
	} {
		i := New(raw, testNow)
		_, isPart := i.Part("payload.exp")
		got := fmt.Sprintf("%s %t %t %d %q", i.Header.Text, i.Payload.Encoded != "", i.Signature.Encoded != "", len(i.Dates), i.Parameter("alg"))
		if got != want || isPart {
			t.Errorf("%s: got %s, want %s", raw, got, want)
		}
	}
}
