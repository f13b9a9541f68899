package jwttoken

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// Each refresh token is good once. A used one that comes back ends the family, access tokens included.
func TestRefreshRotates(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		first := r.login("shop", "ann")
		other := r.login("shop", "ann")
		second := r.refresh(first.text("refresh_token"))
		if second.status != 200 || second.text("refresh_token") == first.text("refresh_token") {
			t.Fatalf("%d %s", second.status, second.body)
		}
		if got := r.accepts(second.text("access_token")); got != "ann of shop@app" {
			t.Fatal(got)
		}
		third := r.refresh(second.text("refresh_token"))
		if third.status != 200 {
			t.Fatal(third.body)
		}
		if a := r.refresh(first.text("refresh_token")); a.code() != "400 invalid_grant" {
			t.Errorf("a used token: %s", a.code())
		}
		if a := r.refresh(third.text("refresh_token")); a.code() != "400 invalid_grant" {
			t.Errorf("the newest token of the family that was ended: %s", a.code())
		}
		for i, a := range []reply{first, second, third} {
			if got := r.accepts(a.text("access_token")); got != "token_revoked" {
				t.Errorf("access token %d of the family: %s", i+1, got)
			}
		}
		if got := r.accepts(other.text("access_token")); got != "ann of shop@app" {
			t.Errorf("another family's access token: %s", got)
		}
		if a := r.refresh(other.text("refresh_token")); a.status != 200 {
			t.Errorf("another family's refresh token: %s", a.body)
		}
	})
}

// otherHash is the bcrypt hash of another password.
const otherHash = "$2a$10$Wmc4VHKKcfek1U4QxqxQzek6nROIFMeKxj8ULoQ2s.pguA0l3Ncx2"

// What ends a refresh token beside its use.
func TestRefreshEnds(t *testing.T) {
	tests := []struct {
		name string
		do   func(r *rig)
		ok   bool
	}{
		{"nothing", func(*rig) {}, true},
		{"its time", func(r *rig) { r.ahead.Add(int64(14 * 24 * time.Hour)) }, false},
		{"just before its time", func(r *rig) { r.ahead.Add(int64(14*24*time.Hour - time.Minute)) }, true},
		{"the user goes", func(r *rig) { r.app("shop", `{}`, "bob") }, false},
		{"refresh_ttl becomes 0", func(r *rig) { r.app("shop", `{"refresh_ttl":0}`, "ann") }, false},
		{"another secret", func(r *rig) {
			r.appWith("shop", `{"algorithm":"HS256","secret":"another secret","path":"sub","iss":"us","issue":{}}`, "ann")
		}, false},
		{"the application goes", func(r *rig) { r.gateway.Delete("shop") }, false},
		{"the application is disabled", func(r *rig) { r.put("shop", `"disable":true,`, annWith(secretHash)) }, false},
		{"the user expires", func(r *rig) { r.put("shop", "", `{"expire":1000,`+annWith(secretHash)[1:]) }, false},
		{"another password", func(r *rig) { r.put("shop", "", annWith(otherHash)) }, false},
		{"no password any more", func(r *rig) { r.put("shop", "", annWith("")) }, false},
		{"the rule no longer issues", func(r *rig) {
			r.appWith("shop", fmt.Sprintf(`{"algorithm":"HS256","secret":%q,"path":"sub","iss":"shop"}`, signing), "ann")
		}, false},
		{"labels of the application", func(r *rig) { r.put("shop", `"labels":{"a":"b"},`, annWith(secretHash)) }, true},
		{"another access_ttl", func(r *rig) { r.app("shop", `{"access_ttl":60}`, "ann") }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t)
			raw := r.login("shop", "ann").text("refresh_token")
			tt.do(r)
			// The driver's clock is not ahead, so what is minted is not looked at further.
			if a := r.refresh(raw); (a.text("error") != "invalid_grant") != tt.ok {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	r := newRig(t)
	raw := r.login("shop", "ann").text("refresh_token")
	if a := r.post("token", "grant_type", "refresh_token", "refresh_token", raw, "client_id", "mall"); a.code() != "400 invalid_grant" {
		t.Errorf("another client: %s", a.code())
	}
	if a := r.post("token", "grant_type", "refresh_token", "refresh_token", raw, "client_id", "shop"); a.status != 200 {
		t.Errorf("its own client: %s", a.body)
	}
}

// Every change of a refresh token makes it worthless, and none ends its family.
func TestRefreshForged(t *testing.T) {
	r := newRig(t)
	raw := r.login("shop", "ann").text("refresh_token")
	for i := range raw {
		c := byte('A')
		if raw[i] == c {
			c = 'B'
		}
		if a := r.refresh(raw[:i] + string(c) + raw[i+1:]); a.code() != "400 invalid_grant" {
			t.Fatalf("byte %d changed: %s", i, a.code())
		}
	}
	if a := r.refresh(raw); a.status != 200 {
		t.Errorf("the token itself: %s", a.body)
	}
}

// For ten seconds a used token gets the same answer, until the next one is used.
func TestRefreshGrace(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		a := r.login("shop", "ann").text("refresh_token")
		one := r.refresh(a)
		for range 3 {
			if again := r.refresh(a); again.status != 200 || again.body != one.body {
				t.Fatalf("the same answer is expected:\n%s\n%s", one.body, again.body)
			}
		}
		next := r.refresh(one.text("refresh_token"))
		if next.status != 200 {
			t.Fatalf("the family goes on: %s", next.body)
		}
		if stolen := r.refresh(a); stolen.code() != "400 invalid_grant" {
			t.Errorf("after the next one was used: %s", stolen.code())
		}
		if got := r.refresh(next.text("refresh_token")); got.code() != "400 invalid_grant" {
			t.Errorf("the family that was ended: %s", got.code())
		}

		c := r.login("shop", "ann").text("refresh_token")
		one = r.refresh(c)
		r.later(grace - time.Second)
		if again := r.refresh(c); again.body != one.body {
			t.Errorf("just within the time of grace: %s", again.code())
		}
		r.later(2 * time.Second)
		if late := r.refresh(c); late.code() != "400 invalid_grant" {
			t.Errorf("after the time of grace: %s", late.code())
		}
		if got := r.accepts(one.text("access_token")); got != "token_revoked" {
			t.Errorf("the family's access token: %s", got)
		}
	})
}

// All that use a token at once get the same answer, and the session goes on.
func TestRefreshAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		raw := r.login("shop", "ann").text("refresh_token")
		var wg sync.WaitGroup
		var mu sync.Mutex
		bodies := make(map[string]int)
		var next string
		for range 8 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				a := r.refresh(raw)
				mu.Lock()
				defer mu.Unlock()
				bodies[a.body]++
				next = a.text("refresh_token")
			}()
		}
		wg.Wait()
		if len(bodies) != 1 {
			t.Errorf("%d different answers", len(bodies))
		}
		if a := r.refresh(next); a.status != 200 {
			t.Errorf("the next one: %s", a.body)
		}
	})
}
