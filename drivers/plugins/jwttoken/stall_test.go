package jwttoken

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/eolinker/apinto/resources"
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
	if n := r.inRedis(`return redis.call('EXISTS', KEYS[1])`, []string{counterKey("user\x00" + owner("shop", "ann"))}); n != int64(0) {
		t.Error("attempts are counted that were never made")
	}
}

// clockFake is a Redis whose clock is off by this much from one call to the next, and that takes long to tell it.
type clockFake struct {
	resources.ICache
	clock int64
	takes time.Duration
	ran   []int64 // the deadlines
}

func (c *clockFake) Run(_ context.Context, text any, _ []string, args ...any) resources.InterfaceResult {
	if text == scriptClock {
		time.Sleep(c.takes)
		return resources.NewInterfaceResult([]any{c.clock}, nil)
	}
	c.ran = append(c.ran, args[0].(int64))
	return resources.NewInterfaceResult([]any{int64(late)}, nil)
}

// A deadline is by the clock of Redis, whatever the node's says, and never later than the node waits.
func TestDeadline(t *testing.T) {
	for _, clock := range []int64{0, 1_000_000, 9_999_999_999_999} {
		c := &clockFake{clock: clock, takes: 100 * time.Millisecond}
		s := newRedis(func() (resources.ICache, bool) { return c, true })
		if _, err := s.rotate("f", 1, "", time.Hour); !errors.Is(err, errSlow) {
			t.Errorf("a script that came too late: %v", err)
		}
		most := clock + (storeLimit - c.takes).Milliseconds()
		if len(c.ran) != 1 || c.ran[0] > most || c.ran[0] < most-100 {
			t.Errorf("at %d: the deadlines %d, want at most %d", clock, c.ran, most)
		}
	}
	c := &clockFake{takes: storeLimit + 50*time.Millisecond}
	s := newRedis(func() (resources.ICache, bool) { return c, true })
	if _, err := s.rotate("f", 1, "", time.Hour); !errors.Is(err, errSlow) {
		t.Errorf("a clock that comes too late: %v", err)
	}
	time.Sleep(100 * time.Millisecond)
	if len(c.ran) != 0 {
		t.Error("a script is sent that nobody waits for")
	}
}
