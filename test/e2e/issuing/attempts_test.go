package issuing

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"apinto-jwt/test/e2e/gateway"
	"apinto-jwt/test/e2e/rig"
)

// Right and wrong passwords of one user, in all mixtures.
func TestIssuingAttempts(t *testing.T) {
	e, _ := acceptance(t)
	e.Add(t, houseApp("Attempts", "u0", "u1", "u2", "u3", "u9"))
	mustLogin(t, e.Node, "attempts", "bob")
	target := e.Node.URL + "/proxied/token"
	for i, tt := range []struct {
		before, wrong, right   int // one by one; at once
		bad, good, held, after int
	}{
		{9, 0, 12, 0, 12, 0, 200},
		{0, 9, 15, 9, 15, 0, 200},
		{10, 5, 5, 0, 0, 10, 429},
		{0, 40, 0, 10, 0, 30, 429},
	} {
		send := func(right bool) (granted, error) {
			password := "wrong"
			if right {
				password = rightPassword
			}
			return direct(target, passwordForm("ATTEMPTS", fmt.Sprint("u", i), password), fmt.Sprint("X-Forwarded-For: 198.51.100.", i))
		}
		for range tt.before {
			if g, err := send(false); err != nil || g.status != http.StatusBadRequest {
				t.Fatal(err, g.status)
			}
		}
		var mu sync.Mutex
		bad := map[int]int{}
		all := atOnce(t, tt.wrong+tt.right, func(j int) (granted, error) {
			right := j >= tt.wrong
			g, err := send(right)
			mu.Lock()
			defer mu.Unlock()
			if !right {
				bad[g.status]++
			}
			return g, err
		})
		if bad[400] != tt.bad || all[200] != tt.good || all[429] != tt.held {
			t.Errorf("%d wrong, then %d wrong and %d right at once: %v", tt.before, tt.wrong, tt.right, all)
		}
		if g, err := send(true); err != nil || g.status != tt.after || tt.after == http.StatusTooManyRequests && g.retryAfter == "" {
			t.Errorf("%d: a right one after that: %v %d, want %d", i, err, g.status, tt.after)
		}
	}
	// A flood of guesses beside one user's right passwords: no more than ten guesses are compared.
	flood := atOnce(t, 60, func(j int) (granted, error) {
		password := "wrong"
		if j%2 == 0 {
			password = rightPassword
		}
		return direct(target, passwordForm("attempts", "u9", password), "X-Forwarded-For: 198.51.100.9")
	})
	if flood[400] != 10 || flood[400]+flood[200]+flood[429] != 60 {
		t.Errorf("30 guesses and 30 right ones: %v", flood)
	}
}

// The bounds of sessions and logins hold for who logs in at once, too.
func TestIssuingBounds(t *testing.T) {
	e, _ := acceptance(t)
	e.Add(t, houseApp("Bounds"))
	few := gateway.Endpoint{Kind: "token", Name: "few", Location: "/few/token", Cache: "sessions", Config: map[string]any{"max_sessions": 3, "max_logins": 7}}
	if err := e.Node.Create(t.Context(), few); err != nil {
		t.Fatal(err)
	}
	mustLogin(t, e.Node, "bounds", "bob")
	rig.Within(t, rig.Settle, func() error {
		if p := send(t, "POST", e.Node.URL+"/few/token", ""); p.status != 400 {
			return fmt.Errorf("%d", p.status)
		}
		return nil
	})
	var mu sync.Mutex
	var made []granted
	got := atOnce(t, 12, func(int) (granted, error) {
		g, err := direct(e.Node.URL+"/few/token", passwordForm("bounds", "ann", rightPassword))
		mu.Lock()
		defer mu.Unlock()
		if g.status == 200 {
			made = append(made, g)
		}
		return g, err
	})
	if got[200] != 7 || got[429] != 5 {
		t.Errorf("twelve logins where seven may: %v", got)
	}
	living := 0
	for _, g := range made {
		if e.Send(t, e.Node, rig.Bearer(g.access)).Status == 200 {
			living++
			if next := refresh(t, e.Node, g.refresh); next.status != 200 {
				t.Errorf("a session that lives: %d %s", next.status, next.body)
			}
		} else if next := refresh(t, e.Node, g.refresh); next.status != 400 {
			t.Errorf("a session that has ended: %d %s", next.status, next.body)
		}
	}
	if living != 3 {
		t.Errorf("%d sessions live, want 3", living)
	}
	if p := sendBasic(t, e.Node.URL+"/few/token", "bounds|ann", "grant_type=client_credentials"); p.status != 429 || p.retryAfter == "" {
		t.Errorf("client_credentials beyond max_logins: %d %s", p.status, p.body)
	}
	if g := login(t, e.Node, "bounds", "bob"); g.status != 200 {
		t.Errorf("the neighbour: %d %s", g.status, g.body)
	}
}
