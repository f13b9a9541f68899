package jwttoken

import (
	"errors"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	driver "apinto-jwt/drivers/auth/jwt"
)

// How often a login may fail, in each period that begins with the first failure.
const (
	failurePeriod      = 5 * time.Minute
	failuresPerUser    = 10
	failuresPerAddress = 100
)

// loginWait is how long a login waits for others that are under way.
const loginWait = 2 * time.Second

// maxPassword is the longest password in bytes: bcrypt does not look beyond.
const maxPassword = 72

// loginsAtOnce is how many passwords are compared at a time: each takes a processor for tens of milliseconds, and
// requests must go on.
func loginsAtOnce() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// login checks a user's password. Both results are nil where it is wrong, or there is no such user, which takes the
// same work. An attempt is counted before it is made, and taken back when it succeeds, so that many at once do not pass
// the limit.
func (s *service) login(app, user, password, address string) (*driver.Account, *answer) {
	counters := []string{"address\x00" + address, "user\x00" + app + "\x00" + user}
	for i, limit := range []int{failuresPerAddress, failuresPerUser} {
		count, left, err := s.watch.take(counters[i], failurePeriod)
		if err != nil {
			a := s.storeFailed(err)
			return nil, &a
		}
		if count > limit {
			if i > 0 { // the attempt was not made
				_ = s.watch.giveBack(counters[0])
			}
			a := failed(http.StatusTooManyRequests, "temporarily_unavailable", "too many failed attempts").retry(left)
			return nil, &a
		}
	}
	account, err := s.compare(app, user, password)
	if err != nil || account != nil {
		for _, counter := range counters {
			_ = s.watch.giveBack(counter) // at worst it counts as a failure
		}
	}
	if err != nil {
		a := unavailable(err.Error(), time.Second)
		return nil, &a
	}
	return account, nil
}

// errBusy: other logins have not left time for this one.
var errBusy = errors.New("too many logins at once")

// compare compares the password with the user's, or with one that nobody has.
func (s *service) compare(app, user, password string) (*driver.Account, error) {
	timer := time.NewTimer(loginWait)
	defer timer.Stop()
	select {
	case s.logins <- struct{}{}:
		defer func() { <-s.logins }()
	case <-timer.C:
		return nil, errBusy
	}
	account, known := s.desk.Account(app, user)
	hash := s.dummies.of(s.desk.PasswordCost(app))
	if known {
		hash = []byte(account.Password().Reveal())
	}
	// bcrypt repeats a short password, with a NUL behind it, and cuts a long one: others would count as the same.
	sound := len(password) <= maxPassword && !strings.Contains(password, "\x00")
	err := s.matches(hash, []byte(password[:min(len(password), maxPassword)]))
	if !known || !sound || err != nil || !account.Usable(s.now()) {
		return nil, nil
	}
	return account, nil
}

// dummies are hashes that no password has, one for each cost.
type dummies struct {
	mu     sync.Mutex
	hashes map[int][]byte
}

// of is the hash of this cost; of bcrypt's default, where there is none to be like.
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
