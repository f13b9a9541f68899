package driver

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"apinto-jwt/jwttest"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// saved sends an application as text, so that it may have any field; error is the admin API's.
func saved(t *testing.T, e *rig.Env, text string) error {
	t.Helper()
	var body any
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	_, err := e.Node.Call(t.Context(), "POST", "/api/app", body)
	return err
}

// Fields that the rules do not have: near ones are refused with the right name, far ones are warned of on the status page.
func TestAcceptanceMigrationFields(t *testing.T) {
	e := rig.Shared(t)
	const rule = `"algorithm":"HS256","secret":"a secret of fields, long enough for HS256","path":"sub"`
	for i, tt := range []struct {
		name, auth string
		want       []string // in the refusal; none: it is taken
		warns      string   // on the status page
	}{
		{"a slip", `"position":"header","token_name":"X-F","config":{` + rule + `,"leewayy":5},"users":[{"pattern":{"username":"a"}}]`, []string{"config.leewayy", "leeway"}, ""},
		{"letters exchanged", `"position":"header","token_name":"X-F","config":{` + rule + `,"audiense":["x"]},"users":[{"pattern":{"username":"a"}}]`, []string{"config.audiense", "audience"}, ""},
		{"camel case", `"position":"header","token_name":"X-F","config":{` + rule + `,"claimsToVerify":["exp"]},"users":[{"pattern":{"username":"a"}}]`, []string{"config.claimsToVerify", "claims_to_verify"}, ""},
		{"with dashes", `"position":"header","token_name":"X-F","config":{` + rule + `,"max-lifetime":5},"users":[{"pattern":{"username":"a"}}]`, []string{"config.max-lifetime", "max_lifetime"}, ""},
		{"another product's", `"position":"header","token_name":"X-F","config":{` + rule + `,"require_claims":{}},"users":[{"pattern":{"username":"a"}}]`, []string{"config.require_claims", "required_claims"}, ""},
		{"another product's key", `"position":"header","token_name":"X-F","config":{` + rule + `,"public_key":"x"},"users":[{"pattern":{"username":"a"}}]`, []string{"config.public_key", "rsa_public_key"}, ""},
		{"aud", `"position":"header","token_name":"X-F","config":{` + rule + `,"aud":"x"},"users":[{"pattern":{"username":"a"}}]`, []string{"config.aud", "audience"}, ""},
		{"far", `"position":"header","token_name":"X-F","config":{` + rule + `,"uiColourScheme":1},"users":[{"pattern":{"username":"a"}}]`, nil, "uiColourScheme"},
		{"far, beside config", `"position":"header","token_name":"X-F","xyzzy":1,"config":{` + rule + `},"users":[{"pattern":{"username":"a"}}]`, nil, "xyzzy"},
		{"far, of a user", `"position":"header","token_name":"X-F","config":{` + rule + `},"users":[{"xyzzy":1,"pattern":{"username":"a"}}]`, nil, "xyzzy"},
		{"far, of a pattern", `"position":"header","token_name":"X-F","config":{` + rule + `},"users":[{"pattern":{"username":"a","xyzzy":1}}]`, nil, "xyzzy"},
		{"hide beside config", `"position":"header","token_name":"X-F","hide_credentials":true,"config":{` + rule + `},"users":[{"pattern":{"username":"a"}}]`, []string{"hide_credentials", "hide_credential"}, ""},
		{"hide in config", `"position":"header","token_name":"X-F","config":{` + rule + `,"hide_credential":true},"users":[{"pattern":{"username":"a"}}]`, []string{"hide_credential"}, ""},
		{"hide with s, of a user", `"position":"header","token_name":"X-F","config":{` + rule + `},"users":[{"hide_credentials":true,"pattern":{"username":"a"}}]`, []string{"hide_credentials", "hide_credential"}, ""},
		{"pos", `"pos":"header","token_name":"X-F","config":{` + rule + `},"users":[{"pattern":{"username":"a"}}]`, []string{"pos", "position"}, ""},
		{"leeway beside config", `"position":"header","token_name":"X-F","leeway":5,"config":{` + rule + `},"users":[{"pattern":{"username":"a"}}]`, []string{"leeway", "config"}, ""},
		{"a place that is none", `"position":"headers","token_name":"X-F","config":{` + rule + `},"users":[{"pattern":{"username":"a"}}]`, []string{"position", "headers", "header, query", "body"}, ""},
		{"cookie as a place", `"position":"cookie","token_name":"X-F","config":{` + rule + `},"users":[{"pattern":{"username":"a"}}]`, []string{"position", "cookie", "header, query", "body"}, ""},
		{"a place in capitals", `"position":"Headers","token_name":"X-F","config":{` + rule + `},"users":[{"pattern":{"username":"a"}}]`, []string{"position"}, ""},
		{"username beside the pattern", `"position":"header","token_name":"X-F","config":{` + rule + `},"users":[{"username":"a"}]`, []string{"username", "pattern"}, ""},
		{"username and pattern", `"position":"header","token_name":"X-F","config":{` + rule + `},"users":[{"username":"a","pattern":{"username":"b"}}]`, []string{"username", "pattern"}, ""},
		{"password beside the pattern", `"position":"header","token_name":"X-F","config":{` + rule + `},"users":[{"password":"a","pattern":{"username":"b"}}]`, []string{"password", "pattern"}, ""},
		{"the user's slip", `"position":"header","token_name":"X-F","config":{` + rule + `},"users":[{"pattern":{"user_name":"b"}}]`, []string{"username"}, ""},
		{"expires", `"position":"header","token_name":"X-F","config":{` + rule + `},"users":[{"expires":5,"pattern":{"username":"b"}}]`, []string{"expires", "expire"}, ""},
		{"a user twice", `"position":"header","token_name":"X-F","config":{` + rule + `},"users":[{"pattern":{"username":"b"}},{"pattern":{"username":"b"}}]`, []string{"users[1]"}, ""},
		{"no users", `"position":"header","token_name":"X-F","config":{` + rule + `}`, nil, "users"},
		{"empty users", `"position":"header","token_name":"X-F","config":{` + rule + `},"users":[]`, nil, "users"},
		{"leeway too long", `"position":"header","token_name":"X-F","config":{` + rule + `,"leeway":301},"users":[{"pattern":{"username":"a"}}]`, []string{"config.leeway", "300"}, ""},
		{"leeway below 0", `"position":"header","token_name":"X-F","config":{` + rule + `,"leeway":-1},"users":[{"pattern":{"username":"a"}}]`, []string{"config.leeway"}, ""},
		{"leeway as text", `"position":"header","token_name":"X-F","config":{` + rule + `,"leeway":"5"},"users":[{"pattern":{"username":"a"}}]`, []string{"config.leeway"}, ""},
		{"lifetime too long", `"position":"header","token_name":"X-F","config":{` + rule + `,"max_lifetime":315360001},"users":[{"pattern":{"username":"a"}}]`, []string{"config.max_lifetime", "315360000"}, ""},
		{"longest lifetime", `"position":"header","token_name":"X-F","config":{` + rule + `,"max_lifetime":315360000,"leeway":300},"users":[{"pattern":{"username":"a"}}]`, nil, ""},
		{"refresh too short", `"position":"header","token_name":"X-F","config":{"algorithm":"RS256","jwks_uri":"http://127.0.0.1:1/k","jwks_refresh":4,"path":"sub"},"users":[{"pattern":{"username":"a"}}]`, []string{"config.jwks_refresh", "86400"}, ""},
		{"refresh too long", `"position":"header","token_name":"X-F","config":{"algorithm":"RS256","jwks_uri":"http://127.0.0.1:1/k","jwks_refresh":86401,"path":"sub"},"users":[{"pattern":{"username":"a"}}]`, []string{"config.jwks_refresh"}, ""},
		{"stale too short", `"position":"header","token_name":"X-F","config":{"algorithm":"RS256","jwks_uri":"http://127.0.0.1:1/k","jwks_max_stale":59,"path":"sub"},"users":[{"pattern":{"username":"a"}}]`, []string{"config.jwks_max_stale"}, ""},
		{"stale too long", `"position":"header","token_name":"X-F","config":{"algorithm":"RS256","jwks_uri":"http://127.0.0.1:1/k","jwks_max_stale":2592001,"path":"sub"},"users":[{"pattern":{"username":"a"}}]`, []string{"config.jwks_max_stale"}, ""},
		{"a file for the authorities", `"position":"header","token_name":"X-F","config":{"algorithm":"RS256","jwks_uri":"https://127.0.0.1:1/k","jwks_ca":"/etc/ca.pem","path":"sub"},"users":[{"pattern":{"username":"a"}}]`, []string{"config.jwks_ca", "PEM"}, ""},
		{"wrong twice", `"position":"headers","token_name":"X-F","config":{` + rule + `,"leewayy":5},"users":[{"pattern":{"username":"a"}}]`, []string{"position", "config.leewayy"}, ""},
	} {
		name := fmt.Sprint("fields-", i)
		err := saved(t, e, `{"name":"`+name+`","driver":"app","auth":[{"type":"jwt",`+tt.auth+`}]}`)
		if err == nil && tt.warns != "" {
			rig.Within(t, rig.Settle, func() error {
				warnings := rig.Status(t, e.Node).Warnings
				for _, one := range warnings {
					if one.Application == name+"@app" && strings.Contains(one.Warning, tt.warns) {
						return nil
					}
				}
				return fmt.Errorf("%s: no warning of %q: %+v", tt.name, tt.warns, warnings)
			})
		}
		if err == nil {
			if err := e.Node.Delete(t.Context(), gateway.App{Name: name}); err != nil {
				t.Fatal(err)
			}
		}
		if (err == nil) != (tt.want == nil) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		} else if err != nil && slices.ContainsFunc(tt.want, func(text string) bool { return !strings.Contains(err.Error(), text) }) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// A field's name in another case is that field, as the host reads JSON: it is in force.
func TestAcceptanceMigrationFieldCase(t *testing.T) {
	e := rig.Shared(t)
	const secret = "the secret of fields in another case"
	full := rig.Claims{"sub": "ann", "aud": "orders", "role": "admin", "iat": time.Now().Unix(), "exp": time.Now().Unix() + 50}
	for i, tt := range []struct{ field, value, without string }{
		{"Audience", `["orders"]`, "aud"},
		{"AUDIENCE", `["orders"]`, "aud"},
		{"Required_Claims", `{"role":["admin"]}`, "role"},
		{"Claims_To_Verify", `["exp"]`, "exp"},
		{"Max_Lifetime", "60", "iat"},
	} {
		name := fmt.Sprint("case-", i)
		err := saved(t, e, `{"name":"`+name+`","driver":"app","auth":[{"type":"jwt","position":"header","token_name":"X-`+name+`",
			"config":{"algorithm":"HS256","secret":"`+secret+`","path":"sub","`+tt.field+`":`+tt.value+`},"users":[{"pattern":{"username":"ann"}}]}]}`)
		if err != nil {
			continue // that would do, too
		}
		e.Accept(t, e.Node, rig.InHeader("X-"+name, jwttest.Sign(t, "HS256", secret, nil, full)))
		less := maps.Clone(full)
		delete(less, tt.without)
		if got := e.Send(t, e.Node, rig.InHeader("X-"+name, jwttest.Sign(t, "HS256", secret, nil, less))); got.Status != 401 {
			t.Errorf("%s has no effect: %d", tt.field, got.Status)
		}
		if err := e.Node.Delete(t.Context(), gateway.App{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
}
