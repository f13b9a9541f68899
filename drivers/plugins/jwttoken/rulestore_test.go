package jwttoken

import (
	"fmt"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/jwttest/hostredis"
)

// A rule names its store: the endpoints use it for the rule's users, whatever their own is, and a process without
// endpoints asks it.
func TestStoreOfRule(t *testing.T) {
	r := newRig(t)
	r.app("Mall", `{"store":"Redis@output"}`, "ann")
	server := r.overRedis()
	r.shared.serveStores()
	second := newShared(r.shared.driver, r.shared.now)
	second.workers = outputs{"redis@output": hostredis.Output(t, server.Addr)}
	second.serveStores()
	r.cache = "" // the endpoints' own
	plain, a, b := r.login("shop", "ann"), r.login("MALL", "ann"), r.login("mall@App", "ann")
	next := r.refresh(b.text("refresh_token"))
	r.post("revoke", "token", plain.text("access_token"), "client_id", "shop")
	r.post("revoke", "token", a.text("access_token"), "client_id", "Mall")
	if got := r.post("revoke", "token", next.text("refresh_token"), "client_id", "mall"); got.status != 200 {
		t.Fatal(got.body)
	}
	for what, raw := range map[string]string{"another rule's": plain.text("access_token"), "the token": a.text("access_token"), "the session's": b.text("access_token")} {
		if got := r.accepts(raw); got != "token_revoked" {
			t.Errorf("%s: %s", what, got)
		}
	}
	w := second.stores["redis@output"]
	if w == nil || len(second.stores) != 1 {
		t.Fatalf("a process without endpoints has the stores %v", second.stores)
	}
	for raw, want := range map[string]bool{plain.text("access_token"): false, a.text("access_token"): true, b.text("access_token"): true} {
		if id := gjson.Get(payload(t, raw), "jti").Str; w.Revoked(id, time.Now().Add(time.Hour)) != want {
			t.Errorf("%s: %v, want %v", id, !want, want)
		}
	}
	ask := func(raw string) string {
		return fmt.Sprint(r.post("introspect", "token", raw, "Authorization", basic("mall|ann", secret)).fields["active"])
	}
	c := r.login("mall", "ann")
	if got := ask(c.text("refresh_token")); got != "true" {
		t.Errorf("introspection of a refresh token: %s", got)
	}
	if got := ask(next.text("refresh_token")); got != "false" {
		t.Errorf("introspection of an ended refresh token: %s", got)
	}
}

// A token that was made for a user of one application is no other's, though both have the key and the issuer.
func TestMintedForOneApplication(t *testing.T) {
	r := newRig(t)
	rule := fmt.Sprintf(`{"algorithm":"HS256","secret":%q,"path":"sub","iss":"us","issue":{"access_ttl":%%d}}`, signing)
	r.appWith("one", fmt.Sprintf(rule, 600), "ann")
	r.appWith("two", fmt.Sprintf(rule, 601), "ann")
	raw := r.login("two", "ann").text("access_token")
	if got := r.accepts(raw); got != "ann of two@app" {
		t.Errorf("at both: %s", got)
	}
	r.gateway.Delete("two")
	if got := r.accepts(raw); got != "user_unknown" {
		t.Errorf("when its application is gone: %s", got)
	}
}
