package remote

import "time"

// Clock is the time that schedules are made by. Timeouts of connections and the waiting of Source.Refresh are real
// time's.
type Clock interface {
	Now() time.Time
	// Timer sends on c once after d, unless it was stopped before.
	Timer(d time.Duration) (c <-chan time.Time, stop func())
}

// systemClock is real time.
type systemClock struct{}

// Now returns the present time.
func (systemClock) Now() time.Time { return time.Now() }

// Timer returns a time.Timer.
func (systemClock) Timer(d time.Duration) (c <-chan time.Time, stop func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}
