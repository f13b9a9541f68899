package jwttoken

import (
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	driver "apinto-jwt/drivers/auth/jwt"
	"apinto-jwt/drivers/plugins/jwttoken/internal/store"
)

// maxPassword is the longest password in bytes: bcrypt does not look beyond.
const maxPassword = 72

// askOpenAgain is how long a login waits before it asks again for the outcome of attempts that others make.
const askOpenAgain = 50 * time.Millisecond

// login checks a user's password. Both results are nil if it is wrong, or there is no such user, which takes the
// same work. Only failures count: if the limits leave no room but for attempts whose outcome is open, the login waits
// for that.
func (s *service) login(app, user, password, address string) (*driver.Account, *answer) {
	a := s.newAttempt(app, user, address)
	if refusal := a.blocked(); refusal != nil {
		return nil, refusal
	}
	for deadline := time.Now().Add(s.queue.wait); ; {
		account, said, refusal := s.attempt(a, deadline, app, user, password)
		if refusal != nil || said == store.Reserved {
			return account, refusal
		}
		if time.Until(deadline) <= askOpenAgain {
			return nil, busy()
		}
		time.Sleep(askOpenAgain)
	}
}

// attempt waits for its turn, counts the attempt and makes it, if that is possible now.
func (s *service) attempt(a attempt, deadline time.Time, app, user, password string) (*driver.Account, store.Standing, *answer) {
	if s.queue.enter(owner(app, user), deadline) != nil {
		return nil, store.Refused, busy()
	}
	defer s.queue.leave()
	if s.store.Slow() { // those behind must not each wait for it in turn
		a := unavailable("the store does not answer", retryLater)
		return nil, store.Refused, &a
	}
	said, refusal := a.reserve()
	if said != store.Reserved || refusal != nil {
		return nil, said, refusal
	}
	failed := true // also if it panics
	defer func() { a.settle(failed) }()
	account := s.compare(app, user, password)
	failed = account == nil
	return account, store.Reserved, nil
}

// busy returns the answer if other logins have not left time.
func busy() *answer {
	a := unavailable(errBusy.Error(), retryLater)
	return &a
}

// compare compares the password with the user's, or with one that nobody has.
func (s *service) compare(app, user, password string) *driver.Account {
	account, known, cost := s.accounts.Login(app, user)
	hash := s.dummies.of(cost)
	if known {
		hash = []byte(account.Password().Reveal())
	}
	// bcrypt repeats a short password, with a NUL behind it, and cuts a long one: others would count as the same.
	sound := len(password) <= maxPassword && !strings.Contains(password, "\x00")
	err := s.matches(hash, []byte(password[:min(len(password), maxPassword)]))
	if !known || !sound || err != nil || !account.Usable(s.now()) {
		return nil
	}
	return account
}

// dummies are hashes that no password has, one for each cost.
type dummies struct {
	mu     sync.Mutex
	hashes map[int][]byte
}

// of returns the hash of this cost. If there is no cost to be like, it has bcrypt's default.
func (d *dummies) of(cost int) []byte {
	if cost == 0 {
		cost = bcrypt.DefaultCost
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if hash, ok := d.hashes[cost]; ok {
		return hash
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(random(32)), cost)
	if err != nil { // the driver has checked the cost
		panic(err)
	}
	if d.hashes == nil {
		d.hashes = make(map[int][]byte)
	}
	d.hashes[cost] = hash
	return hash
}
