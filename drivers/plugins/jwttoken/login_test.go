package jwttoken

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// try returns a login with this password.
func (r *rig) try(app, user, password string, headers ...string) reply {
	r.t.Helper()
	return r.post("token", append([]string{"grant_type", "password", "client_id", app, "username", user, "password", password}, headers...)...)
}

// The limits are those that are documented.
func TestLimits(t *testing.T) {
	if failuresPerUser != 10 || failuresPerAddress != 100 || failurePeriod != 5*time.Minute || loginPeriod != time.Minute || defaultSessions != 100 || defaultLogins != 120 ||
		loginWait != 30*time.Second || loginsQueued != 500 || queuedPerUser != 100 {
		t.Error("docs/issuing.md says otherwise")
	}
}

// Ten failures of a user in five minutes, and no more; the right password does not help then, and other users are not
// concerned.
func TestGuessingOneUser(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		for _, user := range []string{"ann", "nobody"} { // whether there is such a user does not show
			for i := range failuresPerUser {
				if a := r.try([]string{"shop", "shop@app"}[i%2], user, "guess"); a.code() != "400 invalid_grant" {
					t.Fatalf("%s, attempt %d: %s", user, i+1, a.code())
				}
			}
			a := r.try("shop", user, secret)
			seconds, err := strconv.Atoi(a.headers["retry-after"])
			if a.status != 429 || err != nil || seconds < 1 || seconds > 300 {
				t.Fatalf("%s after %d failures: %s, Retry-After %q", user, failuresPerUser, a.code(), a.headers["retry-after"])
			}
		}
		if a := r.try("shop", "bob", secret); a.status != 200 {
			t.Errorf("another user: %s", a.code())
		}
	})
}

// What succeeds is not counted, and failures are forgotten after five minutes.
func TestGuessingIsForgotten(t *testing.T) {
	r := newRig(t)
	for range 3 {
		for range failuresPerUser - 1 {
			r.try("shop", "ann", "guess")
		}
		for range 5 {
			if a := r.try("shop", "ann", secret); a.status != 200 {
				t.Fatalf("%d failures are not too many: %s", failuresPerUser-1, a.code())
			}
		}
		r.ahead.Add(int64(failurePeriod))
	}
}

// A hundred failures of an address, whoever it says it is.
func TestGuessingFromOneAddress(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		for i := range failuresPerAddress {
			if a := r.try("shop", fmt.Sprintf("user-%d", i), "guess"); a.code() != "400 invalid_grant" {
				t.Fatalf("attempt %d: %s", i+1, a.code())
			}
		}
		if a := r.try("shop", "bob", secret); a.status != 429 {
			t.Errorf("after %d failures: %s", failuresPerAddress, a.code())
		}
	})
}

// Guesses at the same time are all counted before any of them is made.
func TestGuessingAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		made := 0
		for range 4 * failuresPerUser {
			wg.Add(1)
			go func() {
				defer wg.Done()
				if a := r.try("shop", "ann", "guess"); a.status == 400 {
					mu.Lock()
					defer mu.Unlock()
					made++
				}
			}()
		}
		wg.Wait()
		if made != failuresPerUser {
			t.Errorf("%d guesses were made", made)
		}
	})
}

// A user who is not there takes the work of one who is: the hash that is compared has the cost of the application's.
func TestDummyHasTheCost(t *testing.T) {
	var d dummies
	for cost, want := range map[int]int{4: 4, 5: 5, 0: bcrypt.DefaultCost} {
		hash := d.of(cost)
		if got, err := bcrypt.Cost(hash); err != nil || got != want {
			t.Errorf("cost %d: %d, %v", cost, got, err)
		}
		if string(d.of(cost)) != string(hash) {
			t.Error("it is made anew")
		}
	}
}

// Logins that wait too long for others are told to come again, and so are those for whom there is no room to wait; one
// user does not take all of it.
func TestLoginsWait(t *testing.T) {
	r := newRig(t)
	r.shared.queue.wait = time.Second
	for range cap(r.shared.queue.slots) {
		r.shared.queue.slots <- struct{}{}
	}
	start := time.Now()
	a := r.try("shop", "ann", secret)
	if a.status != 503 || a.headers["retry-after"] == "" || time.Since(start) < r.shared.queue.wait {
		t.Errorf("%s after %s", a.code(), time.Since(start))
	}
	start = time.Now()
	for what, users := range map[string]map[string]int{
		"full of one user": {owner("shop", "ann"): queuedPerUser},
		"full":             {"others": loginsQueued},
	} {
		r.shared.queue.users = users
		for _, n := range users {
			r.shared.queue.waiting = n
		}
		if a := r.try("shop", "ann", secret); a.status != 503 || a.headers["retry-after"] == "" || time.Since(start) > r.shared.queue.wait {
			t.Errorf("%s: %s after %s", what, a.code(), time.Since(start))
		}
	}
	<-r.shared.queue.slots
	r.shared.queue.users, r.shared.queue.waiting = make(map[string]int), 0
	if a := r.try("shop", "ann", secret); a.status != 200 {
		t.Errorf("when there is room: %s", a.code())
	}
	if r.shared.queue.waiting != 0 || len(r.shared.queue.users) != 0 {
		t.Errorf("%d wait when none does", r.shared.queue.waiting)
	}
}

// A login is the same work whether the user is there, has another password, or none: one comparison, with a hash of the
// same cost.
func TestLoginWork(t *testing.T) {
	r := newRig(t)
	hash, err := bcrypt.GenerateFromPassword([]byte(secret), 11)
	if err != nil {
		t.Fatal(err)
	}
	r.put("slow", "", annWith(string(hash))+`,{"pattern":{"username":"nina"}}`)
	var costs []int
	r.shared.matches = func(hash, password []byte) error {
		cost, err := bcrypt.Cost(hash)
		if err != nil {
			t.Error(err)
		}
		costs = append(costs, cost)
		return bcrypt.CompareHashAndPassword(hash, password)
	}
	for _, user := range []string{"ann", "nobody", "nina", "ann"} {
		if a := r.try("slow", user, "guess"); a.code() != "400 invalid_grant" {
			t.Fatalf("%s: %s", user, a.code())
		}
	}
	if !slices.Equal(costs, []int{11, 11, 11, 11}) {
		t.Errorf("hashes of the costs %v were compared, want one of 11 for each login", costs)
	}
}
