package inprocess

import (
	"io"
	"testing"
	"time"

	"apinto-jwt/bench/timing"
)

// The whole of it, too short to mean anything: every contender must still answer rightly, or it panics.
func TestRun(t *testing.T) {
	outcome := Run(Options{
		Options: timing.Options{Rounds: 1, Slice: time.Microsecond}, Rules: []int{1, 10}, Supply: 100, Progress: io.Discard,
	})
	if len(outcome.Tables) != 8 || len(outcome.Bars) == 0 {
		t.Errorf("%d tables, %d bars", len(outcome.Tables), len(outcome.Bars))
	}
	for _, f := range outcome.Figures {
		if !f.Measured() { // a contender is missing
			t.Errorf("%s was not measured", f.What)
		}
	}
}
