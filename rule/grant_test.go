package rule_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"apinto-jwt/rule"
)

// issuing compiles an "issue" under a rule that has this audience.
func issuing(t *testing.T, issue, audience string) *rule.Issue {
	t.Helper()
	cfg := new(rule.Config)
	text := `{"algorithm":"HS256","secret":"a secret as long as its hash, or more","iss":"us","path":"sub","issue":` + issue + `,"audience":` + audience + `}`
	if err := json.Unmarshal([]byte(text), cfg); err != nil {
		t.Fatal(err)
	}
	r, err := rule.Compiler{}.Compile("", "", cfg, rule.Saved)
	if err != nil {
		t.Fatal(err)
	}
	return r.Issue
}

const (
	twoResources = `{"resources":["https://a.test/","https://b.test/orders"],"audience":"https://home.test","claims":{"scope":"read write admin"}}`
	twoAudiences = `{"audience":["https://a.test/","orders"]}`
)

func resources(list ...string) rule.Asked { return rule.Asked{Resources: list} }

// expectGrant compares a grant, or its error.
func expectGrant(t *testing.T, name string, got rule.Grant, err error, want rule.Grant, wantErr error) {
	t.Helper()
	if !errors.Is(err, wantErr) || !slices.Equal(got.Resources, want.Resources) || got.Scope != want.Scope {
		t.Errorf("%s: got %+v, %v, want %+v, %v", name, got, err, want, wantErr)
	}
}

// What a client asks for at a login narrows what the rule gives (RFC 6749 §3.3, RFC 8707 §2).
func TestGrant(t *testing.T) {
	for _, tt := range []struct {
		name, issue string
		asked       rule.Asked
		want        rule.Grant
		err         error
	}{
		{"nothing", twoResources, rule.Asked{}, rule.Grant{}, nil},
		{"one resource", twoResources, resources("https://a.test/"), rule.Grant{Resources: []string{"https://a.test/"}}, nil},
		{"two", twoResources, resources("https://b.test/orders", "https://a.test/"), rule.Grant{Resources: []string{"https://b.test/orders", "https://a.test/"}}, nil},
		{"one twice", twoResources, resources("https://a.test/", "https://a.test/"), rule.Grant{Resources: []string{"https://a.test/"}}, nil},
		{"in another spelling", twoResources, resources("HTTPS://A.test", "https://a.test/"), rule.Grant{Resources: []string{"https://a.test/"}}, nil},
		{"one foreign", twoResources, resources("https://a.test/", "https://c.test/"), rule.Grant{}, rule.ErrTarget},
		{"below one", twoResources, resources("https://a.test/orders"), rule.Grant{}, rule.ErrTarget},
		{"the audience beside resources", twoResources, resources("https://home.test"), rule.Grant{}, rule.ErrTarget},
		{"with a fragment", twoResources, resources("https://a.test/#x"), rule.Grant{}, rule.ErrTarget},
		{"empty", twoResources, resources(""), rule.Grant{}, rule.ErrTarget},
		{"of the audience", twoAudiences, resources("https://a.test"), rule.Grant{Resources: []string{"https://a.test/"}}, nil},
		{"of the audience, no URI", twoAudiences, resources("orders"), rule.Grant{}, rule.ErrTarget},
		{"none at all", `{}`, resources("https://a.test/"), rule.Grant{}, rule.ErrTarget},
		{"a part of the scope", twoResources, rule.Asked{Scope: "write read"}, rule.Grant{Scope: "write read"}, nil},
		{"a scope twice", twoResources, rule.Asked{Scope: "read read"}, rule.Grant{Scope: "read"}, nil},
		{"more than the scope", twoResources, rule.Asked{Scope: "read delete"}, rule.Grant{}, rule.ErrScope},
		{"another case", twoResources, rule.Asked{Scope: "Read"}, rule.Grant{}, rule.ErrScope},
		{"blanks", twoResources, rule.Asked{Scope: " "}, rule.Grant{}, rule.ErrScope},
		{"two blanks", twoResources, rule.Asked{Scope: "read  write"}, rule.Grant{}, rule.ErrScope},
		{"a tab", twoResources, rule.Asked{Scope: "read\twrite"}, rule.Grant{}, rule.ErrScope},
		{"a scope that is a list", `{"claims":{"scope":["read"]}}`, rule.Asked{Scope: "read"}, rule.Grant{}, rule.ErrScope},
		{"no scope", `{}`, rule.Asked{Scope: "read"}, rule.Grant{}, rule.ErrScope},
	} {
		got, err := issuing(t, tt.issue, `null`).Grant(tt.asked)
		expectGrant(t, tt.name, got, err, tt.want, tt.err)
	}
}

// A refresh gets what the login was granted, or less (RFC 6749 §6, RFC 8707 §2.2).
func TestGrantWithin(t *testing.T) {
	both := rule.Grant{Resources: []string{"https://a.test/", "https://b.test/orders"}, Scope: "read write"}
	one := rule.Grant{Resources: []string{"https://a.test/"}, Scope: "read"}
	for _, tt := range []struct {
		name, issue string
		first       rule.Grant
		asked       rule.Asked
		want        rule.Grant
		err         error
	}{
		{"nothing of all", twoResources, rule.Grant{}, rule.Asked{}, rule.Grant{}, nil},
		{"nothing of what was granted", twoResources, both, rule.Asked{}, both, nil},
		{"less", twoResources, both, rule.Asked{Resources: one.Resources, Scope: "read"}, one, nil},
		{"another resource than the granted", twoResources, one, resources("https://b.test/orders"), rule.Grant{}, rule.ErrTarget},
		{"one more resource", twoResources, one, resources("https://a.test/", "https://b.test/orders"), rule.Grant{}, rule.ErrTarget},
		{"another scope than the granted", twoResources, one, rule.Asked{Scope: "write"}, rule.Grant{}, rule.ErrScope},
		{"one more scope", twoResources, one, rule.Asked{Scope: "read write"}, rule.Grant{}, rule.ErrScope},
		{"a resource, the login having none", twoResources, rule.Grant{}, resources("https://a.test/"), rule.Grant{}, rule.ErrTarget},
		{"the audience, the login having none", twoResources, rule.Grant{}, resources("https://home.test"), rule.Grant{Resources: []string{"https://home.test"}}, nil},
		{"a scope, the login having asked for none", twoResources, rule.Grant{}, rule.Asked{Scope: "admin"}, rule.Grant{Scope: "admin"}, nil},
		{"the rule gives less by now", `{"resources":"https://a.test/","claims":{"scope":"read"}}`, both, rule.Asked{}, one, nil},
		{"nothing is left of the resources", `{"claims":{"scope":"read"}}`, both, rule.Asked{}, rule.Grant{}, rule.ErrTarget},
		{"nothing is left of the scope", `{"resources":"https://a.test/"}`, both, rule.Asked{}, rule.Grant{}, rule.ErrScope},
		{"a scope that has gone", `{"resources":"https://a.test/","claims":{"scope":"read"}}`, both, rule.Asked{Scope: "write"}, rule.Grant{}, rule.ErrScope},
	} {
		got, err := issuing(t, tt.issue, `null`).GrantWithin(tt.first, tt.asked)
		expectGrant(t, tt.name, got, err, tt.want, tt.err)
	}
}

// A resource is the same in every spelling of scheme and host; a token has the one that the rule accepts.
func TestGrantSpelling(t *testing.T) {
	const upper = `{"resources":["HTTPS://A.test/Orders"],"audience":"https://a.test/Orders"}`
	want := rule.Grant{Resources: []string{"https://a.test/Orders"}}
	within := issuing(t, upper, `["https://a.test/Orders"]`)
	got, err := within.Grant(resources("https://A.TEST/Orders"))
	expectGrant(t, "the rule's audience in another spelling", got, err, want, nil)
	got, err = within.GrantWithin(rule.Grant{Resources: []string{"HTTPS://A.test/Orders"}}, rule.Asked{})
	expectGrant(t, "granted in another spelling", got, err, want, nil)
	got, err = within.Grant(resources("https://a.test/orders"))
	expectGrant(t, "the path in another case", got, err, rule.Grant{}, rule.ErrTarget)
	got, err = issuing(t, upper, `null`).Grant(resources("https://a.test/Orders"))
	expectGrant(t, "no audience of the rule's", got, err, rule.Grant{Resources: []string{"HTTPS://A.test/Orders"}}, nil)
}
