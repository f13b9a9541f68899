package issuing

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"apinto-jwt/test/e2e/rig"
)

// Refresh tokens that are used again, in time and too late, one by one and at once, and who may end a session.
func TestIssuingReplay(t *testing.T) {
	t.Parallel() // most of it is waiting
	e, _ := acceptance(t)
	e.Add(t, houseApp("Replay", "carol", "dave", "eve"))
	e.Add(t, houseApp("Stranger"))
	mustLogin(t, e.Node, "replay", "ann")
	mustLogin(t, e.Node, "stranger", "ann")
	expect := func(what string, g granted, status int) {
		t.Helper()
		if g.status != status {
			t.Errorf("%s: %d %s, want %d", what, g.status, g.body, status)
		}
	}
	live := func(what string, g granted) {
		t.Helper()
		if err := e.Send(t, e.Node, rig.Bearer(g.access)).Accepted(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	ended := func(what string, g granted) {
		t.Helper()
		if err := revoked(t, e, e.Node, g.access); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}

	// Not repeated for more than ten seconds, which go by during the rest.
	late := login(t, e.Node, "replay", "dave")
	lateNext := refresh(t, e.Node, late.refresh)
	begun := time.Now()

	// Thirty at once with one token get one answer.
	first := login(t, e.Node, "replay", "ann")
	var mu sync.Mutex
	next := map[string]granted{}
	got := atOnce(t, 30, func(int) (granted, error) {
		g, err := tryPost(e.Node, "token", "grant_type", "refresh_token", "refresh_token", first.refresh)
		mu.Lock()
		defer mu.Unlock()
		next[g.refresh] = g
		return g, err
	})
	if got[http.StatusOK] != 30 || len(next) != 1 {
		t.Errorf("30 refreshes at once: %v, %d different tokens", got, len(next))
	}
	for _, second := range next {
		live("first", first)
		third := refresh(t, e.Node, second.refresh)
		expect("the next", third, 200)
		expect("the next again, in time", refresh(t, e.Node, second.refresh), 200)
		expect("the first after the next has been used", refresh(t, e.Node, first.refresh), 400)
		ended("the stolen session", third)
		expect("its newest refresh token", refresh(t, e.Node, third.refresh), 400)
	}

	// A race of thief and owner over two generations leaves one session or none, never an error.
	first = login(t, e.Node, "replay", "bob")
	second := refresh(t, e.Node, first.refresh)
	got = atOnce(t, 20, func(i int) (granted, error) {
		raw := first.refresh
		if i%2 == 1 {
			raw = second.refresh
		}
		return tryPost(e.Node, "token", "grant_type", "refresh_token", "refresh_token", raw)
	})
	if got[200]+got[400] != 20 {
		t.Errorf("two generations at once: %v", got)
	}

	// Revoking.
	first = login(t, e.Node, "replay", "carol")
	second = refresh(t, e.Node, first.refresh)
	post(t, e.Node, "revoke", "token", second.refresh, "client_id", "stranger")
	post(t, e.Node, "revoke", "token", second.access, "client_id", "stranger")
	live("after a stranger's revocation", second)
	expect("revoke an access token", post(t, e.Node, "revoke", "token", first.access, "client_id", "replay", "token_type_hint", "refresh_token"), 200)
	ended("the access token", first)
	live("the other access token", second)
	expect("revoke by the used refresh token", post(t, e.Node, "revoke", "token", first.refresh, "client_id", "replay", "token_type_hint", "access_token"), 200)
	ended("by the used refresh token", second)
	expect("refresh then", refresh(t, e.Node, second.refresh), 400)
	expect("revoke again", post(t, e.Node, "revoke", "token", second.refresh, "client_id", "replay"), 200)

	// A refresh and a revocation at once: in the end nothing lives.
	first = login(t, e.Node, "replay", "eve")
	var made []granted
	atOnce(t, 10, func(i int) (granted, error) {
		if i == 5 {
			return tryPost(e.Node, "revoke", "token", first.refresh, "client_id", "replay")
		}
		g, err := tryPost(e.Node, "token", "grant_type", "refresh_token", "refresh_token", first.refresh)
		mu.Lock()
		defer mu.Unlock()
		made = append(made, g)
		return g, err
	})
	for _, g := range made {
		if g.status == 200 {
			ended("made while its session was ended", g)
			expect("refresh of it", refresh(t, e.Node, g.refresh), 400)
		}
	}

	time.Sleep(time.Until(begun.Add(11 * time.Second)))
	live("before the replay", lateNext)
	expect("the replay after eleven seconds", refresh(t, e.Node, late.refresh), 400)
	ended("the session", lateNext)
	expect("the next token", refresh(t, e.Node, lateNext.refresh), 400)
}
