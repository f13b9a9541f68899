package main

import (
	"runtime"
	"strings"
	"testing"
	"time"

	gxtime "github.com/dubbogo/gost/time"
	"github.com/polarismesh/polaris-go/pkg/clock"
)

// TestIdleClock holds on either host that the clock is right, and on the edited one that no goroutine winds it.
func TestIdleClock(t *testing.T) {
	if behind := time.Since(clock.GetClock().Now()); behind < -time.Second || behind > time.Second {
		t.Errorf("the clock is %s behind", behind)
	}
	stacks := make([]byte, 1<<20)
	winds := strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), "pkg/clock.(*clockImpl).updateTime")
	if winds == onEditedHost() {
		t.Errorf("a goroutine winds the clock: %v", winds)
	}
}

// TestIdleTimerWheel holds on either host that a wheel without timers, which stands on the edited one, keeps the time of those that come
// after a while, in their order.
func TestIdleTimerWheel(t *testing.T) {
	const (
		idle      = 300 * time.Millisecond
		precision = 10 * time.Millisecond // of the wheel
	)
	wheel := gxtime.NewTimerWheel()
	defer wheel.Stop()
	time.Sleep(idle)
	if behind := time.Since(wheel.Now()); behind > idle/2 {
		t.Errorf("the wheel's clock is %s behind", behind)
	}
	begin := time.Now()
	fired := make(chan time.Duration, 3)
	after := []time.Duration{60 * time.Millisecond, 120 * time.Millisecond, 1500 * time.Millisecond}
	for _, d := range after {
		wheel.AfterFunc(d, func() { fired <- d })
	}
	for _, want := range after {
		select {
		case got := <-fired:
			if early := want - time.Since(begin); got != want || early > 2*precision {
				t.Errorf("the timer of %s fired, %s was due; %s early", got, want, early)
			}
		case <-time.After(time.Minute):
			t.Fatalf("the timer of %s never fires", want)
		}
	}
}
