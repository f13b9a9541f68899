package jwttoken

import (
	"sync"
	"testing"
	"time"
)

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
