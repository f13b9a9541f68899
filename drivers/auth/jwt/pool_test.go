package jwt

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/eolinker/eosc"
)

// brokenHashes panic while they are broken.
type brokenHashes struct {
	eosc.ICustomerVar
	broken atomic.Bool
}

func (h *brokenHashes) GetAll(string) (map[string]string, bool) {
	if h.broken.Load() {
		panic("the test's panic")
	}
	return map[string]string{"a": "0"}, true
}

// A panic in the goroutine that looks at the hashes does not end the process, and the next look is made.
func TestPanicWhileLooking(t *testing.T) {
	Register(nil)
	h := new(brokenHashes)
	h.broken.Store(true)
	r := &revocations{hashes: h}
	before := Faults().Total()
	ticks, done := make(chan time.Time), make(chan struct{})
	go func() { r.keepLooking(ticks); close(done) }()
	ticks <- time.Now()
	ticks <- time.Now() // the first look has ended
	h.broken.Store(false)
	ticks <- time.Now()
	close(ticks)
	<-done
	if Faults().Total() == before {
		t.Error("no fault is counted")
	}
	if l := r.listed.Load(); l == nil || !l.ended("a") {
		t.Error("nothing is looked at any more")
	}
}
