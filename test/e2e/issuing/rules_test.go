package issuing

import (
	"crypto/elliptic"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"apinto-jwt/jwttest"
	"apinto-jwt/jwttest/must"
	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// What an issuing rule and an endpoint may have, at both ends of each range.
func TestIssuingRules(t *testing.T) {
	e, _ := acceptance(t)
	ttl := func(members ...any) map[string]any {
		issue := map[string]any{}
		for i := 0; i < len(members); i += 2 {
			issue[members[i].(string)] = members[i+1]
		}
		return map[string]any{"issue": issue}
	}
	with := func(rule map[string]any, name string, value any) map[string]any { rule[name] = value; return rule }
	ec := jwttest.ECKey(elliptic.P256())
	pair := func(public any, private any) map[string]any {
		return map[string]any{
			"algorithm": "ES256", "secret": "", "rsa_public_key": jwttest.PublicPEM(public),
			"issue": map[string]any{"private_key": jwttest.PrivatePEM(private)},
		}
	}
	for name, tt := range map[string]struct {
		members map[string]any
		fault   string // empty: it is taken
	}{
		"iss empty":               {map[string]any{"iss": ""}, "config.iss: "},
		"iss absent":              {map[string]any{"iss": nil}, "config.iss: "},
		"exp not looked at":       {map[string]any{"claims_to_verify": []string{}}, "config.claims_to_verify: "},
		"exp alone":               {map[string]any{"claims_to_verify": []string{"exp"}}, ""},
		"exp and nbf":             {map[string]any{"claims_to_verify": []string{"nbf", "exp"}}, ""},
		"claims null":             {map[string]any{"claims_to_verify": nil}, ""},
		"access_ttl 9":            {ttl("access_ttl", 9), "config.issue.access_ttl: "},
		"access_ttl 10":           {ttl("access_ttl", 10), ""},
		"access_ttl 86400":        {ttl("access_ttl", 86400), ""},
		"access_ttl 86401":        {ttl("access_ttl", 86401), "config.issue.access_ttl: "},
		"refresh_ttl below 0":     {ttl("refresh_ttl", -1), "config.issue.refresh_ttl: "},
		"refresh_ttl a year":      {ttl("refresh_ttl", 365*86400), ""},
		"refresh_ttl two years":   {ttl("refresh_ttl", 2*366*86400), "config.issue.refresh_ttl: "},
		"longer than allowed":     {with(ttl("access_ttl", 600), "max_lifetime", 599), "config.issue.access_ttl: "},
		"just as allowed":         {with(ttl("access_ttl", 600), "max_lifetime", 600), ""},
		"a near name":             {ttl("acces_ttl", 60), "access_ttl"},
		"a secret's private key":  {ttl("private_key", jwttest.PrivatePEM(ec)), "config.issue.private_key: "},
		"claims that are ours":    {ttl("claims", map[string]any{"exp": 1}), "config.issue.claims"},
		"the store is not an ID":  {ttl("store", 5), "config.issue.store: "},
		"another private key":     {pair(ec, jwttest.OtherECKey(elliptic.P256())), "config.issue.private_key: "},
		"no private key":          {map[string]any{"algorithm": "ES256", "secret": "", "rsa_public_key": jwttest.PublicPEM(ec)}, "config.issue.private_key: "},
		"the right private key":   {pair(ec, ec), ""},
		"a set that is fetched":   {map[string]any{"secret": "", "algorithm": "ES256", "jwks_uri": "https://127.0.0.1:1/k"}, "config.issue: "},
		"a path with an index":    {map[string]any{"path": "$.a[0]"}, "config.path"},
		"a path with a wildcard":  {map[string]any{"path": "$.*"}, "config.path"},
		"a type that is no JWT's": {map[string]any{"token_type": "JOSE"}, "config.token_type"},
	} {
		app := issuingWith("ruled", tt.members)
		if app.Auth[0].Config["iss"] == nil {
			delete(app.Auth[0].Config, "iss")
		}
		judge(t, e, name, app, tt.fault)
	}
	for cost := 9; cost <= 10; cost++ {
		hash, err := bcrypt.GenerateFromPassword([]byte("x"), cost)
		must.Succeed(t, err)
		app := rig.IssuingApp("ruled")
		app.Auth[0].Users[0].Password = string(hash)
		judge(t, e, "cost", app, map[int]string{9: "users[0].pattern.password"}[cost])
		app.Auth[0].Users[0].Password = strings.Replace(string(hash), "$2a$10$", "$2a$15$", 1)
		if cost == 10 {
			judge(t, e, "cost 15", app, "users[0].pattern.password")
		}
	}
	for name, tt := range map[string]struct {
		kind   string
		config map[string]any
		fault  string
	}{
		"1001 sessions":           {"token", map[string]any{"max_sessions": 1001}, "max_sessions: "},
		"1000 sessions":           {"token", map[string]any{"max_sessions": 1000}, ""},
		"6001 logins":             {"token", map[string]any{"max_logins": 6001}, "max_logins: "},
		"6000 logins":             {"token", map[string]any{"max_logins": 6000}, ""},
		"half a login":            {"token", map[string]any{"max_logins": 1.5}, "max_logins: "},
		"a proxy by name":         {"token", map[string]any{"trusted_proxies": []string{"proxy.example"}}, "trusted_proxies"},
		"a network too small":     {"token", map[string]any{"trusted_proxies": []string{"10.0.0.0/33"}}, "trusted_proxies"},
		"a network with a port":   {"token", map[string]any{"trusted_proxies": []string{"10.0.0.1:80"}}, "trusted_proxies"},
		"a text for a list":       {"token", map[string]any{"trusted_proxies": "10.0.0.0/8"}, "trusted_proxies"},
		"IPv6":                    {"token", map[string]any{"trusted_proxies": []string{"fd00::/8", "::1"}}, ""},
		"another failure":         {"token", map[string]any{"on_store_failure": "alow"}, "on_store_failure: "},
		"a slip":                  {"token", map[string]any{"trusted_proxy": []string{}}, "trusted_prox"},
		"introspect for a number": {"introspect", map[string]any{"introspect_for": []int{1}}, "introspect_for"},
	} {
		judge(t, e, name, gateway.Endpoint{Kind: tt.kind, Name: "ruled", Location: "/ruled/x", Config: tt.config}, tt.fault)
	}
}

// judge saves this, and removes it if it was taken; fault is empty if it must be.
func judge(t *testing.T, e *rig.Env, name string, worker gateway.Worker, fault string) {
	t.Helper()
	err := e.Node.Create(t.Context(), worker)
	if err == nil {
		must.Succeed(t, e.Node.Delete(t.Context(), worker))
	}
	switch {
	case fault == "" && err != nil:
		t.Errorf("%s: refused: %v", name, err)
	case fault != "" && err == nil:
		t.Errorf("%s: accepted, want a fault of %s", name, fault)
	case fault != "" && !strings.Contains(err.Error(), fault):
		t.Errorf("%s: %q is not in %v", name, fault, err)
	case err != nil && !strings.Contains(err.Error(), http.StatusText(500)) && !strings.Contains(err.Error(), "status 500"):
		t.Errorf("%s: not status 500: %v", name, err)
	}
}
