package jwttoken

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/eolinker/eosc/log"

	driver "apinto-jwt/drivers/auth/jwt"
)

// watch is a store with what this process knows of it. The driver asks it on each request with a token of a rule that
// issues.
type watch struct {
	store
	name  string
	now   func() time.Time
	allow atomic.Bool // on_store_failure

	// again is when the store is asked the next time on a request, in unix nanoseconds; 0 while it answers. A store that
	// does not answer must not hold up every request.
	again      atomic.Int64
	slow       atomic.Int64 // until when logins do not wait for a store that was too slow, in unix nanoseconds
	complained atomic.Int64 // when a failure was last logged, in unix seconds

	mu    sync.Mutex
	known *expiring[struct{}]  // families and tokens that have been ended, for as long as that matters
	spent *expiring[time.Time] // counters that refuse, until when
}

var _ driver.Revocations = (*watch)(nil)

// askAgain is how long requests go on without the store after it has failed.
const askAgain = time.Second

// maxKnown bounds what a process remembers of a store.
const maxKnown = 100_000

func newWatch(name string, s store, now func() time.Time) *watch {
	return &watch{store: s, name: name, now: now, known: newExpiring[struct{}](), spent: newExpiring[time.Time]()}
}

// complain writes that the store has failed into the log, once a minute.
func (w *watch) complain(err error) {
	at, before := w.now().Unix(), w.complained.Load()
	if at-before >= int64(complainEvery/time.Second) && w.complained.CompareAndSwap(before, at) {
		log.Errorf("[jwt] the store %s of the token endpoints fails: %s", w.name, err)
	}
}

// complainEvery is how often a failing store is told of.
const complainEvery = time.Minute

// Revoked tells whether the token or its family has been ended. While the store does not answer, it is what the process
// knows, or with on_store_failure "allow" nothing.
func (w *watch) Revoked(id string, expires time.Time) bool {
	now := w.now()
	failing, turn := w.failing(now)
	if failing && !turn {
		return !w.allow.Load() && w.knows(id, now)
	}
	if !failing && w.knows(id, now) {
		return true
	}
	ended, err := w.ended(id)
	if err != nil {
		w.again.Store(w.now().Add(askAgain).UnixNano())
		w.complain(err)
		return !w.allow.Load() && w.knows(id, now)
	}
	if failing {
		w.again.Store(0)
	}
	if ended {
		if expires.IsZero() {
			expires = now.Add(24 * time.Hour)
		}
		w.learn(id, expires.Add(mostLeeway))
	}
	return ended || w.knows(id, now)
}

// failing tells whether the store has failed lately, and whether it is this request's turn to ask whether it still does.
func (w *watch) failing(now time.Time) (failing, turn bool) {
	again := w.again.Load()
	if again == 0 {
		return false, false
	}
	at := now.UnixNano()
	return true, at >= again && w.again.CompareAndSwap(again, at+int64(askAgain))
}

// knows tells whether the process knows that the token or its family has been ended.
func (w *watch) knows(id string, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known.len() == 0 {
		return false
	}
	if i := strings.IndexByte(id, '.'); i >= 0 {
		if _, known := w.known.get(id[:i+1], now); known { // as wholeFamily, without a copy
			return true
		}
	}
	_, known := w.known.get(id, now)
	return known
}

// wholeFamily is what a family is known by, which is no token's ID.
func wholeFamily(family string) string { return family + "." }

// learn notes that a token, or a whole family, has been ended. If there is no room, what matters for the shortest time
// goes.
func (w *watch) learn(id string, until time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	for range expireAtOnce {
		w.known.expired(now)
	}
	if _, known := w.known.entries[id]; !known && w.known.len() >= maxKnown {
		if soonest, _ := w.known.next(); !soonest.Before(until) {
			return
		}
		w.known.dropSoonest()
	}
	w.known.put(id, struct{}{}, until)
}

// expireAtOnce is how many ended entries make room when one is added.
const expireAtOnce = 2

// learnUnless is learn of what the store has taken.
func (w *watch) learnUnless(err error, id string, until time.Time) {
	if err == nil {
		w.learn(id, until)
	}
}

// refuse notes that a counter refuses for so long.
func (w *watch) refuse(counter string, left time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	for range expireAtOnce {
		w.spent.expired(now)
	}
	if w.spent.len() >= maxKnown {
		w.spent.dropSoonest() // the store is asked again then
	}
	w.spent.put(counter, now.Add(left), now.Add(left))
}

// refuses tells how long a counter is known to refuse; 0 if it is not.
func (w *watch) refuses(counter string) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	until, known := w.spent.get(counter, now)
	if !known {
		return 0
	}
	return until.Sub(now)
}
