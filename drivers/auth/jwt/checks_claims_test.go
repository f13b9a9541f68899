package jwt

import (
	"fmt"
	"testing"

	"apinto-jwt/jwttest"
)

// Each test is a rule with these fields, and what tokens with these claims come to. All have "sub": "ann", whom the
// rule knows; rigNow is the time.
func TestClaimChecks(t *testing.T) {
	type checks []struct {
		claims object
		want   outcome
	}
	const now = rigNow
	ok := passes("ann")
	tests := []struct {
		name   string
		fields object
		checks checks
	}{
		{"nothing is asked", nil, checks{
			{object{}, ok},
			{object{"exp": now + 1}, ok},
			{object{"exp": now}, fails("token_expired")},
			{object{"exp": now - 1}, fails("token_expired")},
			{object{"nbf": now}, ok},
			{object{"nbf": now + 1}, fails("token_not_yet_valid")},
			{object{"iat": now}, ok},
			{object{"iat": now + 1}, fails("token_not_yet_valid")},
			{object{"iat": now + 0.25}, fails("token_not_yet_valid")},
			{object{"exp": now + 0.25}, ok},
			{object{"aud": "them"}, ok},
			{object{"aud": []string{}}, ok},
			{object{"aud": 5}, fails("token_malformed")},
			{object{"iat": "now"}, fails("token_malformed")},
		}},
		{"audience", object{"audience": []string{"us", "we"}}, checks{
			{object{"aud": "us"}, ok},
			{object{"aud": "we"}, ok},
			{object{"aud": []string{"them", "we"}}, ok},
			{object{"aud": "them"}, fails("audience_mismatch")},
			{object{"aud": "Us"}, fails("audience_mismatch")},
			{object{"aud": "us "}, fails("audience_mismatch")},
			{object{"aud": "us,we"}, fails("audience_mismatch")},
			{object{"aud": ""}, fails("audience_mismatch")},
			{object{"aud": []string{}}, fails("audience_mismatch")},
			{object{"aud": []string{"them"}}, fails("audience_mismatch")},
			{object{}, fails("audience_mismatch")},
			{object{"aud": nil}, fails("token_malformed")},
			{object{"aud": []any{"us", 5}}, fails("token_malformed")},
			{object{"aud": object{"us": true}}, fails("token_malformed")},
		}},
		{"leeway", object{"leeway": 60}, checks{
			{object{"exp": now - 59}, ok},
			{object{"exp": now - 60}, fails("token_expired")},
			{object{"nbf": now + 60}, ok},
			{object{"nbf": now + 61}, fails("token_not_yet_valid")},
			{object{"iat": now + 60}, ok},
			{object{"iat": now + 61}, fails("token_not_yet_valid")},
			{object{"exp": now - 59, "nbf": now + 60, "iat": now + 60}, ok},
		}},
		{"leeway with demands", object{"leeway": 60, "claims_to_verify": []string{"exp", "nbf"}}, checks{
			{object{"exp": now - 59, "nbf": now + 60}, ok},
			{object{"exp": now - 60, "nbf": now}, fails("token_expired")},
			{object{"nbf": now}, fails("claim_missing")},
			{object{"exp": now + 1}, fails("claim_missing")},
		}},
		{"nothing is verified", object{"claims_to_verify": []string{}}, checks{
			{object{"exp": now - 1e6, "nbf": now + 1e6, "iat": now + 1e6}, ok},
		}},
		{"exp alone is verified", object{"claims_to_verify": []string{"exp"}}, checks{
			{object{"exp": now + 1, "nbf": now + 1e6}, ok},
			{object{"exp": now + 1, "iat": now + 1}, fails("token_not_yet_valid")},
		}},
		{"max_lifetime", object{"max_lifetime": 3600}, checks{
			{object{"iat": now, "exp": now + 3600}, ok},
			{object{"iat": now - 3599, "exp": now + 1}, ok},
			{object{"iat": now, "exp": now + 3601}, fails("lifetime_too_long")},
			{object{"iat": now - 3600, "exp": now + 0.5}, fails("lifetime_too_long")},
			{object{"iat": now}, fails("claim_missing")},
			{object{"exp": now + 60}, fails("claim_missing")},
			{object{}, fails("claim_missing")},
			{object{"iat": now - 7200, "exp": now - 3600}, fails("token_expired")},
		}},
		{"max_lifetime is not lengthened by leeway", object{"max_lifetime": 60, "leeway": 300}, checks{
			{object{"iat": now, "exp": now + 60}, ok},
			{object{"iat": now, "exp": now + 61}, fails("lifetime_too_long")},
			{object{"iat": now + 300, "exp": now + 360}, ok},
		}},
		{"required claims", object{"required_claims": object{
			"$.tenant": []string{"red", "blue"}, "scope.level": []any{"gold", 2}, "email_verified": true, "jti": []string{},
		}}, checks{
			{object{"tenant": "red", "scope": object{"level": "gold"}, "email_verified": true, "jti": "x"}, ok},
			{object{"tenant": "blue", "scope": object{"level": 2}, "email_verified": true, "jti": ""}, ok},
			{object{"tenant": []string{"green", "blue"}, "scope": object{"level": []any{1, 2}}, "email_verified": []any{true}, "jti": "x"}, ok},
			{object{"tenant": "green", "scope": object{"level": 2}, "email_verified": true, "jti": "x"}, fails("claim_mismatch")},
			{object{"tenant": "Red", "scope": object{"level": 2}, "email_verified": true, "jti": "x"}, fails("claim_mismatch")},
			{object{"tenant": "red,blue", "scope": object{"level": 2}, "email_verified": true, "jti": "x"}, fails("claim_mismatch")},
			{object{"tenant": []string{}, "scope": object{"level": 2}, "email_verified": true, "jti": "x"}, fails("claim_mismatch")},
			{object{"tenant": object{"red": "red"}, "scope": object{"level": 2}, "email_verified": true, "jti": "x"}, fails("claim_mismatch")},
			{object{"tenant": "red", "scope": object{"level": 3}, "email_verified": true, "jti": "x"}, fails("claim_mismatch")},
			{object{"tenant": "red", "scope": object{"level": 2}, "email_verified": false, "jti": "x"}, fails("claim_mismatch")},
			{object{"tenant": nil, "scope": object{"level": 2}, "email_verified": true, "jti": "x"}, fails("claim_mismatch")},
			{object{"scope": object{"level": 2}, "email_verified": true, "jti": "x"}, fails("claim_missing")},
			{object{"tenant": "red", "scope": "level", "email_verified": true, "jti": "x"}, fails("claim_missing")},
			{object{"tenant": "red", "scope.level": 2, "email_verified": true, "jti": "x"}, fails("claim_missing")},
			{object{"tenant": "red", "scope": object{"level": 2}, "email_verified": true}, fails("claim_missing")},
		}},
		{"a claim whose name has a dot", object{"required_claims": object{"$['https://us.test/role']": "admin"}}, checks{
			{object{"https://us.test/role": "admin"}, ok},
			{object{"https://us": object{"test/role": "admin"}}, fails("claim_missing")},
		}},
		{"a list in a list is not looked into", object{"required_claims": object{"roles": "admin"}}, checks{
			{object{"roles": []any{[]any{"admin"}}}, fails("claim_mismatch")},
			{object{"roles": []any{"user", "admin"}}, ok},
		}},
		{"an empty value", object{"required_claims": object{"role": ""}}, checks{
			{object{"role": ""}, ok},
			{object{"role": "x"}, fails("claim_mismatch")},
			{object{"role": []any{}}, fails("claim_mismatch")},
		}},
		{"the first failure of several", object{"audience": "us", "max_lifetime": 60, "required_claims": object{"role": "admin"}, "iss": "me"}, checks{
			{object{"iss": "me", "exp": now - 1}, fails("token_expired")},
			{object{"iss": "me", "exp": now + 100, "iat": now}, fails("lifetime_too_long")},
			{object{"iss": "me", "exp": now + 10, "iat": now}, fails("audience_mismatch")},
			{object{"iss": "me", "exp": now + 10, "iat": now, "aud": "us"}, fails("claim_missing")},
			{object{"iss": "me", "exp": now + 10, "iat": now, "aud": "us", "role": "x"}, fails("claim_mismatch")},
			{object{"iss": "me", "exp": now + 10, "iat": now, "aud": "us", "role": "admin"}, ok},
			{object{"iss": "me", "exp": now + 10, "iat": now, "aud": "us", "role": "admin", "sub": "bob"}, fails("user_unknown")},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			auth := r.bind("a", with(test.fields), "ann")
			for i, check := range test.checks {
				claims := object{"sub": "ann"}
				for name, value := range check.claims {
					claims[name] = value
				}
				t.Run(fmt.Sprint(i), func(t *testing.T) {
					r.t = t
					r.want(auth, hs256(t, claims), check.want)
					if t.Failed() {
						t.Logf("claims %s", text(claims))
					}
				})
			}
		})
	}
}

func TestTokenType(t *testing.T) {
	tests := []struct {
		demanded string
		typ      any // nil: none
		want     outcome
	}{
		{"", nil, passes("ann")},
		{"", "JWT", passes("ann")},
		{"", "at+jwt", passes("ann")},
		{"", "application/AT+JWT", passes("ann")},
		{"", "JOSE", fails("type_not_allowed")},
		{"", 1, fails("token_malformed")},
		{"at+jwt", "at+jwt", passes("ann")},
		{"at+jwt", "AT+JWT", passes("ann")},
		{"at+jwt", "application/at+jwt", passes("ann")},
		{"application/at+jwt", "at+jwt", passes("ann")},
		{"at+jwt", "JWT", fails("type_not_allowed")},
		{"at+jwt", "logout+jwt", fails("type_not_allowed")},
		{"at+jwt", "", fails("type_not_allowed")},
		{"at+jwt", nil, fails("type_not_allowed")},
		{"JWT", "jwt", passes("ann")},
		{"JWT", "at+jwt", fails("type_not_allowed")},
		{"JWT", nil, fails("type_not_allowed")},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%q for %v", test.demanded, test.typ), func(t *testing.T) {
			r := newRig(t)
			auth := r.bind("a", with(object{"token_type": test.demanded}), "ann")
			header := object{"typ": test.typ}
			if test.typ == nil {
				header = nil
			}
			r.want(auth, jwttest.Sign(t, "HS256", rigSecret, header, object{"sub": "ann"}), test.want)
		})
	}
}

// Of several rules with one key, each asks for its own claims.
func TestRulesWithOneKeyAskForTheirOwn(t *testing.T) {
	r := newRig(t)
	us := r.bind("us", with(object{"audience": "us"}), "ann")
	them := r.bind("them", with(object{"audience": "them", "leeway": 60}), "ann")
	forUs, forThem := hs256(t, object{"sub": "ann", "aud": "us"}), hs256(t, object{"sub": "ann", "aud": "them", "exp": rigNow - 30})
	r.want(us, forUs, passes("ann"))
	r.want(them, forThem, passes("ann"))
	for app, raw := range map[string]string{"us": forUs, "them": forThem} {
		if user, ok := us.GetUser(withToken(t, raw)); !ok || user.App.Id() != app {
			t.Errorf("a token for %s: got %+v", app, user)
		}
	}
	late := hs256(t, object{"sub": "ann", "aud": "us", "exp": rigNow - 30})
	r.want(us, late, fails("audience_mismatch")) // of "them", which came furthest
}
