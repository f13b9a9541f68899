package jwt

import (
	"encoding/json"
	"os"
	"testing"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
)

// Each case of testdata/claims.json is a rule with these fields, and what tokens come to: "ann", whom the rule knows, or the
// reason. It is rigNow, 1767225600.
func TestClaimChecks(t *testing.T) {
	file, err := os.ReadFile("testdata/claims.json")
	must.Succeed(t, err)
	var rules []struct {
		Name   string
		Fields object
		Tokens []struct {
			Header, Claims object
			Want           string
		}
	}
	must.Succeed(t, json.Unmarshal(file, &rules))
	for _, rule := range rules {
		t.Run(rule.Name, func(t *testing.T) {
			r := newRig(t)
			auth := r.bind("a", with(rule.Fields), "ann")
			for _, test := range rule.Tokens {
				t.Run(text(test), func(t *testing.T) {
					r.t = t
					want := fails(test.Want)
					if test.Want == "ann" {
						want = passes("ann")
					}
					r.want(auth, jwttest.Sign(t, "HS256", rigSecret, test.Header, test.Claims), want)
				})
			}
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
