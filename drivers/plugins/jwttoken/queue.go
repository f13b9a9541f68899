package jwttoken

import (
	"errors"
	"runtime"
	"sync"
	"time"
)

// How long a login waits for those before it, and how many may wait: more than are over in that time on two processors.
// Who knows a password could have it compared without end, and must not take all the room.
const (
	loginWait     = 30 * time.Second
	loginsQueued  = 500
	queuedPerUser = 100
)

// errBusy: other logins have not left time for this one.
var errBusy = errors.New("too many logins at once")

// loginQueue bounds the passwords that are compared at a time. Logins take their turns in the order they came.
type loginQueue struct {
	slots chan struct{} // one for each comparison under way
	wait  time.Duration

	mu      sync.Mutex
	waiting int
	users   map[string]int // those that wait, by user
}

// newLoginQueue leaves half of the processors to requests: a comparison takes one for tens of milliseconds.
func newLoginQueue() *loginQueue {
	return &loginQueue{slots: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)), wait: loginWait, users: make(map[string]int)}
}

// enter waits for a turn until the deadline. The error is errBusy; else leave must be called.
func (q *loginQueue) enter(user string, deadline time.Time) error {
	select {
	case q.slots <- struct{}{}:
		return nil
	default:
	}
	if !q.line(user, 1) {
		return errBusy
	}
	defer q.line(user, -1)
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case q.slots <- struct{}{}:
		return nil
	case <-timer.C:
		return errBusy
	}
}

// line adds a login to those that wait, or removes it; false if there is no room.
func (q *loginQueue) line(user string, n int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n > 0 && (q.waiting >= loginsQueued || q.users[user] >= queuedPerUser) {
		return false
	}
	q.waiting += n
	if q.users[user] += n; q.users[user] == 0 {
		delete(q.users, user)
	}
	return true
}

// leave ends a turn.
func (q *loginQueue) leave() { <-q.slots }
