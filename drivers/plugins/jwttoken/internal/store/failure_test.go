package store

import (
	"errors"
	"testing"
	"time"
)

// storeFake fails when it is told to, and counts.
type storeFake struct {
	Store
	err   error
	asked int
}

func (s *storeFake) Ended(id string) (bool, error) {
	s.asked++
	if s.err != nil {
		return false, s.err
	}
	return s.Store.Ended(id)
}

// While the store fails it is asked once a second; AllowOnFailure decides for what the process knows.
func TestCachedWhileTheStoreFails(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	clock := func() time.Time { return now }
	s := &storeFake{Store: newMemory(clock)}
	c := NewCached("test", s, clock)
	never := now.Add(time.Hour)
	if err := s.End("dead", time.Hour); err != nil {
		t.Fatal(err)
	}
	if !c.Revoked("dead.1", never) || c.Revoked("live.1", never) {
		t.Fatal("the store answers and is not heeded")
	}
	s.err, s.asked = errors.New("down"), 0
	for range 10 {
		if !c.Revoked("dead.1", never) || c.Revoked("live.1", never) || c.Revoked("dead.2", never) {
			t.Fatal("deny: what is known stays refused, and nothing else is")
		}
	}
	if s.asked != 1 {
		t.Errorf("the store that fails was asked %d times", s.asked)
	}
	c.AllowOnFailure(true)
	if c.Revoked("dead.1", never) {
		t.Error("allow: a token is refused")
	}
	now = now.Add(retryEvery)
	for range 2 { // the first asks the store
		if c.Revoked("dead.1", never) {
			t.Error("allow: a token is refused when the store is asked again")
		}
	}
	if s.asked != 2 {
		t.Errorf("after a second it was asked %d times in all", s.asked)
	}
	s.err = nil
	now = now.Add(retryEvery)
	if c.Revoked("live.1", never) || !c.Revoked("dead.1", never) || !c.Revoked("dead.2", never) {
		t.Error("the store answers again and is not heeded")
	}
}

// An error in the log once a minute, however often the store fails.
func TestLogsOnceAMinute(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	c := NewCached("test", nil, func() time.Time { return now })
	for _, step := range []struct {
		after time.Duration
		logs  bool
	}{{0, true}, {0, false}, {59 * time.Second, false}, {time.Second, true}, {time.Second, false}} {
		now = now.Add(step.after)
		before := c.logged.Load()
		c.LogFailure(errSlow)
		if logged := c.logged.Load() != before; logged != step.logs {
			t.Errorf("at %s: logged %v", now, logged)
		}
	}
}

// A store that was too slow is said to be for as long as a call may take, and one that fails otherwise is not.
func TestSlow(t *testing.T) {
	c := NewCached("test", nil, time.Now)
	for _, step := range []struct {
		err  error
		want bool
	}{{errNoStore, false}, {errSlow, true}} {
		c.RecordFailure(step.err)
		if got := c.Slow(); got != step.want {
			t.Errorf("%v: slow %v", step.err, got)
		}
	}
	time.Sleep(callTimeout)
	if c.Slow() {
		t.Error("it stays slow")
	}
}
