package jwt

import "testing"

// tallied are the counters by reason and application.
func (k *kit) tallied() map[string]uint64 {
	counts := make(map[string]uint64)
	for _, one := range k.driver.status().Requests {
		counts[one.Reason+" "+one.Application] += one.Count
	}
	return counts
}

// Whoever has the rule that refuses a verified token is named, unless several have it, or several rules refuse alike.
func TestRefusalsNameTheApplication(t *testing.T) {
	demanding := ruleJSON("audience", `"orders"`, "required_claims", `{"scope":"read"}`)
	tests := []struct {
		name    string
		bind    func(k *kit) *authenticator
		payload claims
		want    string
	}{
		{"user unknown", func(k *kit) *authenticator { return k.bind(appOf("a"), entry{})[0] }, claims{"sub": "eve"}, "user_unknown a@app"},
		{"user missing", func(k *kit) *authenticator { return k.bind(appOf("a"), entry{})[0] }, claims{"n": 1}, "user_missing a@app"},
		{"expired", func(k *kit) *authenticator { return k.bind(appOf("a"), entry{})[0] }, claims{"sub": "ann", "exp": 1}, "token_expired a@app"},
		{"another audience", func(k *kit) *authenticator { return k.bind(appOf("a"), entry{config: demanding})[0] }, claims{"sub": "ann", "aud": "x"}, "audience_mismatch a@app"},
		{"no scope", func(k *kit) *authenticator { return k.bind(appOf("a"), entry{config: demanding})[0] }, claims{"sub": "ann", "aud": "orders"}, "claim_missing a@app"},
		{"a rule of two", func(k *kit) *authenticator {
			k.bind(appOf("a"), entry{})
			return k.bind(appOf("b"), entry{users: usersJSON("bob")})[0]
		}, claims{"sub": "eve"}, "user_unknown "},
		{"a rule of one, once of two", func(k *kit) *authenticator {
			a := k.bind(appOf("a"), entry{})[0]
			k.bind(appOf("b"), entry{users: usersJSON("bob")})
			k.bind(appOf("b"), entry{config: secretRule(secretB)})
			return a
		}, claims{"sub": "eve"}, "user_unknown a@app"},
		{"two rules alike", func(k *kit) *authenticator {
			k.bind(appOf("a"), entry{})
			return k.bind(appOf("b"), entry{config: ruleJSON("leeway", "1")})[0]
		}, claims{"sub": "eve"}, "user_unknown "},
		{"two rules, one comes further", func(k *kit) *authenticator {
			k.bind(appOf("a"), entry{})
			return k.bind(appOf("b"), entry{config: demanding})[0]
		}, claims{"sub": "eve"}, "user_unknown a@app"},
		{"the user has expired", func(k *kit) *authenticator {
			return k.bind(appOf("a"), entry{users: `[{"pattern":{"username":"ann"},"expire":1}]`})[0]
		}, claims{"sub": "ann"}, "user_expired a@app"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			k := newKit(t)
			a := test.bind(k)
			for range 3 { // with a token that is remembered, too
				answer(inHeader(t, tokenOf(t, secretA, test.payload)), a)
			}
			if got := k.tallied(); len(got) != 1 || got[test.want] != 3 {
				t.Errorf("counted %v, want %q", got, test.want)
			}
		})
	}
}

func TestMissingTokensAreCounted(t *testing.T) {
	k := newKit(t)
	a := k.bind(appOf("a"), entry{})[0]
	a.GetUser(inHeader(t, ""))
	if got := k.tallied(); len(got) != 1 || got["token_missing "] != 1 {
		t.Errorf("counted %v", got)
	}
}
