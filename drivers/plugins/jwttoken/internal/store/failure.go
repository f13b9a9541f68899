package store

import (
	"errors"
	"time"

	"github.com/eolinker/eosc/log"
)

// retryEvery is how long requests go on without the store after it has failed: a store that does not answer must not
// hold up every request.
const retryEvery = time.Second

// logEvery is how often a failing store is logged.
const logEvery = time.Minute

// RecordFailure logs that the store has failed. If it was too slow, Slow says so for as long as a call may take.
func (c *Cached) RecordFailure(err error) {
	if errors.Is(err, errSlow) {
		c.slowUntil.Store(time.Now().Add(callTimeout).UnixNano())
	}
	c.LogFailure(err)
}

// LogFailure logs that the store has failed, once a minute.
func (c *Cached) LogFailure(err error) {
	at, before := c.now().Unix(), c.logged.Load()
	if at-before >= int64(logEvery/time.Second) && c.logged.CompareAndSwap(before, at) {
		log.Errorf("[jwt] the store %s of the token endpoints fails: %s", c.name, err)
	}
}

// Slow reports whether the store has been too slow a moment ago: those in a queue must not each wait for it in turn.
func (c *Cached) Slow() bool { return time.Now().UnixNano() < c.slowUntil.Load() }

// failing reports whether the store has failed lately, and whether this request has to ask if it still does.
func (c *Cached) failing(now time.Time) (failing, retry bool) {
	retryAt := c.retryAt.Load()
	if retryAt == 0 {
		return false, false
	}
	at := now.UnixNano()
	return true, at >= retryAt && c.retryAt.CompareAndSwap(retryAt, at+int64(retryEvery))
}
