package jwttoken

import (
	"fmt"
	"testing"
	"time"

	"github.com/tidwall/gjson"
)

const (
	orders   = "https://api.test/orders"
	invoices = "https://api.test/invoices"
	// narrowable is an "issue" whose tokens a client may narrow.
	narrowable = `{"audience":"shop","resources":["` + orders + `","` + invoices + `"],"claims":{"scope":"read write"}}`
)

// loginFor logs ann in at shop with further parameters.
func (r *rig) loginFor(pairs ...string) reply {
	r.t.Helper()
	return r.post("token", append([]string{"grant_type", "password", "client_id", "shop", "username", "ann", "password", secret}, pairs...)...)
}

// refreshFor refreshes with further parameters.
func (r *rig) refreshFor(a reply, pairs ...string) reply {
	r.t.Helper()
	return r.post("token", append([]string{"grant_type", "refresh_token", "refresh_token", a.text("refresh_token")}, pairs...)...)
}

// expectFor expects tokens with this "aud", as JSON text, and this scope in token and answer (RFC 6749 §5.1).
func (r *rig) expectFor(name string, a reply, audience, scope string) {
	r.t.Helper()
	if a.status != 200 {
		r.t.Errorf("%s: %d %s", name, a.status, a.body)
		return
	}
	claims := payload(r.t, a.text("access_token"))
	if got := gjson.Get(claims, "aud").Raw; got != audience || gjson.Get(claims, "scope").Str != scope || a.text("scope") != scope {
		r.t.Errorf("%s: %s, scope %q, want %s, %q", name, claims, a.text("scope"), audience, scope)
	}
	if got := r.accepts(a.text("access_token")); got != "ann of shop@app" {
		r.t.Errorf("%s: %s", name, got)
	}
}

// "resource" and "scope" narrow what the rule gives (RFC 8707 §2, RFC 6749 §3.3).
func TestNarrow(t *testing.T) {
	r := newRig(t)
	r.app("shop", narrowable, "ann")
	r.expectFor("nothing asked for", r.loginFor(), `"shop"`, "read write")
	r.expectFor("one resource", r.loginFor("resource", orders), `"`+orders+`"`, "read write")
	r.expectFor("two", r.loginFor("resource", invoices, "resource", orders), `["`+invoices+`","`+orders+`"]`, "read write")
	r.expectFor("an empty one is none", r.loginFor("resource", ""), `"shop"`, "read write")
	r.expectFor("and one", r.loginFor("resource", "", "resource", orders), `"`+orders+`"`, "read write")
	r.expectFor("a scope", r.loginFor("scope", "read"), `"shop"`, "read")
	r.expectFor("both", r.loginFor("scope", "write", "resource", orders), `"`+orders+`"`, "write")
	r.expectFor("client_credentials", r.post("token", "grant_type", "client_credentials", "resource", orders, "scope", "read", "Authorization", basic("shop|ann", secret)), `"`+orders+`"`, "read")
	many := make([]string, 0, 2*maxResources+2)
	for range maxResources + 1 {
		many = append(many, "resource", orders)
	}
	r.expectFor("many times the same", r.loginFor(many[2:]...), `"`+orders+`"`, "read write")
	for name, a := range map[string]reply{
		"400 invalid_target: foreign":            r.loginFor("resource", "https://api.test/other"),
		"400 invalid_target: one of two foreign": r.loginFor("resource", orders, "resource", "https://evil.test/"),
		"400 invalid_target: relative":           r.loginFor("resource", "/orders"),
		"400 invalid_target: fragment":           r.loginFor("resource", orders+"#x"),
		"400 invalid_target: too many":           r.loginFor(many...),
		"400 invalid_scope: foreign":             r.loginFor("scope", "read admin"),
		"400 invalid_request: scope twice":       r.loginFor("scope", "read", "scope", "read"),
		"400 invalid_request: client_id twice":   r.loginFor("client_id", "shop"),
		"400 invalid_grant: a wrong password":    r.post("token", "grant_type", "password", "client_id", "shop", "username", "ann", "password", "x", "resource", "https://evil.test/"),
	} {
		if got := a.code(); got != name[:len(got)] || a.text("access_token") != "" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

// A refresh never gets more than its login (RFC 6749 §6, RFC 8707 §2.2), and what one refresh asks for binds no other.
func TestRefreshNarrows(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		r.app("shop", narrowable, "ann")
		first := r.loginFor("resource", orders, "resource", invoices, "scope", "read write")
		narrow := r.refreshFor(first, "resource", orders, "scope", "read")
		r.expectFor("less", narrow, `"`+orders+`"`, "read")
		all := r.refreshFor(narrow)
		r.expectFor("as at first", all, `["`+orders+`","`+invoices+`"]`, "read write")

		first = r.loginFor("resource", orders, "scope", "read")
		r.expectFor("as granted", r.refreshFor(first), `"`+orders+`"`, "read")
		first = r.loginFor("resource", orders, "scope", "read")
		for want, pairs := range map[string][]string{
			"400 invalid_target":  {"resource", invoices},
			"400 invalid_target ": {"resource", orders, "resource", invoices},
			"400 invalid_scope":   {"scope", "write"},
			"400 invalid_scope ":  {"scope", "read write"},
		} {
			if a := r.refreshFor(first, pairs...); a.code() != want[:len(a.code())] {
				t.Errorf("%v: %s, want %s", pairs, a.code(), want)
			}
		}
		r.expectFor("a refusal does not use the token", r.refreshFor(first), `"`+orders+`"`, "read")
		if a := r.refreshFor(r.loginFor(), "resource", orders); a.code() != "400 invalid_target" {
			t.Errorf("a resource after a login for none: %s", a.code())
		}
		r.expectFor("a scope after a login for all", r.refreshFor(r.loginFor(), "scope", "read"), `"shop"`, "read")
	})
}

// A refresh token that comes again gets the same answer, or, if it asks for something else, an access token for that.
func TestRefreshAgainForAnother(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		r.app("shop", narrowable, "ann")
		r.ahead.Store(int64(-2 * time.Second)) // the gateway's clock must not be behind in the end
		first := r.loginFor("resource", orders, "resource", invoices)
		one, same := r.refreshFor(first, "resource", orders), r.refreshFor(first, "resource", orders)
		if one.body != same.body {
			t.Errorf("the answer differs:\n%s\n%s", one.body, same.body)
		}
		r.later(2 * time.Second)
		other := r.refreshFor(first, "resource", invoices, "scope", "read")
		r.expectFor("the other", other, `"`+invoices+`"`, "read")
		if one.text("refresh_token") != other.text("refresh_token") {
			t.Error("the next refresh token differs")
		}
		r.expectFor("the next", r.refreshFor(other), `["`+orders+`","`+invoices+`"]`, "read write")
	})
}

// What the rule demands of its tokens cannot be left out, and an administrator's change counts for sessions that exist.
func TestNarrowBelowRule(t *testing.T) {
	r := newRig(t)
	rule := `{"algorithm":"HS256","secret":%q,"path":"sub","iss":"shop","required_claims":{"scope":["read write"]},"issue":%s}`
	r.appWith("shop", fmt.Sprintf(rule, signing, narrowable), "ann")
	r.expectFor("all", r.loginFor("scope", "read write"), `"shop"`, "read write")
	if a := r.loginFor("scope", "read"); a.code() != "400 invalid_scope" {
		t.Errorf("less than the rule demands: %s", a.body)
	}
	first := r.loginFor("resource", invoices)
	r.appWith("shop", fmt.Sprintf(rule, signing, `{"resources":["`+orders+`"],"claims":{"scope":"read write"}}`), "ann")
	if a := r.refreshFor(first); a.code() != "400 invalid_target" {
		t.Errorf("a resource that can no longer be asked for: %s", a.body)
	}
}

// Introspection tells of a refresh token the scope of its session.
func TestIntrospectNarrowed(t *testing.T) {
	r := newRig(t)
	r.app("shop", narrowable, "ann")
	a := r.loginFor("scope", "read", "resource", orders)
	for _, raw := range []string{a.text("access_token"), a.text("refresh_token")} {
		if told := r.post("introspect", "token", raw, "Authorization", basic("shop|ann", secret)); told.text("scope") != "read" {
			t.Errorf("%s", told.body)
		}
	}
}
