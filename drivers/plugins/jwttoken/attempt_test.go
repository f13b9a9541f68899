package jwttoken

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"apinto-jwt/jwttest/hostredis"
)

// tryAtOnce logs in at the same time, each time as the user and with the password of these; the answers by their code.
func (r *rig) tryAtOnce(n int, of func(i int) (user, password string)) map[string]int {
	r.t.Helper()
	var wg sync.WaitGroup
	var mu sync.Mutex
	codes := make(map[string]int)
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			user, password := of(i)
			code := r.try("shop", user, password).code()
			mu.Lock()
			defer mu.Unlock()
			codes[code]++
		}()
	}
	wg.Wait()
	return codes
}

// slowly makes comparisons take as long as some do, so that many are under way.
func (r *rig) slowly(each time.Duration) {
	quick := r.shared.matches
	r.shared.matches = func(hash, password []byte) error {
		time.Sleep(each)
		return quick(hash, password)
	}
}

// Right passwords are never too many: not a user's, not an address's, and not those of one who has failed before.
func TestRightPasswordsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		users := make([]string, failuresPerAddress+failuresPerAddress/2)
		for i := range users {
			users[i] = fmt.Sprintf("user-%d", i)
		}
		r.app("shop", `{}`, append(users, "ann")...)
		r.slowly(5 * time.Millisecond)
		ann := func(int) (string, string) { return "ann", secret }
		if got := r.tryAtOnce(2*failuresPerUser, ann); got["200"] != 2*failuresPerUser {
			t.Errorf("one user: %v", got)
		}
		if got := r.tryAtOnce(len(users), func(i int) (string, string) { return users[i], secret }); got["200"] != len(users) {
			t.Errorf("%d users: %v", len(users), got)
		}
		for range failuresPerUser - 1 {
			r.try("shop", "ann", "guess")
		}
		if got := r.tryAtOnce(2*failuresPerUser, ann); got["200"] != 2*failuresPerUser {
			t.Errorf("one user, one failure before the last: %v", got)
		}
	})
}

// With one attempt left and another under way, a login waits for the outcome of that: at another node too.
func TestAttemptsWaitForOthers(t *testing.T) {
	for _, tt := range []struct{ first, second string }{{secret, "200"}, {"guess", "429 temporarily_unavailable"}} {
		one, two := newRig(t), newRig(t)
		server := one.overRedis()
		two.cache, two.shared.workers = one.cache, outputs{one.cache: hostredis.Output(t, server.Addr)}
		for range failuresPerUser - 1 {
			one.try("shop", "ann", "guess")
		}
		begun, end := make(chan struct{}), make(chan struct{})
		one.shared.matches = func(hash, password []byte) error {
			close(begun)
			<-end
			return compared(hash, password)
		}
		var wg sync.WaitGroup
		wg.Add(2)
		go func() {
			defer wg.Done()
			one.try("shop", "ann", tt.first)
		}()
		<-begun
		go func() {
			defer wg.Done()
			if a := two.try("shop", "ann", secret); a.code() != tt.second {
				t.Errorf("after %q: %s, want %s", tt.first, a.code(), tt.second)
			}
		}()
		time.Sleep(200 * time.Millisecond)
		close(end)
		wg.Wait()
	}
}

// Two nodes that share a Redis count together, also what is guessed at the same time.
func TestGuessingAtTwoNodes(t *testing.T) {
	one, two := newRig(t), newRig(t)
	server := one.overRedis()
	two.cache, two.shared.workers = one.cache, outputs{one.cache: hostredis.Output(t, server.Addr)}
	var made atomic.Int64
	var wg sync.WaitGroup
	for _, r := range []*rig{one, two} {
		r.shared.matches = func(hash, password []byte) error {
			made.Add(1)
			return compared(hash, password)
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			r.tryAtOnce(3*failuresPerUser, func(int) (string, string) { return "ann", "guess" })
		}()
	}
	wg.Wait()
	if made.Load() != failuresPerUser {
		t.Errorf("%d guesses were made", made.Load())
	}
}

// A name in another case is the same application's, and no further guesses.
func TestGuessingInAnotherCase(t *testing.T) {
	r := newRig(t)
	for i := range failuresPerUser {
		r.try([]string{"shop", "SHOP", "Shop@APP"}[i%3], "ann", "guess")
	}
	if a := r.try("shop", "ann", secret); a.status != 429 {
		t.Errorf("got %s", a.code())
	}
}

// A user gets tokens so many times in a minute, and no more.
func TestLoginsPerMinute(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		r.more.MaxLogins = 3
		for i := range 3 {
			if a := r.post("token", "grant_type", "client_credentials", "Authorization", basic("shop|ann", secret)); i < 2 && a.status != 200 {
				t.Fatal(a.body)
			}
		}
		for _, pairs := range [][]string{
			{"grant_type", "password", "client_id", "shop", "username", "ann", "password", secret},
			{"grant_type", "password", "client_id", "shop", "username", "ann", "password", "guess"},
			{"grant_type", "client_credentials", "Authorization", basic("SHOP|ann", secret)},
		} {
			if a := r.post("token", pairs...); a.status != 429 || a.headers["retry-after"] == "" {
				t.Errorf("%v: %s", pairs[1], a.code())
			}
		}
		if a := r.post("introspect", "token", "x", "Authorization", basic("shop|ann", secret)); a.status != 200 {
			t.Errorf("introspection is counted: %s", a.code())
		}
		if a := r.try("shop", "bob", secret); a.status != 200 {
			t.Errorf("another user: %s", a.code())
		}
	})
}
