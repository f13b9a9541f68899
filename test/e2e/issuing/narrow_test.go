package issuing

import (
	"net/url"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"apinto-jwt/token"
)

// Less than everything: a token is for the resources and the scope that are asked for, and for no more than the rule has.
func testNarrow(t *testing.T, d *depot) {
	t.Helper()
	for name, test := range map[string]struct {
		pairs      []string
		want       string
		aud, scope string
	}{
		"nothing":            {nil, "200", "depot", "read write"},
		"one":                {[]string{"resource", orders}, "200", orders, "read write"},
		"two":                {[]string{"resource", orders, "resource", invoices}, "200", `["` + orders + `","` + invoices + `"]`, "read write"},
		"one twice":          {[]string{"resource", orders, "resource", orders}, "200", orders, "read write"},
		"case of the host":   {[]string{"resource", "HTTPS://API.test/orders"}, "200", orders, "read write"},
		"empty":              {[]string{"resource", ""}, "200", "depot", "read write"}, // RFC 6749 §3.2: as if it were not there
		"foreign":            {[]string{"resource", "https://evil.test/"}, "400 invalid_target", "", ""},
		"one of two foreign": {[]string{"resource", "https://evil.test/", "resource", orders}, "400 invalid_target", "", ""},
		"relative":           {[]string{"resource", "/orders"}, "400 invalid_target", "", ""},
		"no scheme":          {[]string{"resource", "api.test/orders"}, "400 invalid_target", "", ""},
		"a fragment":         {[]string{"resource", orders + "#a"}, "400 invalid_target", "", ""},
		"an empty fragment":  {[]string{"resource", orders + "#"}, "400 invalid_target", "", ""},
		"a query":            {[]string{"resource", orders + "?a=b"}, "400 invalid_target", "", ""},
		"a slash":            {[]string{"resource", orders + "/"}, "400 invalid_target", "", ""},
		"below":              {[]string{"resource", orders + "/1"}, "400 invalid_target", "", ""},
		"above":              {[]string{"resource", "https://api.test/"}, "400 invalid_target", "", ""},
		"dots":               {[]string{"resource", "https://api.test/x/../orders"}, "400 invalid_target", "", ""},
		"case of the path":   {[]string{"resource", "https://api.test/Orders"}, "400 invalid_target", "", ""},
		"a port":             {[]string{"resource", "https://api.test:8443/orders"}, "400 invalid_target", "", ""},
		"http":               {[]string{"resource", "http://api.test/orders"}, "400 invalid_target", "", ""},
		"a user":             {[]string{"resource", "https://u@api.test/orders"}, "400 invalid_target", "", ""},
		"a blank":            {[]string{"resource", orders + " "}, "400 invalid_target", "", ""},
		"two in one":         {[]string{"resource", orders + " " + invoices}, "400 invalid_target", "", ""},
		"a list":             {[]string{"resource", `["` + orders + `"]`}, "400 invalid_target", "", ""},
		"the audience":       {[]string{"resource", "depot"}, "400 invalid_target", "", ""},

		"a scope":                  {[]string{"scope", "read"}, "200", "depot", "read"},
		"all":                      {[]string{"scope", "write read"}, "200", "depot", "write read"},
		"no scope":                 {[]string{"scope", ""}, "200", "depot", "read write"},
		"more":                     {[]string{"scope", "read admin"}, "400 invalid_scope", "", ""},
		"more alone":               {[]string{"scope", "admin"}, "400 invalid_scope", "", ""},
		"case":                     {[]string{"scope", "READ"}, "400 invalid_scope", "", ""},
		"a comma":                  {[]string{"scope", "read,write"}, "400 invalid_scope", "", ""},
		"a tab":                    {[]string{"scope", "read\twrite"}, "400 invalid_scope", "", ""},
		"a quote":                  {[]string{"scope", `read"`}, "400 invalid_scope", "", ""},
		"a line":                   {[]string{"scope", "read\n"}, "400 invalid_scope", "", ""},
		"twice":                    {[]string{"scope", "read", "scope", "write"}, "400 invalid_request", "", ""},
		"a resource's and a scope": {[]string{"resource", invoices, "scope", "write"}, "200", invoices, "write"},
	} {
		got, g := d.ask(t, "token", byAssertion(d.robot(t, nil), test.pairs...))
		if got != test.want {
			t.Errorf("%s: %s %s, want %s", name, got, g.body, test.want)
			continue
		}
		if got != "200" {
			continue
		}
		u, err := token.Parse(g.access)
		if err != nil {
			t.Fatal(err)
		}
		claims := gjson.Parse(u.UntrustedPayload())
		if claims.Get("aud").String() != test.aud || !sameScope(claims.Get("scope").Str, test.scope) || !sameScope(g.member("scope"), test.scope) {
			t.Errorf("%s: %s, and the answer has scope %q", name, claims, g.member("scope"))
		}
		if g.header.Get("Cache-Control") != "no-store" || g.refresh != "" || g.member("token_type") != "Bearer" {
			t.Errorf("%s: %v %s", name, g.header, g.body)
		}
	}
	// A session never gets more than its login, whatever it asks for next.
	narrow, g := d.ask(t, "token", passwordForm("depot", "ann", rightPassword)+"&scope=read&resource="+url.QueryEscape(orders))
	if narrow != "200" {
		t.Fatal(g.body)
	}
	for _, more := range []string{"&scope=write", "&scope=read%20write", "&resource=" + url.QueryEscape(invoices)} {
		if got, answer := d.ask(t, "token", "grant_type=refresh_token&refresh_token="+g.refresh+more); got != "400 invalid_scope" && got != "400 invalid_target" {
			t.Errorf("%s: %s %s", more, got, answer.body)
		}
	}
	if got, answer := d.ask(t, "token", "grant_type=refresh_token&refresh_token="+g.refresh); got != "200" || answer.member("scope") != "read" {
		t.Errorf("refresh behind refusals: %s %s", got, answer.body)
	}
}

// sameScope reports whether two scopes have the same parts, in any order.
func sameScope(a, b string) bool {
	parts := map[string]int{}
	for _, part := range strings.Fields(a) {
		parts[part]++
	}
	for _, part := range strings.Fields(b) {
		parts[part]--
	}
	for _, n := range parts {
		if n != 0 {
			return false
		}
	}
	return true
}
