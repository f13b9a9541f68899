package rule_test

import (
	"slices"
	"testing"
	"time"

	"apinto-jwt/issuer"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/rule"
	"apinto-jwt/token"
)

// An examination names every failure in the order of the way, and a user of an accepted token alone.
func TestExamine(t *testing.T) {
	r, err := rule.CompileVerifying(&rule.Config{Algorithm: "HS256", Secret: "secret", Iss: "us", Path: "sub", Audience: []string{"orders"}})
	must.Succeed(t, err)
	now := time.Unix(1_700_000_000, 0)
	for _, test := range []struct {
		name, secret, payload, user string
		want                        []token.Reason
	}{
		{"accepted", "secret", `{"iss":"us","sub":"ann","aud":"orders"}`, "ann", nil},
		{"expired, for somebody else, of nobody", "secret", `{"iss":"us","aud":"stock","exp":1}`, "", []token.Reason{token.TokenExpired, token.AudienceMismatch, token.UserMissing}},
		{"another secret", "other", `{"iss":"us","sub":"ann","aud":"orders"}`, "", []token.Reason{token.SignatureInvalid}},
		{"another issuer and secret", "other", `{"iss":"them","sub":"ann","aud":"orders"}`, "", []token.Reason{token.IssuerMismatch, token.SignatureInvalid}},
		{"another issuer", "secret", `{"iss":"them","sub":"ann","aud":"orders"}`, "", []token.Reason{token.IssuerMismatch}},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := r.Examine(sign(t, test.secret, test.payload), now)
			var got []token.Reason
			for _, failure := range e.Failures {
				got = append(got, token.ReasonOf(failure))
			}
			if !slices.Equal(got, test.want) || e.User != test.user || (e.Verified != nil) != (test.want == nil) || e.Unverified == nil {
				t.Errorf("got %v, %+v, want %v", got, e, test.want)
			}
		})
	}
	if e := r.Examine("a.b", now); e.Unverified != nil || e.Verified != nil || len(e.Failures) != 1 || token.ReasonOf(e.Failures[0]) != token.TokenMalformed {
		t.Errorf("no token: %+v", e)
	}
}

// A token that was made under the rule is recognised for its own user.
func TestRecognise(t *testing.T) {
	r, err := rule.CompileVerifying(&rule.Config{Algorithm: "HS256", Secret: "secret", Path: "sub"})
	must.Succeed(t, err)
	now, raw := time.Unix(1_700_000_000, 0), sign(t, "secret", `{"sub":"ann","exp":1800000000}`)
	if err := r.Recognise(raw, "ann", now); err != nil {
		t.Error(err)
	}
	if err := r.Recognise(raw, "bob", now); err == nil {
		t.Error("recognised for another user")
	}
	if err := r.Recognise(raw, "ann", time.Unix(1_800_000_000, 0)); token.ReasonOf(err) != token.TokenExpired {
		t.Errorf("expired: %v", err)
	}
}

// sign signs a payload with HS256.
func sign(t *testing.T, secret, payload string) string {
	t.Helper()
	key, err := issuer.NewSecretKey("", []byte(secret), "HS256")
	must.Succeed(t, err)
	raw, err := key.Sign(issuer.Header{Type: "JWT"}, []byte(payload))
	must.Succeed(t, err)
	return raw
}
