package binding

import (
	"io"
	"testing"

	"apinto-jwt/bench/timing"
)

func TestRun(t *testing.T) {
	outcome := Run(Options{Options: timing.Options{Rounds: 1}, Few: 10, Many: 100, CacheBytes: 1 << 20, Progress: io.Discard})
	for _, table := range outcome.Tables {
		t.Log("\n" + table.String())
	}
	for _, f := range outcome.Figures {
		if !(f.Got > 0) {
			t.Errorf("%s: %v", f.What, f.Got)
		}
	}
}
