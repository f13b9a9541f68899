package token_test

import (
	"strconv"
	"testing"
	"time"

	"apinto-jwt/jwttest/must"
	"apinto-jwt/token"
)

// noon is the time of these tests, in seconds.
const noon = 1767225600

// clockNow is noon as a time.
var clockNow = time.Unix(noon, 0)

func TestCheckTimes(t *testing.T) {
	at := func(seconds float64) string { return strconv.FormatFloat(noon+seconds, 'f', -1, 64) }
	minute := token.Expected{Leeway: time.Minute}
	tests := []struct {
		name, payload string
		expected      token.Expected
		reason        token.Reason
		part          string
	}{
		{"none", `{}`, token.Expected{}, token.Accepted, ""},
		{"exp a second ago", `{"exp":` + at(-1) + `}`, token.Expected{}, token.TokenExpired, "payload.exp"},
		{"exp now", `{"exp":` + at(0) + `}`, token.Expected{}, token.TokenExpired, "payload.exp"},
		{"exp in a millisecond", `{"exp":` + at(0.001) + `}`, token.Expected{}, token.Accepted, ""},
		{"exp in a second", `{"exp":` + at(1) + `}`, token.Expected{}, token.Accepted, ""},
		{"exp 0", `{"exp":0}`, token.Expected{}, token.TokenExpired, "payload.exp"},
		{"exp -0", `{"exp":-0}`, token.Expected{}, token.TokenExpired, "payload.exp"},
		{"exp negative", `{"exp":-1e15}`, token.Expected{}, token.TokenExpired, "payload.exp"},
		{"exp 2^53", `{"exp":9007199254740992}`, token.Expected{}, token.Accepted, ""},
		{"exp -2^53", `{"exp":-9007199254740992}`, token.Expected{}, token.TokenExpired, "payload.exp"},
		{"exp within the leeway", `{"exp":` + at(-59.999) + `}`, minute, token.Accepted, ""},
		{"exp at the leeway's end", `{"exp":` + at(-60) + `}`, minute, token.TokenExpired, "payload.exp"},
		{"exp ignored", `{"exp":1}`, token.Expected{Exp: token.Ignore}, token.Accepted, ""},
		{"exp required and missing", `{}`, token.Expected{Exp: token.Require}, token.ClaimMissing, "payload.exp"},
		{"exp required and past", `{"exp":1}`, token.Expected{Exp: token.Require}, token.TokenExpired, "payload.exp"},
		{"exp required and 0", `{"exp":0}`, token.Expected{Exp: token.Require}, token.TokenExpired, "payload.exp"},
		{"exp required and there", `{"exp":` + at(1) + `}`, token.Expected{Exp: token.Require}, token.Accepted, ""},
		{"nbf now", `{"nbf":` + at(0) + `}`, token.Expected{}, token.Accepted, ""},
		{"nbf in a millisecond", `{"nbf":` + at(0.001) + `}`, token.Expected{}, token.TokenNotYetValid, "payload.nbf"},
		{"nbf in a second", `{"nbf":` + at(1) + `}`, token.Expected{}, token.TokenNotYetValid, "payload.nbf"},
		{"nbf at the leeway's end", `{"nbf":` + at(60) + `}`, minute, token.Accepted, ""},
		{"nbf behind the leeway", `{"nbf":` + at(60.001) + `}`, minute, token.TokenNotYetValid, "payload.nbf"},
		{"nbf 2^53", `{"nbf":9007199254740992}`, token.Expected{}, token.TokenNotYetValid, "payload.nbf"},
		{"nbf ignored", `{"nbf":` + at(1) + `}`, token.Expected{Nbf: token.Ignore}, token.Accepted, ""},
		{"nbf required and missing", `{}`, token.Expected{Nbf: token.Require}, token.ClaimMissing, "payload.nbf"},
		{"nbf required and there", `{"nbf":0}`, token.Expected{Nbf: token.Require}, token.Accepted, ""},
		{"iat now", `{"iat":` + at(0) + `}`, token.Expected{}, token.Accepted, ""},
		{"iat in a millisecond", `{"iat":` + at(0.001) + `}`, token.Expected{}, token.TokenNotYetValid, "payload.iat"},
		{"iat in a second, allowed", `{"iat":` + at(1) + `}`, token.Expected{FutureIssue: true}, token.Accepted, ""},
		{"iat at the leeway's end", `{"iat":` + at(60) + `}`, minute, token.Accepted, ""},
		{"iat behind the leeway", `{"iat":` + at(60.001) + `}`, minute, token.TokenNotYetValid, "payload.iat"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v := verified(t, claimed(t, test.payload))
			now := clockNow
			wantReason(t, test.expected.Check(v, now), test.reason, test.part)
			wantReason(t, test.expected.CheckTime(v, now), test.reason, test.part)
		})
	}
}

// A clock's fractions count.
func TestCheckBetweenSeconds(t *testing.T) {
	v := verified(t, claimed(t, `{"exp":1767225600.5}`))
	for nanoseconds, want := range map[int64]token.Reason{499_000_000: token.Accepted, 500_000_000: token.TokenExpired, 999_999_999: token.TokenExpired} {
		if got := token.ReasonOf((&token.Expected{}).Check(v, time.Unix(noon, nanoseconds))); got != want {
			t.Errorf("at %d ns: %s", nanoseconds, got)
		}
	}
}

func TestCheckClaims(t *testing.T) {
	claim := func(source string, values ...string) token.ExpectedClaim {
		path, err := token.ParsePath(source)
		must.Succeed(t, err)
		expected := token.ExpectedClaim{Path: path}
		for _, value := range values {
			expected.Values = append(expected.Values, token.TextValue(value))
		}
		return expected
	}
	scope := token.Expected{Claims: []token.ExpectedClaim{claim("scope", "read", "7")}}
	present := token.Expected{Claims: []token.ExpectedClaim{claim("$.a.b"), claim("c")}}
	hour := token.Expected{MaxLifetime: time.Hour, FutureIssue: true, Exp: token.Ignore}
	audience := token.Expected{Audience: []string{"api", "other"}}
	resource := token.Expected{Audience: []string{"api"}, Resource: "https://a.test/X"}
	tests := []struct {
		name, payload string
		expected      token.Expected
		reason        token.Reason
		part          string
	}{
		{"issuer", `{"iss":"i"}`, token.Expected{Issuer: "i"}, token.Accepted, ""},
		{"issuer escaped", `{"iss":"\u0069"}`, token.Expected{Issuer: "i"}, token.Accepted, ""},
		{"any issuer", `{"iss":"x"}`, token.Expected{}, token.Accepted, ""},
		{"another issuer", `{"iss":"x"}`, token.Expected{Issuer: "i"}, token.IssuerMismatch, "payload.iss"},
		{"issuer in another case", `{"iss":"I"}`, token.Expected{Issuer: "i"}, token.IssuerMismatch, "payload.iss"},
		{"issuer longer", `{"iss":"ii"}`, token.Expected{Issuer: "i"}, token.IssuerMismatch, "payload.iss"},
		{"issuer empty", `{"iss":""}`, token.Expected{Issuer: "i"}, token.IssuerMismatch, "payload.iss"},
		{"issuer missing", `{}`, token.Expected{Issuer: "i"}, token.IssuerMismatch, "payload.iss"},

		{"audience", `{"aud":"api"}`, audience, token.Accepted, ""},
		{"audience, the second", `{"aud":"other"}`, audience, token.Accepted, ""},
		{"audience in a list", `{"aud":["x","api"]}`, audience, token.Accepted, ""},
		{"audience escaped in a list", `{"aud":["x","\u0061pi"]}`, audience, token.Accepted, ""},
		{"any audience", `{"aud":["x"]}`, token.Expected{}, token.Accepted, ""},
		{"another audience", `{"aud":"x"}`, audience, token.AudienceMismatch, "payload.aud"},
		{"other audiences", `{"aud":["x","y"]}`, audience, token.AudienceMismatch, "payload.aud"},
		{"no audience", `{"aud":[]}`, audience, token.AudienceMismatch, "payload.aud"},
		{"audience missing", `{}`, audience, token.AudienceMismatch, "payload.aud"},
		{"audience in another case", `{"aud":"API"}`, audience, token.AudienceMismatch, "payload.aud"},
		{"audience a part", `{"aud":"ap"}`, audience, token.AudienceMismatch, "payload.aud"},
		{"audience a list in a string", `{"aud":"[\"api\"]"}`, audience, token.AudienceMismatch, "payload.aud"},

		{"resource", `{"aud":"https://a.test/X"}`, resource, token.Accepted, ""},
		{"resource, host and scheme in another case", `{"aud":["x","HTTPS://A.Test/X"]}`, resource, token.Accepted, ""},
		{"resource, path in another case", `{"aud":"https://a.test/x"}`, resource, token.AudienceMismatch, "payload.aud"},
		{"resource, slash behind", `{"aud":"https://a.test/X/"}`, resource, token.AudienceMismatch, "payload.aud"},
		{"resource, fragment behind", `{"aud":"https://a.test/X#"}`, resource, token.AudienceMismatch, "payload.aud"},
		{"resource or a name", `{"aud":"api"}`, resource, token.Accepted, ""},
		{"resource, a name in another case", `{"aud":"API"}`, resource, token.AudienceMismatch, "payload.aud"},
		{"resource alone", `{"aud":"api"}`, token.Expected{Resource: "https://a.test/X"}, token.AudienceMismatch, "payload.aud"},
		{"resource, audience missing", `{}`, token.Expected{Resource: "https://a.test/X"}, token.AudienceMismatch, "payload.aud"},

		{"lifetime", `{"iat":0,"exp":3600}`, hour, token.Accepted, ""},
		{"lifetime too long", `{"iat":0,"exp":3600.5}`, hour, token.LifetimeTooLong, "payload.exp"},
		{"lifetime negative", `{"iat":3600,"exp":0}`, hour, token.Accepted, ""},
		{"lifetime without exp", `{"iat":0}`, hour, token.ClaimMissing, "payload.exp"},
		{"lifetime without iat", `{"exp":3600}`, hour, token.ClaimMissing, "payload.iat"},
		{"lifetime from before time", `{"iat":-9007199254740992,"exp":0}`, hour, token.LifetimeTooLong, "payload.exp"},

		{"claim", `{"scope":"read"}`, scope, token.Accepted, ""},
		{"claim as number", `{"scope":7}`, scope, token.Accepted, ""},
		{"claim in a list", `{"scope":["x","read"]}`, scope, token.Accepted, ""},
		{"claim in a list of numbers", `{"scope":[6,7]}`, scope, token.Accepted, ""},
		{"claim of another value", `{"scope":"write"}`, scope, token.ClaimMismatch, "payload.scope"},
		{"claim of several words", `{"scope":"read write"}`, scope, token.ClaimMismatch, "payload.scope"},
		{"claim spelled otherwise", `{"scope":7.0}`, scope, token.Accepted, ""},
		{"claim in an empty list", `{"scope":[]}`, scope, token.ClaimMismatch, "payload.scope"},
		{"claim in a list of lists", `{"scope":[["read"]]}`, scope, token.ClaimMismatch, "payload.scope"},
		{"claim a member's name", `{"scope":{"read":1}}`, scope, token.ClaimMismatch, "payload.scope"},
		{"claim null", `{"scope":null}`, scope, token.ClaimMismatch, "payload.scope"},
		{"claim missing", `{"Scope":"read"}`, scope, token.ClaimMissing, "payload.scope"},
		{"claims there", `{"a":{"b":null},"c":false}`, present, token.Accepted, ""},
		{"first missing", `{"a":{},"c":false}`, present, token.ClaimMissing, "payload.$.a.b"},
		{"second missing", `{"a":{"b":0}}`, present, token.ClaimMissing, "payload.c"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.expected.Check(verified(t, claimed(t, test.payload)), clockNow)
			wantReason(t, err, test.reason, test.part)
		})
	}
}

func TestCheckType(t *testing.T) {
	for _, test := range []struct {
		name, header, demanded string
		reason                 token.Reason
	}{
		{"the same", `{"alg":"HS256","typ":"at+jwt"}`, "at+jwt", token.Accepted},
		{"another case", `{"alg":"HS256","typ":"AT+JWT"}`, "at+jwt", token.Accepted},
		{"application/ in the token", `{"alg":"HS256","typ":"application/at+jwt"}`, "at+jwt", token.Accepted},
		{"application/ demanded", `{"alg":"HS256","typ":"at+jwt"}`, "application/at+jwt", token.Accepted},
		{"any", `{"alg":"HS256","typ":"at+jwt"}`, "", token.Accepted},
		{"another", `{"alg":"HS256","typ":"JWT"}`, "at+jwt", token.TypeNotAllowed},
		{"none", `{"alg":"HS256"}`, "JWT", token.TypeNotAllowed},
	} {
		t.Run(test.name, func(t *testing.T) {
			part := map[bool]string{true: "header.typ"}[test.reason != token.Accepted]
			err := (&token.Expected{Type: test.demanded}).Check(verified(t, signed(t, test.header, `{}`)), clockNow)
			wantReason(t, err, test.reason, part)
		})
	}
}

// Check gives the first failure in the order of the walk, CheckAll every one.
func TestCheckAll(t *testing.T) {
	path, err := token.ParsePath("scope")
	must.Succeed(t, err)
	e := token.Expected{
		Issuer: "i", Type: "at+jwt", Audience: []string{"api"}, MaxLifetime: time.Hour, Exp: token.Require, Nbf: token.Require,
		Claims: []token.ExpectedClaim{{Path: path, Values: []token.Value{token.TextValue("read")}}},
	}
	v := verified(t, claimed(t, `{"iss":"x","aud":"y","scope":"z","iat":4102444800,"nbf":4102444800,"exp":1}`))
	now := clockNow
	wantReason(t, e.Check(v, now), token.IssuerMismatch, "payload.iss")
	want := []token.Reason{
		token.IssuerMismatch, token.TypeNotAllowed, token.TokenExpired, token.TokenNotYetValid, token.TokenNotYetValid, token.AudienceMismatch, token.ClaimMismatch,
	}
	failures := e.CheckAll(v, now)
	if len(failures) != len(want) {
		t.Fatalf("got %v", failures)
	}
	for i, failure := range failures {
		if token.ReasonOf(failure) != want[i] {
			t.Errorf("%d: got %v, want %s", i, failure, want[i])
		}
	}
	if got := (&token.Expected{}).CheckAll(verified(t, claimed(t, `{}`)), now); got != nil {
		t.Errorf("got %v", got)
	}
}
