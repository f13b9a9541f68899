package e2e

import (
	"fmt"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
)

const claimsSecret = "the secret of the tokens with claims"

// claimsRule is a rule with these fields, and what comes of tokens with these claims.
type claimsRule struct {
	name   string // of its header
	fields gateway.Rule
	good   []claims
	bad    []badClaims
}

type badClaims struct {
	claims claims
	reason string
}

func claimsRules() []claimsRule {
	now := time.Now().Unix()
	return []claimsRule{
		{
			"X-Audience",
			gateway.Rule{"audience": []string{"us", "we"}},
			[]claims{{"aud": "us"}, {"aud": []string{"them", "we"}}},
			[]badClaims{{claims{"aud": "them"}, "audience_mismatch"}, {claims{"aud": []string{}}, "audience_mismatch"}, {claims{}, "audience_mismatch"}},
		},
		{
			"X-Leeway",
			gateway.Rule{"leeway": 120},
			[]claims{{"exp": now - 60}, {"nbf": now + 60}, {"iat": now + 60}},
			[]badClaims{
				{claims{"exp": now - 180}, "token_expired"},
				{claims{"nbf": now + 180}, "token_not_yet_valid"},
				{claims{"iat": now + 180}, "token_not_yet_valid"},
			},
		},
		{
			"X-Strict-Time", nil,
			[]claims{{"iat": now - 1}, {"exp": now + 60}},
			[]badClaims{{claims{"iat": now + 60}, "token_not_yet_valid"}, {claims{"exp": now - 1}, "token_expired"}},
		},
		{
			"X-Lifetime",
			gateway.Rule{"max_lifetime": 3600},
			[]claims{{"iat": now - 10, "exp": now + 3000}},
			[]badClaims{
				{claims{"iat": now - 10, "exp": now + 3600}, "lifetime_too_long"},
				{claims{"exp": now + 60}, "claim_missing"},
				{claims{"iat": now - 10}, "claim_missing"},
			},
		},
		{
			"X-Type",
			gateway.Rule{"token_type": "at+jwt"},
			[]claims{{"typ": "at+jwt"}, {"typ": "application/AT+JWT"}},
			[]badClaims{{claims{"typ": "JWT"}, "type_not_allowed"}, {claims{}, "type_not_allowed"}, {claims{"typ": "JOSE"}, "type_not_allowed"}},
		},
		{
			"X-Required",
			gateway.Rule{"required_claims": object{"$.tenant": []string{"red", "blue"}, "scope.level": 2, "jti": []string{}}},
			[]claims{
				{"tenant": "red", "scope": object{"level": 2}, "jti": "1"},
				{"tenant": []string{"green", "blue"}, "scope": object{"level": 2}, "jti": "1"},
			},
			[]badClaims{
				{claims{"tenant": "green", "scope": object{"level": 2}, "jti": "1"}, "claim_mismatch"},
				{claims{"tenant": "red", "scope": object{"level": 3}, "jti": "1"}, "claim_mismatch"},
				{claims{"tenant": "red", "jti": "1"}, "claim_missing"},
				{claims{"tenant": "red", "scope": object{"level": 2}}, "claim_missing"},
			},
		},
	}
}

// claimsToken has the claims; "typ" stands in its header.
func claimsToken(t *testing.T, c claims) string {
	t.Helper()
	header, payload := object{}, claims{"sub": "ann"}
	for name, value := range c {
		if name == "typ" {
			header[name] = value
		} else {
			payload[name] = value
		}
	}
	return jwttest.Sign(t, "HS256", claimsSecret, header, payload)
}

func TestClaims(t *testing.T) {
	e := shared.get(t)
	app := gateway.App{Name: "claims", Driver: "app"}
	for _, rule := range claimsRules() {
		config := gateway.Rule{"algorithm": "HS256", "secret": claimsSecret, "path": "sub"}
		for name, value := range rule.fields {
			config[name] = value
		}
		app.Auth = append(app.Auth, gateway.Auth{
			Type: "jwt", Position: "header", TokenName: rule.name, Config: config, Users: []gateway.User{{Name: "ann"}},
		})
	}
	e.add(t, app)

	// All are sent before the first log is read, see TestRefused.
	type sent struct {
		name, reason string
		answer
	}
	var all []sent
	for _, rule := range claimsRules() {
		for i, good := range rule.good {
			raw := claimsToken(t, good)
			e.accept(t, e.node, inHeader(rule.name, raw))
			for range 2 { // it is remembered by now
				all = append(all, sent{fmt.Sprintf("%s good %d", rule.name, i), "", e.send(t, e.node, inHeader(rule.name, raw))})
			}
		}
		for i, bad := range rule.bad {
			raw := claimsToken(t, bad.claims)
			for range 3 {
				all = append(all, sent{fmt.Sprintf("%s bad %d", rule.name, i), bad.reason, e.send(t, e.node, inHeader(rule.name, raw))})
			}
		}
	}
	for _, one := range all {
		t.Run(one.name, func(t *testing.T) {
			want := map[string]string{"application": "claims", "user": "ann", "jwt_result": ""}
			err := one.accepted()
			if one.reason != "" {
				want = map[string]string{"application": "", "user": "", "jwt_result": one.reason}
				err = one.refused()
			}
			if err != nil {
				t.Error(err)
			}
			e.expectLogged(t, one.answer, want)
		})
	}
}

// A token that is remembered ends on time.
func TestRememberedTokenEnds(t *testing.T) {
	e := shared.get(t)
	e.add(t, gateway.JWTApp("ending", gateway.Auth{
		Position: "header", TokenName: "X-Ending", Users: []gateway.User{{Name: "ann"}},
		Config: gateway.Rule{"algorithm": "HS256", "secret": claimsSecret, "path": "sub", "leeway": 1},
	}))
	e.accept(t, e.node, inHeader("X-Ending", claimsToken(t, nil)))
	end := time.Now().Add(time.Second).Unix() // and a second of leeway
	raw := claimsToken(t, claims{"exp": end})
	for time.Now().Before(time.Unix(end, 0).Add(900 * time.Millisecond)) {
		if got := e.send(t, e.node, inHeader("X-Ending", raw)); got.accepted() != nil && time.Now().Before(time.Unix(end+1, 0)) {
			t.Fatal(got.accepted())
		}
		time.Sleep(20 * time.Millisecond)
	}
	time.Sleep(time.Until(time.Unix(end+1, 0).Add(10 * time.Millisecond)))
	e.refuse(t, e.node, inHeader("X-Ending", raw))
}
