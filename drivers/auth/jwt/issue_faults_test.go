package jwt

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"apinto-jwt/jwttest/host"
	"apinto-jwt/keys"
)

func TestIssueFaults(t *testing.T) {
	private, public := keyPair(t, keys.ES256)
	other, _ := keyPair(t, keys.ES256)
	rs := func(members ...string) string {
		return ruleJSON(append([]string{"secret", "", "algorithm", `"ES256"`, "rsa_public_key", public}, members...)...)
	}
	tests := []struct{ name, config, field string }{
		{"no object", ruleJSON("issue", `true`), "config.issue:"},
		{"no private key", rs("issue", `{}`), "config.issue.private_key:"},
		{"a public key", rs("issue", `{"private_key":`+public+`}`), "config.issue.private_key:"},
		{"no PEM", rs("issue", `{"private_key":"secret"}`), "config.issue.private_key:"},
		{"not the other half", rs("issue", `{"private_key":`+other+`}`), "config.issue.private_key:"},
		{"another algorithm", rs("algorithm", `"ES384"`, "issue", `{"private_key":`+private+`}`), "config.issue.private_key:"},
		{"a private key for HS256", ruleJSON("issue", `{"private_key":`+private+`}`), "config.issue.private_key:"},
		{"kid is not in the key set", rs("rsa_public_key", "", "jwks", jwksOf(t, public, "a", keys.ES256), "issue", `{"kid":"b","private_key":`+private+`}`), "config.issue.private_key:"},
		{"jwks_uri", rs("rsa_public_key", "", "jwks_uri", `"https://keys.test/"`, "issue", `{"private_key":`+private+`}`), "config.issue: cannot stand beside config.jwks_uri"},
		{"access_ttl is a text", ruleJSON("issue", `{"access_ttl":"900"}`), "config.issue.access_ttl: must be a whole number"},
		{"access_ttl 0", ruleJSON("issue", `{"access_ttl":0}`), "config.issue.access_ttl:"},
		{"access_ttl too long", ruleJSON("issue", `{"access_ttl":86401}`), "config.issue.access_ttl:"},
		{"refresh_ttl negative", ruleJSON("issue", `{"refresh_ttl":-1}`), "config.issue.refresh_ttl:"},
		{"longer than max_lifetime", ruleJSON("max_lifetime", "60", "issue", `{}`), "config.issue.access_ttl:"},
		{"another audience", ruleJSON("audience", `["a"]`, "issue", `{"audience":["b"]}`), "config.issue.audience:"},
		{"a required claim is missing", ruleJSON("required_claims", `{"scope":["read"]}`, "issue", `{}`), "config.issue.claims:"},
		{"a required claim is another", ruleJSON("required_claims", `{"scope":["read"]}`, "issue", `{"claims":{"scope":"write"}}`), "config.issue.claims:"},
		{"claims set exp", ruleJSON("issue", `{"claims":{"exp":1}}`), "config.issue.claims:"},
		{"claims set the user", ruleJSON("path", `"name"`, "issue", `{"claims":{"name":"x"}}`), "config.issue.claims:"},
		{"path is exp", ruleJSON("path", `"exp"`, "issue", `{}`), "config.issue.claims:"},
		{"no issuer", ruleJSON("iss", `""`, "issue", `{}`), "config.iss:"},
		{"exp is not looked at", ruleJSON("claims_to_verify", `[]`, "issue", `{}`), "config.claims_to_verify:"},
		{"nbf alone is looked at", ruleJSON("claims_to_verify", `["nbf"]`, "issue", `{}`), "config.claims_to_verify:"},
		{"path with an index", ruleJSON("path", `"$.names[0]"`, "issue", `{}`), "config.issue: config.path"},
		{"path with a wildcard", ruleJSON("path", `"$..name"`, "issue", `{}`), "config.issue: config.path"},
		{"gjson query", ruleJSON("path", `"names.#.x"`, "issue", `{}`), "config.issue: config.path"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := newKit(t).fault(entry{config: tt.config})
			if !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), tt.field) {
				t.Errorf("want a fault of %s, got: %v", tt.field, err)
			}
			if strings.Contains(err.Error(), "MIGH") {
				t.Error("the private key is shown")
			}
		})
	}
}

// All faults are reported together, those of "issue" with the rule's.
func TestIssueFaultsTogether(t *testing.T) {
	err := newKit(t).fault(entry{config: ruleJSON("leeway", "-1", "issue", `{"access_ttl":1,"refresh_ttl":-1,"kid":7}`)})
	for _, field := range []string{"config.leeway", "config.issue.access_ttl", "config.issue.refresh_ttl", "config.issue.kid"} {
		if !strings.Contains(err.Error(), field+":") {
			t.Errorf("%s is missing: %v", field, err)
		}
	}
}

func TestPasswordFaults(t *testing.T) {
	tests := []struct {
		name, password string
		ok             bool
	}{
		{"a hash", hashOfSecret, true},
		{"none", "", true},
		{"plain text", "correct horse", false},
		{"cut short", hashOfSecret[:59], false},
		{"too long", hashOfSecret + "x", false},
		{"another scheme", "$1" + hashOfSecret[2:], false},
		{"cost 15", "$2a$15" + hashOfSecret[6:], false},
		{"cost 9", "$2a$09" + hashOfSecret[6:], false},
		{"cost 4", "$2a$04" + hashOfSecret[6:], false},
		{"cost 14", "$2a$14" + hashOfSecret[6:], true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newKit(t)
			a := k.make(entry{config: ruleJSON("issue", `{}`)})
			users := host.Users(t, k, `[{"pattern":{"username":"bob"}},`+withPassword("ann", tt.password)[1:])
			err := a.Check("shop@app", users)
			if tt.ok {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if !errors.Is(err, ErrUser) || !strings.Contains(err.Error(), "users[1].pattern.password") {
				t.Errorf("got %v", err)
			}
			if err != nil && strings.Contains(err.Error(), tt.password) {
				t.Errorf("the password is shown: %v", err)
			}
		})
	}
}

// A cheap hash that is stored counts, with a warning; it is refused when it is saved.
func TestCheapHashIsServed(t *testing.T) {
	k := storedKit(t)
	cheap := "$2a$09" + hashOfSecret[6:]
	k.bind(appOf("shop"), entry{config: ruleJSON("issue", `{}`), users: withPassword("ann", cheap)})
	if account, ok := Of(k.factory).Accounts().Account("shop", "ann"); !ok || account.Password().Reveal() != cheap {
		t.Error("the stored hash does not count")
	}
	if text := fmt.Sprint(k.driver.status().Warnings); !strings.Contains(text, "users[0].pattern.password: has cost 9") {
		t.Errorf("no warning in %s", text)
	}
}
