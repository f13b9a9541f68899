package jwttoken

import (
	"testing"
	"time"
)

// Redis stands still under refreshes and goes on: what was sent meanwhile does nothing, so that the client that comes
// again gets its answer, and the session goes on. A used token that comes late still ends it.
func TestStall(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	r := newRig(t)
	server := r.overRedis()
	first := r.login("shop", "ann")
	raw := first.text("refresh_token")
	server.Freeze()
	for range 4 {
		if a := r.refresh(raw); a.status != 503 || a.headers["retry-after"] == "" {
			t.Fatalf("while Redis stands still: %s", a.code())
		}
	}
	time.Sleep(8*time.Second - 4*storeLimit)
	server.Thaw()
	var second reply
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if second = r.refresh(raw); second.status != 503 || time.Now().After(deadline) {
			break
		}
	}
	if second.status != 200 {
		t.Fatalf("the first that gets an answer: %s", second.code())
	}
	third := r.refresh(second.text("refresh_token"))
	if third.status != 200 {
		t.Fatalf("the next: %s", third.code())
	}
	time.Sleep(500 * time.Millisecond) // nothing late comes
	for _, a := range []reply{first, second, third} {
		if got := r.accepts(a.text("access_token")); got != "ann of shop@app" {
			t.Errorf("an access token of the session: %s", got)
		}
	}
	if a := r.refresh(raw); a.code() != "400 invalid_grant" {
		t.Errorf("the first token again: %s", a.code())
	}
	if a := r.refresh(third.text("refresh_token")); a.code() != "400 invalid_grant" {
		t.Errorf("the session after that: %s", a.code())
	}
}

// Logins that a stall cut off count as no failures when it is over.
func TestStalledLogins(t *testing.T) {
	r := newRig(t)
	server := r.overRedis()
	r.login("shop", "ann")
	server.Freeze()
	got := r.tryAtOnce(failuresPerUser, func(int) (string, string) { return "ann", secret })
	if got["503 temporarily_unavailable"] != failuresPerUser {
		t.Errorf("while Redis stands still: %v", got)
	}
	server.Thaw()
	for deadline := time.Now().Add(10 * time.Second); r.try("shop", "ann", secret).status == 503; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the store does not come back")
		}
	}
	for range 2 {
		if a := r.try("shop", "ann", secret); a.status != 200 {
			t.Errorf("when it is over: %s", a.code())
		}
	}
	if n := r.inRedis(`return redis.call('EXISTS', KEYS[1])`, []string{"apinto-jwt:tries:" + digest("user\x00"+owner("shop", "ann"))}); n != int64(0) {
		t.Error("attempts are counted that were never made")
	}
}
