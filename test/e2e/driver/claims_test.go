package driver

import (
	"fmt"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

const claimsSecret = "the secret of the tokens with claims"

// claimsRule is a rule with these fields, and what comes of tokens with these claims.
type claimsRule struct {
	name   string // of its header
	fields gateway.Rule
	good   []rig.Claims
	bad    []badClaims
}

type badClaims struct {
	claims rig.Claims
	reason string
}

func claimsRules() []claimsRule {
	now := time.Now().Unix()
	return []claimsRule{
		{
			"X-Audience",
			gateway.Rule{"audience": []string{"us", "we"}},
			[]rig.Claims{{"aud": "us"}, {"aud": []string{"them", "we"}}},
			[]badClaims{{rig.Claims{"aud": "them"}, "audience_mismatch"}, {rig.Claims{"aud": []string{}}, "audience_mismatch"}, {rig.Claims{}, "audience_mismatch"}},
		},
		{
			"X-Leeway",
			gateway.Rule{"leeway": 120},
			[]rig.Claims{{"exp": now - 60}, {"nbf": now + 60}, {"iat": now + 60}},
			[]badClaims{
				{rig.Claims{"exp": now - 180}, "token_expired"},
				{rig.Claims{"nbf": now + 180}, "token_not_yet_valid"},
				{rig.Claims{"iat": now + 180}, "token_not_yet_valid"},
			},
		},
		{
			"X-Strict-Time", nil,
			[]rig.Claims{{"iat": now - 1}, {"exp": now + 60}},
			[]badClaims{{rig.Claims{"iat": now + 60}, "token_not_yet_valid"}, {rig.Claims{"exp": now - 1}, "token_expired"}},
		},
		{
			"X-Lifetime",
			gateway.Rule{"max_lifetime": 3600},
			[]rig.Claims{{"iat": now - 10, "exp": now + 3000}},
			[]badClaims{
				{rig.Claims{"iat": now - 10, "exp": now + 3600}, "lifetime_too_long"},
				{rig.Claims{"exp": now + 60}, "claim_missing"},
				{rig.Claims{"iat": now - 10}, "claim_missing"},
			},
		},
		{
			"X-Type",
			gateway.Rule{"token_type": "at+jwt"},
			[]rig.Claims{{"typ": "at+jwt"}, {"typ": "application/AT+JWT"}},
			[]badClaims{{rig.Claims{"typ": "JWT"}, "type_not_allowed"}, {rig.Claims{}, "type_not_allowed"}, {rig.Claims{"typ": "JOSE"}, "type_not_allowed"}},
		},
		{
			"X-Required",
			gateway.Rule{"required_claims": rig.Object{"$.tenant": []string{"red", "blue"}, "scope.level": 2, "jti": []string{}}},
			[]rig.Claims{
				{"tenant": "red", "scope": rig.Object{"level": 2}, "jti": "1"},
				{"tenant": []string{"green", "blue"}, "scope": rig.Object{"level": 2}, "jti": "1"},
			},
			[]badClaims{
				{rig.Claims{"tenant": "green", "scope": rig.Object{"level": 2}, "jti": "1"}, "claim_mismatch"},
				{rig.Claims{"tenant": "red", "scope": rig.Object{"level": 3}, "jti": "1"}, "claim_mismatch"},
				{rig.Claims{"tenant": "red", "jti": "1"}, "claim_missing"},
				{rig.Claims{"tenant": "red", "scope": rig.Object{"level": 2}}, "claim_missing"},
			},
		},
	}
}

// claimsToken has the claims; "typ" stands in its header.
func claimsToken(t *testing.T, c rig.Claims) string {
	t.Helper()
	header, payload := rig.Object{}, rig.Claims{"sub": "ann"}
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
	e := rig.Shared(t)
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
	e.Add(t, app)

	// All are sent before the first log is read, see TestRefused.
	type sent struct {
		name, reason string
		rig.Answer
	}
	var all []sent
	for _, rule := range claimsRules() {
		for i, good := range rule.good {
			raw := claimsToken(t, good)
			e.Accept(t, e.Node, rig.InHeader(rule.name, raw))
			for range 2 { // it is remembered by now
				all = append(all, sent{fmt.Sprintf("%s good %d", rule.name, i), "", e.Send(t, e.Node, rig.InHeader(rule.name, raw))})
			}
		}
		for i, bad := range rule.bad {
			raw := claimsToken(t, bad.claims)
			for range 3 {
				all = append(all, sent{fmt.Sprintf("%s bad %d", rule.name, i), bad.reason, e.Send(t, e.Node, rig.InHeader(rule.name, raw))})
			}
		}
	}
	for _, one := range all {
		t.Run(one.name, func(t *testing.T) {
			want := map[string]string{"application": "claims", "user": "ann", "jwt_result": ""}
			err := one.Accepted()
			if one.reason != "" {
				want = map[string]string{"application": "", "user": "", "jwt_result": one.reason}
				err = one.Refused()
			}
			if err != nil {
				t.Error(err)
			}
			e.ExpectLogged(t, one.Answer, want)
		})
	}
}

// A token that is remembered ends on time.
func TestRememberedTokenEnds(t *testing.T) {
	e := rig.Shared(t)
	e.Add(t, gateway.JWTApp("ending", gateway.Auth{
		Position: "header", TokenName: "X-Ending", Users: []gateway.User{{Name: "ann"}},
		Config: gateway.Rule{"algorithm": "HS256", "secret": claimsSecret, "path": "sub", "leeway": 1},
	}))
	e.Accept(t, e.Node, rig.InHeader("X-Ending", claimsToken(t, nil)))
	end := time.Now().Add(time.Second).Unix() // and a second of leeway
	raw := claimsToken(t, rig.Claims{"exp": end})
	for time.Now().Before(time.Unix(end, 0).Add(900 * time.Millisecond)) {
		if got := e.Send(t, e.Node, rig.InHeader("X-Ending", raw)); got.Accepted() != nil && time.Now().Before(time.Unix(end+1, 0)) {
			t.Fatal(got.Accepted())
		}
		time.Sleep(20 * time.Millisecond)
	}
	time.Sleep(time.Until(time.Unix(end+1, 0).Add(10 * time.Millisecond)))
	e.Refuse(t, e.Node, rig.InHeader("X-Ending", raw))
}
