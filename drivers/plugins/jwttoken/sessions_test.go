package jwttoken

import (
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"apinto-jwt/drivers/plugins/jwttoken/internal/store"
)

// What is known of a family outlives its longest access token, leeway included, also if the rule's times become
// shorter before its refresh token is used, or revoked.
func TestEndedStaysEnded(t *testing.T) {
	const long, short = `{"access_ttl":86400,"refresh_ttl":172800}`, `{"access_ttl":10,"refresh_ttl":20}`
	onBoth(t, func(t *testing.T, r *rig) {
		for what, end := range map[string]func(r *rig, first reply){
			"revoked": func(r *rig, first reply) {
				r.post("revoke", "token", first.text("refresh_token"), "client_id", "shop")
			},
			"refreshed and revoked": func(r *rig, first reply) {
				r.post("revoke", "token", r.refresh(first.text("refresh_token")).text("refresh_token"), "client_id", "shop")
			},
			"refreshed and stolen": func(r *rig, first reply) {
				r.refresh(r.refresh(first.text("refresh_token")).text("refresh_token"))
				r.refresh(first.text("refresh_token"))
			},
		} {
			r.app("shop", long, "ann")
			first := r.login("shop", "ann")
			r.app("shop", short, "ann")
			end(r, first)
			raw := payload(t, first.text("access_token"))
			id, expires := gjson.Get(raw, "jti").Str, time.Unix(gjson.Get(raw, "exp").Int(), 0)
			family, _, _ := strings.Cut(id, ".")
			if left := r.kept(family); left < time.Until(expires)+store.MaxLeeway {
				t.Errorf("%s: the store forgets the family in %s, its token lives for %s and the leeway", what, left, time.Until(expires))
			}
			if !r.knows(id, expires.Add(store.MaxLeeway)) {
				t.Errorf("%s: the process forgets before the token ends", what)
			}
		}
	})
}

// A user has so many sessions; one more ends the oldest that has not been ended, and nobody else's.
func TestSessionsOfAUser(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		r.more.MaxSessions = 3
		bob := r.login("shop", "bob")
		phone := r.login("shop", "ann")
		for range 5 { // these make room for each other
			a := r.login("shop", "ann")
			r.post("revoke", "token", a.text("refresh_token"), "client_id", "shop")
		}
		second, third := r.login("shop", "ann"), r.login("shop", "ann")
		if got := r.accepts(phone.text("access_token")); got != "ann of shop@app" {
			t.Fatalf("with three sessions the first is %s", got)
		}
		phone = r.refresh(phone.text("refresh_token"))
		fourth := r.login("shop", "ann")
		if got := r.accepts(phone.text("access_token")); got != "token_revoked" {
			t.Errorf("the oldest of four sessions: %s", got)
		}
		if a := r.refresh(phone.text("refresh_token")); a.code() != "400 invalid_grant" {
			t.Errorf("its refresh token: %s", a.code())
		}
		for name, a := range map[string]reply{"second": second, "third": third, "fourth": fourth} {
			if got := r.accepts(a.text("access_token")); got != "ann of shop@app" {
				t.Errorf("the %s session: %s", name, got)
			}
		}
		if got := r.accepts(bob.text("access_token")); got != "bob of shop@app" {
			t.Errorf("another user's session: %s", got)
		}
		r.more.MaxSessions = 1
		last := r.login("shop", "ann")
		for name, a := range map[string]reply{"second": second, "third": third, "fourth": fourth} {
			if got := r.accepts(a.text("access_token")); got != "token_revoked" {
				t.Errorf("the %s session, where one may be: %s", name, got)
			}
		}
		if a := r.refresh(last.text("refresh_token")); a.status != 200 {
			t.Errorf("the one session: %s", a.body)
		}
	})
}
